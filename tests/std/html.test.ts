/** std/html against parse5: where tags are, and what browsers make of what it has changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DefaultTreeAdapterTypes as Tree, Token } from "parse5";
import { Parser, defaultTreeAdapter, parse, serialize } from "parse5";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("html");
const sizes = [1, 2, 3, 7, 1000];

/** The start tags that parse5's parser sees, as the module notes them: values as they are written. */
function tagsOf(html: string): string {
  const tags: string[] = [];
  class Noting extends Parser<Tree.DefaultTreeAdapterMap> {
    override onStartTag(token: Token.TagToken): void {
      const { location, tagName, attrs } = token;
      let tag = tagName;
      for (const name of ["a", "b", "href"]) {
        if (!attrs.some((each) => each.name === name)) continue;
        const at = (
          location as unknown as { attrs: Record<string, { startOffset: number; endOffset: number }> }
        ).attrs[name]!;
        const text = html.slice(at.startOffset, at.endOffset);
        const value = /^[^=]+[\t\n\f\r ]*=[\t\n\f\r ]*([^]*)$/.exec(text)?.[1] ?? "";
        tag += ` ${name}=${/^(["'])[^]*\1$/.test(value) ? value.slice(1, -1) : value}`;
      }
      if (location !== null) tags.push(tag);
      super.onStartTag(token);
    }
  }
  Noting.parse(html, { sourceCodeLocationInfo: true, treeAdapter: defaultTreeAdapter });
  return tags.join("\n");
}

const pieces = [
  "<p>",
  "</p>",
  "<P A=1 b='x\">y' a=2>",
  "<a href=/x?a&amp;b>",
  '<a  href = "a>b" / b>',
  "</a\n>",
  "<br/>",
  "<x/y/=z>",
  "<a href=''b=\"1\"a=/>",
  "< p>",
  "</ p>",
  "</>",
  "<!>",
  "<!->",
  "<!-->",
  "<!--->",
  "<!-- a -- b --!> -->",
  "<!-- <p> -->",
  "<!--!>-->",
  "<?xml <p>?>",
  "<!doctype html>",
  "<![CDATA[<p>]]>",
  "a < b",
  "&lt;",
  "\n",
  " ",
  "text",
  "=",
  '"',
  "'",
  ">",
  "--",
  "!",
  "/",
  "<script>",
  "</script>",
  "<!--",
  "-->",
  "</scr",
  "</script x>",
  "<script ",
  "var a = '<p>';",
  "<title>",
  "</title>",
  "</TITLE >",
  "<textarea>",
  "</textarea>",
  "<style>",
  "</style>",
  "<xmp>",
  "</xmp>",
  "<iframe>",
  "</iframe>",
  "<noscript>",
  "</noscript>",
  "<b",
  "<!-",
  "<i a",
  "<i a=",
  "<i a='",
  "<div>",
  "</div>",
  "<li>",
  "<ul>",
  "</ul>",
];
const foreign = [
  "<svg>",
  "</svg>",
  "<math>",
  "</math>",
  "<title>",
  "</title>",
  "<foreignObject>",
  "</foreignObject>",
  "<style>",
  "</style>",
  "<g/>",
  "<script>",
  "</script>",
  "<![CDATA[ <p> ]]>",
  "<div>",
  "</div>",
  "<mi>",
  "</mi>",
  "a<b",
  "<p>",
  "</p>",
  "<svg/>",
  "<desc>",
  "</desc>",
  "<font>",
  "<font color=a>",
  "<span>",
  "</span>",
];

const random = new Random(1);
const of = (from: readonly string[], most: number): string =>
  Array.from({ length: 1 + random.below(most) }, () => random.pick(from)).join("");

test("start tags and their attributes are those that parse5 sees, over borders of chunks; all bytes pass", () => {
  for (let i = 0; i < rounds(1500); i++) {
    const html = of(pieces, 14);
    const expected = tagsOf(html);
    const size = random.pick(sizes);
    assert.equal(module.text("tagsOf", Buffer.from(html), size), expected, JSON.stringify([html, size]));
  }
});

test("the same in SVG and MathML, and in HTML within them", () => {
  for (let i = 0; i < rounds(1500); i++) {
    const html = `<body>${of(foreign, 9)}`;
    const expected = tagsOf(html).toLowerCase();
    const size = random.pick(sizes);
    assert.equal(module.text("tagsOf", Buffer.from(html), size), expected, JSON.stringify([html, size]));
  }
});

test("the same for random characters", () => {
  const letters = "<>/!-=\"' \nascriptscript<!--</";
  for (let i = 0; i < rounds(1500); i++) {
    let html = random.pick([
      "",
      "<script>",
      "<script><!--",
      "<script><!--<script>",
      "<title>",
      "<a ",
      "<!--",
    ]);
    for (let n = random.below(40); n > 0; n--) html += letters[random.below(letters.length)];
    const size = random.pick(sizes);
    assert.equal(module.text("tagsOf", Buffer.from(html), size), tagsOf(html), JSON.stringify([html, size]));
  }
});

/** Where parse5 finds the four comments: in which element, at which end. */
function placesOf(html: string): string[] {
  const found: string[] = [];
  const walk = (node: Tree.ParentNode): void => {
    const name = "tagName" in node ? node.tagName : "#";
    const seen = node.childNodes.filter(
      (child) => !(child.nodeName === "#text" && /^\s*$/.test((child as Tree.TextNode).value)),
    );
    for (const [i, child] of seen.entries()) {
      if (child.nodeName === "#comment") {
        const { data } = child as Tree.CommentNode;
        const isEdge = data.startsWith("/") ? i === seen.length - 1 : i === 0;
        found.push(`${data} ${name} ${isEdge}`);
      } else if ("childNodes" in child) walk(child);
    }
  };
  walk(parse(html));
  return found;
}

test("what is put at the edges of head and body is there in browsers, whatever tags the document has", () => {
  const starts = ["", "<!doctype html>", "<!doctype html>\n<html>\n", "<html>"];
  const heads = [
    "",
    "<head>",
    "<head></head>",
    "<head><title>a</title></head>",
    "<title>a<body></title>",
    "<meta><link>",
    "<script>'<body>'</script>",
    "<head><meta>",
    "<head>\n<style>a</style>\n</head>\n",
    "<template><p>x</p></template>",
  ];
  const bodies = [
    "",
    "<body>",
    "<body a>text",
    "text",
    "<p>x</p>",
    "</p>",
    "<body><div>x</body>",
    "<body>x</body></html>",
    "<svg><title>a</title></svg>",
    "x</html>",
    "</body>",
  ];
  for (const start of starts)
    for (const head of heads)
      for (const body of bodies) {
        const html = start + head + body;
        for (const size of [1, 1000]) {
          const edited = module.bytes("edges", Buffer.from(html), size)!.toString();
          assert.equal(edited.replace(/<!--\/?[HB]-->/g, ""), html);
          // Comments in the place of elements that have no tags stand beside them; so elements are put there.
          const text = edited.replace(/<!--(\/?)([HB])-->/g, (_, end, which) =>
            which === "H" ? `<link id=${end}H>` : `<i id=${end}B></i>`,
          );
          const tree = parse(text);
          const at = (name: string): Tree.Element =>
            (tree.childNodes.find((node) => node.nodeName === "html") as Tree.Element).childNodes.find(
              (node) => node.nodeName === name,
            ) as Tree.Element;
          const ids = (element: Tree.Element): string[] =>
            element.childNodes
              .filter((node) => !/^\s*$/.test((node as Tree.TextNode).value ?? "x"))
              .map((node) => (node as Tree.Element).attrs?.find(({ name }) => name === "id")?.value ?? "-");
          const inHead = ids(at("head"));
          assert.deepEqual([inHead[0], inHead.at(-1)], ["H", "/H"], `${html}: ${text}`);
          assert.equal(ids(at("body"))[0], "B", `${html}: ${text}`);
          assert.equal(serialize(at("body")).match(/id="\/B"/g)?.length, 1, `${html}: ${text}`);
        }
      }
  assert.equal(placesOf("<head><!--H--></head>")[0], "H head true");
});

test("elements are changed, begun, ended and removed where their tags are", () => {
  const edit = (html: string): string => {
    const all = sizes.map((size) => module.bytes("edit", Buffer.from(html), size)!.toString());
    for (const each of all) assert.equal(each, all[0]);
    return all[0]!;
  };
  for (const [html, expected] of [
    ["a<b do=put>x<i>y</i></b>c", "a(b<b do=put>(px<i>y</i>l)</b>a)c"],
    ["<br do=put>x", "(b<br do=put>a)x"],
    ["<ul><li do=put>1<li>2</ul>3", "<ul>(b<li do=put>(p1l)a)<li>2</ul>3"],
    ["<div><p do=put>1</div>2", "<div>(b<p do=put>(p1l)a)</div>2"],
    ["<p do=put>1", "(b<p do=put>(p1l)a)"],
    ["a<b do=remove>x<b>y</b>z</b>c", "ac"],
    ["a<script do=remove>'</b>' <!--<script></script>--></script>c", "ac"],
    ["a<img do=remove src=x>c", "ac"],
    ["a<b do=remove>x", "a"],
    ["a<p do=remove>x<div>y</div>", "a<div>y</div>"],
    ["<a do=set>x</a>", '<a x="a&quot;<b>" do=set>x</a>'],
    ["<a do=href href='1' b>", '<a do=href href="#" b>'],
    ["<a do=href href='1'b>", '<a do=href href="#" b>'],
    ["<a href do=href>", '<a href="#" do=href>'],
    ["<a/href=1 do=href />", '<a/href="#" do=href />'],
    ["<a href=1 HREF='2' do=drop>", "<a   do=drop>"],
  ])
    assert.equal(edit(html!), expected, html);
});

test("removed elements are gone in browsers, too", () => {
  const parts = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<iframe src=x>",
    "</iframe>",
    "a",
    "<!-- <iframe> -->",
    "<b>",
    "</b>",
    "<iframe",
    " >",
    "<script>'<iframe>'</script>",
    "<title>",
    "</title>",
  ];
  for (let i = 0; i < rounds(500); i++) {
    const html = of(parts, 12);
    const edited = module.bytes("remove", "iframe", Buffer.from(html), random.pick(sizes))!.toString();
    assert.doesNotMatch(tagsOf(edited), /^iframe( |$)/m, JSON.stringify([html, edited]));
  }
});

test("attributes are replaced in the tags they belong to, and nowhere else", () => {
  const html = "<p>foo.com<a href=https://foo.com>x</a><img href=foo.com><script>'<a href=foo.com>'</script>";
  for (const size of sizes)
    assert.equal(
      module.bytes("links", Buffer.from(html), size)!.toString(),
      html.replace("<a href=https://foo.com>", '<a href="https://bar.com">'),
    );
});

test("escaped text is text", () => {
  const text = `a<b> & "c" 'd' &amp;`;
  const escaped = module.text("escapeHtml", text)!;
  const element = (parse(`<body a="${escaped}" b='${escaped}'>${escaped}`).childNodes[0] as Tree.Element)
    .childNodes[1] as Tree.Element;
  assert.deepEqual(
    [(element.childNodes[0] as Tree.TextNode).value, ...element.attrs.map(({ value }) => value)],
    [text, text, text],
  );
});

test("editing takes time linear in the document, and bounded memory, whatever it is", async () => {
  const judge = await linearJudge("html");
  const shapes = [
    "<p>",
    "<",
    "<a b=c ",
    "<!--",
    "</p>",
    "<b><i>",
    "a b ",
    "<svg>",
    "<script><!--<script>",
    "<a href=foo.com>",
    "<ul><li>",
  ];
  for (const shape of shapes)
    judge((it, size) => it.bytes("links", Buffer.from(shape.repeat(size / shape.length)), 1024), {
      sizes: [1 << 12, 1 << 15, 1 << 18],
      most: 4000,
    });
  judge((it, size) => it.bytes("links", Buffer.from(`<a ${"b".repeat(size)}`), 1), {
    sizes: [1 << 12, 1 << 14, 1 << 17],
    most: 4000,
  });
});

test("tags beyond the bound pass as they are, and are removed where they shall be", () => {
  const long = `<a href=foo.com b="${"x".repeat(100_000)}">y</a>`;
  assert.equal(module.bytes("links", Buffer.from(long), 1000)!.toString(), long);
  assert.equal(module.bytes("remove", "a", Buffer.from(`1${long}2`), 1000)!.toString(), "12");
  const script = `<script b="${"x".repeat(100_000)}"><a href=foo.com></script>`;
  assert.equal(module.bytes("links", Buffer.from(script), 1000)!.toString(), script);
});
