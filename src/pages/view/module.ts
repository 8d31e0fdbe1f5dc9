/**
 * The view of a module: its size by function, its imports and callbacks, and the verdicts of hosts.
 *
 * @module
 */
import type { ModuleReport, Tile } from "../model.js";
import { count, make, nothing, table } from "./dom.js";

/** The whole of a module's report. */
export function moduleOf(report: ModuleReport): HTMLElement {
  const { bytes, abiVersion, loads, memory, producers, findings, callbacks, imports, otherExports } = report;
  return make(
    "div",
    {},
    make(
      "p",
      { class: `summary ${loads ? "good" : "bad"}` },
      make("strong", {}, `Envoy 1.40 ${loads ? "loads it" : "does not load it"}. `),
      `${count(bytes, "byte")}, ABI ${abiVersion ?? "none"}, memory: ${memory}.`,
      producers.length > 0 &&
        ` Made by ${producers.map((line) => line.replace(/^[\w-]+: /, "")).join(", ")}.`,
    ),
    make("h3", {}, "Findings"),
    findings.length === 0
      ? nothing("Nothing was found.")
      : make("ul", {}, ...findings.map(({ level, message }) => finding(level, message))),
    make("h3", {}, "Size by function"),
    treemap(report.tiles),
    make("h3", {}, `Callbacks (${callbacks.length})`),
    names(callbacks),
    make("h3", {}, `Imports (${imports.length})`),
    names(imports),
    make("h3", {}, `Other exports (${otherExports.length})`),
    names(otherExports),
    make("h3", {}, "Hosts"),
    hostTable(report),
    make("h3", {}, "Sections"),
    table(
      "Sections",
      ["section", "bytes"],
      report.sections.map(({ name, bytes: size }) => [name, size.toLocaleString("en")]),
    ),
  );
}

function finding(level: string, message: string): HTMLElement {
  return make("li", { class: level }, make("strong", {}, `${level}: `), message);
}

function names(list: readonly string[]): HTMLElement {
  if (list.length === 0) return nothing("None.");
  return make("ul", { class: "names" }, ...list.map((name) => make("li", {}, make("code", {}, name))));
}

/** Tiles; a list says the same to those who do not see them. */
function treemap(tiles: readonly Tile[]): HTMLElement {
  if (tiles.length === 0) return nothing("There are no functions.");
  const owners = {
    filter: "your code",
    sdk: "the SDK",
    library: "AssemblyScript's library",
    other: "other",
  } as const;
  const there = (Object.keys(owners) as Tile["owner"][]).filter((owner) =>
    tiles.some((tile) => tile.owner === owner),
  );
  const picture = make(
    "div",
    { class: "treemap", "aria-hidden": "true" },
    ...tiles.map(({ name, bytes, left, top, width, height, owner }) =>
      make(
        "div",
        {
          class: `tile ${owner}`,
          style: `left: ${left}%; top: ${top}%; width: ${width}%; height: ${height}%`,
          title: `${name}: ${count(bytes, "byte")}`,
        },
        width > 6 && height > 8 && make("span", {}, labelOf(name)),
      ),
    ),
  );
  return make(
    "figure",
    {},
    picture,
    make(
      "figcaption",
      {},
      ...there.map((owner) =>
        make("span", { class: "key" }, make("i", { class: `tile ${owner}` }), owners[owner]),
      ),
    ),
    make(
      "details",
      {},
      make("summary", {}, "As a table"),
      table(
        "Functions",
        ["function", "bytes"],
        tiles.map(({ name, bytes }) => [name, bytes.toLocaleString("en")]),
      ),
    ),
  );
}

/** The last part of a function's path, without the place that a map tells. */
export function labelOf(name: string): string {
  const where = / \([^()]*:\d+\)$/;
  return name.replace(where, "").replace(/<.*/, "").replace(/^.*\//, "");
}

function hostTable({ hosts }: ModuleReport): HTMLElement {
  return table(
    "Hosts",
    ["host", "loads it", "what differs"],
    hosts.map(({ title, loads, findings }) => [
      title,
      loads ? "yes" : "no",
      findings.length === 0
        ? ""
        : make("ul", {}, ...findings.map(({ level, message }) => finding(level, message))),
    ]),
    (row) => (hosts[row]!.loads ? undefined : "removed"),
  );
}
