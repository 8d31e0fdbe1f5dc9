/** Regular expressions. */
import type { Construct } from "../constructs.js";

export const regexes: readonly Construct[] = [
  {
    group: "regular expressions",
    name: "test",
    body: 'const out = /^\\/api\\//.test("/api/x") ? "yes" : "no";',
  },
  {
    group: "regular expressions",
    name: "test, ignoring case",
    body: 'const out = "" + /^bearer\\s+/i.test("Bearer x") + /\\d{3}/.test("12");',
  },
  {
    group: "regular expressions",
    name: "match",
    body: 'const m = "v12".match(/v(\\d+)/); const out = m ? m[0] + m[1] + m.index : "none";',
  },
  {
    group: "regular expressions",
    name: "match, null",
    body: 'const m = "x".match(/v(\\d+)/); const out = m === null ? "null" : m[1];',
  },
  {
    group: "regular expressions",
    name: "match with g",
    body: 'const m = "a1b22".match(/\\d+/g); const out = m ? m.join("+") + m.length : "none";',
  },
  {
    group: "regular expressions",
    name: "match asked",
    body: 'const out = "k=v".match(/(\\w)=(\\w)/)?.[2] ?? "none";',
  },
  {
    group: "regular expressions",
    name: "a group that took no part",
    body: `const m = "b".match(/(a)|(b)/)!; const out = (m[1] ?? "none") + (m[2] ?? "none");`,
  },
  {
    group: "regular expressions",
    name: "named groups",
    body: 'const m = /(?<id>\\d+)-(?<n>\\w+)/.exec("x 12-ab"); const out = m ? m.groups!.id + m.groups!["n"] : "none";',
  },
  {
    group: "regular expressions",
    name: "replace",
    body: 'const out = "a1b2".replace(/\\d/g, "#") + "a1b2".replace(/\\d/, "#");',
  },
  {
    group: "regular expressions",
    name: "replace with groups",
    body: 'const out = "john smith".replace(/(\\w+) (\\w+)/, "$2, $1 [$&] $$");',
  },
  {
    group: "regular expressions",
    name: "replace by a function",
    body: 'const n = "!"; const out = "a1b2".replace(/\\d/g, (d) => "<" + d + n + ">");',
  },
  {
    group: "regular expressions",
    name: "replaceAll",
    body: 'const out = "a.b.c".replaceAll(/\\./g, "-") + "a.b".replaceAll(".", "+");',
  },
  {
    group: "regular expressions",
    name: "split",
    body: 'const out = "a, b;c".split(/[,;]\\s*/).join("|") + "".split(/,/).length + "abc".split(/(?:)/).join(".");',
  },
  {
    group: "regular expressions",
    name: "split with groups",
    body: 'const out = "a1b2c".split(/(\\d)/).join("|") + "a1b2c".split(/\\d/, 2).join("|");',
  },
  {
    group: "regular expressions",
    name: "search",
    body: `const out = "" + "abc".search(/c/) + "abc".search(/x/);`,
  },
  {
    group: "regular expressions",
    name: "exec in a loop",
    body: 'const re = /(\\w)=(\\d)/g; let out = ""; let m: RegExpExecArray | null; while ((m = re.exec("a=1&b=2")) !== null) out += m[1] + m[2] + re.lastIndex + ";";',
  },
  {
    group: "regular expressions",
    name: "test with g goes on",
    body: `const re = /a/g; const out = "" + re.test("aa") + re.test("aa") + re.test("aa");`,
  },
  {
    group: "regular expressions",
    name: "matchAll",
    body: 'let out = ""; for (const m of "a=1&b=2".matchAll(/(\\w)=(\\d)/g)) out += m[1] + m[2] + m.index;',
  },
  {
    group: "regular expressions",
    name: "at module scope",
    body: `const out = ID.test("x-12") + (ID.exec("x-12")?.[1] ?? "");`,
    declarations: "const ID = /x-(\\d+)/;",
  },
  {
    group: "regular expressions",
    name: "as a field and parameter",
    body: `const out = "" + new R().ok("ab") + is(/b$/, "ab");`,
    declarations: `class R { re: RegExp = /^a/; ok(s: string): boolean { return this.re.test(s); } } function is(re: RegExp, s: string): boolean { return re.test(s); }`,
  },
  {
    group: "regular expressions",
    name: "destructured",
    body: 'const [, k, v] = "a=b".match(/(\\w)=(\\w)/)!; const out = k + v;',
  },
  {
    group: "regular expressions",
    name: "new RegExp of a text",
    body: `const re = new RegExp("a+", "i"); const out = re.test("xAA") ? "yes" : "no";`,
  },
  {
    group: "regular expressions",
    name: "dots, spaces and line ends",
    body: 'const out = "" + /a.b/.test("a\\nb") + /a.b/s.test("a\\nb") + /^\\s+$/.test(" \\t\\u00a0") + /[\\s\\S]/.test("\\n") + /^b$/m.test("a\\nb\\nc");',
  },
  {
    group: "regular expressions",
    name: "classes",
    body: 'const out = "" + /[^\\w.-]/.test("a.b-c") + /[\\]\\[]/.test("]") + /[a-z\\d]+/.exec("--a1--")![0];',
  },
  {
    group: "regular expressions",
    name: "lazy and counted",
    body: `const out = /<(.+?)>/.exec("<a><b>")![1] + /a{2,3}/.exec("aaaa")![0];`,
  },
  {
    group: "regular expressions",
    name: "source and flags",
    body: "const re = /a\\/b/gi; const out = re.source + re.flags + re.global + re;",
  },
  {
    group: "regular expressions",
    name: "match of a parameter",
    body: `const out = f("id=5");`,
    declarations:
      'function f(s: string): string { const m = s.match(/id=(\\d+)/); if (!m) return "none"; return m[1]; }',
  },
  {
    group: "regular expressions",
    name: "own methods of the same names",
    body: `const out = new E().match(/a/) + new E().split("x");`,
    declarations: `class E { match(re: RegExp): string { return "own" + re.source; } split(s: string): string { return s + s; } }`,
  },
];
