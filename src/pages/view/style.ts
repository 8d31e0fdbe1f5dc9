/**
 * How pages look, light and dark, narrow and wide.
 *
 * @module
 */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2024, #e8eaed);
  --quiet: light-dark(#5a6270, #a3abb8);
  --ground: light-dark(#ffffff, #14171c);
  --raised: light-dark(#f4f6f8, #1d2128);
  --line: light-dark(#c9d0d8, #3a414c);
  --accent: light-dark(#1f5fbf, #8ab4f8);
  --on-accent: light-dark(#ffffff, #10151c);
  --good: light-dark(#e3f4e6, #173322);
  --bad: light-dark(#fde8e6, #43201d);
  --changed: light-dark(#fff3d1, #3d3316);
  --filter: light-dark(#9cc3ff, #2a5a9c);
  --sdk: light-dark(#c9e7c5, #2f5f3a);
  --library: light-dark(#f3d8a8, #6b5324);
  --other: light-dark(#d9d5e6, #4a4560);
  font: 16px/1.5 system-ui, sans-serif;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; color: var(--text); background: var(--ground); }
a { color: var(--accent); }
h1 { font-size: 1.15rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
h3 { font-size: .95rem; margin: 1rem 0 .4rem; }
p { margin: .3rem 0; }
code, pre, textarea, input, .tile { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85rem; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .6rem; margin: .5rem 0;
  overflow: auto; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: .5rem; top: .5rem; background: var(--ground); padding: .5rem; z-index: 9; }
header.top { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .6rem 1rem;
  border-bottom: 1px solid var(--line); background: var(--raised); }
header.top nav { display: flex; gap: 1rem; flex-wrap: wrap; }
header.top .grow { flex: 1; }
main.two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; padding: 1rem; }
main.one { padding: 1rem; max-width: 70rem; margin: auto; }
button, select, input, textarea { color: inherit; background: var(--ground); border: 1px solid var(--line);
  border-radius: 6px; padding: .4rem .6rem; max-width: 100%; }
button, select, input { min-height: 2.4rem; }
button, select { font: inherit; cursor: pointer; }
button.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
button[aria-busy] { opacity: .65; }
input, textarea { width: 100%; }
textarea { resize: vertical; display: block; }
.field { display: block; margin: .4rem 0; }
.field > span { display: block; font-size: .85rem; color: var(--quiet); }
.line { display: grid; grid-template-columns: auto 1fr auto; gap: .6rem; align-items: end; }
.line .field { margin: 0; }
.line button { margin: 0; }
details { margin: .5rem 0; }
summary { cursor: pointer; padding: .2rem 0; color: var(--accent); }
.tabs { display: flex; flex-wrap: wrap; gap: .1rem; border-bottom: 1px solid var(--line); margin-top: .6rem; }
.tabs button { border: 0; border-radius: 6px 6px 0 0; background: none; padding: .4rem .7rem; }
.tabs button[aria-selected="true"] { border-bottom: 3px solid var(--accent); font-weight: 600; }
.tabs small { background: var(--raised); border-radius: 9px; padding: 0 .35rem; }
.panel { padding: .6rem 0; min-height: 12rem; }
.quiet { color: var(--quiet); }
.summary { border-radius: 6px; padding: .5rem .8rem; background: var(--raised); overflow-wrap: anywhere; white-space: pre-line; }
.summary.good { background: var(--good); }
.summary.bad, p.bad:not(:empty) { background: var(--bad); border-radius: 6px; padding: .5rem .8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; min-width: 4.5rem; }
td ul { margin: 0; padding-left: 1rem; }
tr.added td { background: var(--good); }
tr.removed td { background: var(--bad); }
tr.changed td { background: var(--changed); }
ul.names { columns: 18rem; padding-left: 1.1rem; margin: 0; }
ul.names code { overflow-wrap: anywhere; }
li.error strong { color: light-dark(#b3261e, #ff9a90); }
li.warning strong { color: light-dark(#8a5a00, #ffcc66); }
ol.timeline { list-style: none; padding: 0; margin: 0; font-size: .85rem; }
ol.timeline li { position: relative; display: grid; grid-template-columns: 1.2rem minmax(0, 1fr) auto; gap: .3rem;
  padding: .2rem .3rem .35rem calc(.3rem + var(--depth) * .9rem); border-bottom: 1px solid var(--line); }
ol.timeline .what { overflow-wrap: anywhere; }
ol.timeline .cost { color: var(--quiet); text-align: right; }
ol.timeline .bar { position: absolute; bottom: 0; height: 3px; background: var(--accent); }
ol.timeline li.refusal { background: var(--bad); }
ol.timeline li.log { background: var(--raised); }
figure { margin: 0; }
.treemap { position: relative; width: 100%; aspect-ratio: 2 / 1; border-radius: 6px; overflow: hidden; background: var(--line); }
.tile { background: var(--other); }
.tile.filter { background: var(--filter); }
.tile.sdk { background: var(--sdk); }
.tile.library { background: var(--library); }
.treemap .tile { position: absolute; border: 1px solid var(--ground); overflow: hidden; padding: 0 .2rem; font-size: .7rem;
  white-space: nowrap; text-overflow: ellipsis; }
.key { margin-right: 1rem; font-size: .85rem; }
.key i { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; border: 1px solid var(--line); }
.editor { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.cm-editor { max-height: 70vh; min-height: 20rem; font-size: .85rem; }
.bar-of-actions select { max-width: min(13rem, 60vw); }
.file { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .6rem; cursor: pointer; min-height: 2.4rem; }
.file input { position: absolute; opacity: 0; width: 1px; height: 1px; min-height: 0; padding: 0; }
.file:focus-within { outline: 2px solid var(--accent); }
button.link { border: 0; background: none; color: var(--accent); text-decoration: underline; min-height: 0; padding: 0 .4rem; }
#messages .names { columns: auto; }
.bar-of-actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: .6rem 0; align-items: center; }
.docs > nav { max-width: 52rem; margin: 0 auto; padding: .5rem 1rem 0; }
.docs > nav ul { columns: 16rem; }
article { max-width: 52rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
article h1 { font-size: 1.7rem; margin: .5rem 0 1rem; }
article h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; }
article pre { white-space: pre; max-height: none; }
article table { display: block; overflow-x: auto; }
article img { max-width: 100%; background: #fff; }
.tok-keyword { color: light-dark(#8a2be2, #c792ea); }
.tok-string, .tok-string2 { color: light-dark(#1b6e2d, #a5d6a7); }
.tok-comment { color: var(--quiet); }
.tok-number, .tok-bool { color: light-dark(#a8420a, #f5a97f); }
.tok-typeName, .tok-className { color: light-dark(#0b6e8a, #80cbc4); }
.tok-definition { color: light-dark(#1f4fa0, #82aaff); }
@media (max-width: 800px) {
  main.two { grid-template-columns: minmax(0, 1fr); padding: .6rem; }
  .cm-editor { max-height: 55vh; min-height: 14rem; }
  .line { grid-template-columns: auto 1fr; }
  .line button { grid-column: 1 / -1; }
  ol.timeline li { grid-template-columns: 1.2rem minmax(0, 1fr); }
  ol.timeline .cost { grid-column: 2; text-align: left; }
}
`;
