/**
 * The docs as pages: README.md, docs/ and what stands beside them, with links that lead to pages, to the playground or to the
 * repository.
 *
 * @module
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import MarkdownIt from "markdown-it";
import { readExamples } from "./site-examples.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Files that are pages, by path in the repository, with the page's name. */
const pages = new Map<string, string>([
  ["README.md", "index.html"],
  ["CHANGELOG.md", "changelog.html"],
  ["CONTRIBUTING.md", "contributing.html"],
  ["SECURITY.md", "security.html"],
  ["examples/README.md", "examples.html"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name): [string, string] => [`docs/${name}`, name.replace(/\.md$/, ".html")]),
]);

const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  repository: { url: string };
};
const repositoryUrl = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");

const examples = new Set(readExamples().map(({ name }) => name));

/** The target on the site of a link in a file. */
function linkOf(file: string, target: string): string {
  if (/^([a-z]+:|#)/.test(target)) return target;
  const [path, anchor] = target.split("#") as [string, string?];
  const end = anchor === undefined ? "" : `#${anchor}`;
  const found = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, "");
  const page = pages.get(found) ?? pages.get(`${found}/README.md`);
  if (page !== undefined) return page + end;
  if (found.startsWith("docs/plots/")) return found.slice("docs/".length);
  const example = /^examples\/([\w-]+)$/.exec(found)?.[1];
  if (example !== undefined && examples.has(example)) return `../index.html#example=${example}`;
  if (!existsSync(join(root, found))) throw new Error(`${file} links to ${target}, which is not there`);
  return `${repositoryUrl}/tree/main/${found}${end}`;
}

/** A heading's anchor, as GitHub makes it. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Code with its words in colours; the style sheet has them. */
function highlight(code: string, language: string): string {
  if (!/^(ts|typescript|js|javascript)$/.test(language)) return escape(code);
  let html = "";
  highlightCode(
    code,
    typescriptLanguage.parser.parse(code),
    classHighlighter,
    (text, classes) => {
      html += classes === "" ? escape(text) : `<span class="${classes}">${escape(text)}</span>`;
    },
    () => (html += "\n"),
  );
  return html;
}

/** A file's page. */
function render(file: string): { title: string; body: string } {
  const markdown = new MarkdownIt({ html: true, linkify: false, highlight });
  const taken = new Map<string, number>();
  markdown.core.ruler.push("site", (state) => {
    state.tokens.forEach((token, i) => {
      if (token.type === "heading_open") {
        const children = state.tokens[i + 1]!.children ?? [];
        const text = children
          .filter(({ type }) => /^(text|code_inline)$/.test(type))
          .map(({ content }) => content);
        const slug = slugOf(text.join(""));
        const before = taken.get(slug) ?? 0;
        taken.set(slug, before + 1);
        token.attrSet("id", before === 0 ? slug : `${slug}-${before}`);
      }
      if (token.type === "fence") token.attrSet("tabindex", "0");
      for (const child of token.children ?? []) {
        if (child.type === "link_open") child.attrSet("href", linkOf(file, String(child.attrGet("href"))));
        if (child.type === "image") child.attrSet("src", linkOf(file, String(child.attrGet("src"))));
      }
    });
  });
  const text = readFileSync(join(root, file), "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1]?.replace(/[`*]/g, "") ?? file;
  return { title, body: markdown.render(text) };
}

function pageOf(title: string, body: string, list: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – proxy-wasm-as</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../style.css">
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header class="top">
<p><strong><a href="index.html">proxy-wasm-as</a></strong></p>
<nav aria-label="Site"><a href="../index.html">Playground</a> <a href="../api/index.html">API</a></nav>
</header>
<div class="docs">
<nav aria-label="Docs"><details><summary>All pages</summary>
<ul>${list}</ul></details></nav>
<main id="text"><article>
${body}
</article></main>
</div>
</body>
</html>
`;
}

/** Writes the pages. Throws when a link leads nowhere. */
export function writeDocs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const rendered = [...pages].map(([file, page]) => ({ page, ...render(file) }));
  const list = rendered
    .map(({ page, title }) => `<li><a href="${page}">${escape(title)}</a></li>`)
    .join("\n");
  for (const { page, title, body } of rendered) writeFileSync(join(folder, page), pageOf(title, body, list));
  cpSync(join(root, "docs/plots"), join(folder, "plots"), { recursive: true });
}
