/**
 * The tables of `docs/hosts.md`.
 *
 * @module
 */
import type { Effect, WasmHost } from "./model.js";
import { hosts } from "./table.js";

const words: Readonly<Record<Effect, string>> = {
  missing: "not loaded",
  traps: "traps",
  refuses: "refused",
  ignored: "does nothing",
};

/** The text between the page's marks. */
export function hostsPage(): string {
  return [
    "## Which hosts",
    table(
      ["`--host`", "Host", "Engine", "Known by", "Source"],
      hosts.map(({ name, title, engine, known, source }) => [`\`${name}\``, title, engine, known, source]),
    ),
    "## Host functions",
    "Everything else works as in Envoy 1.40.",
    effects(),
    "## Callbacks that are never made",
    table(
      ["`--host`", "Callbacks"],
      differing(({ uncalled }) => uncalled.map(short)),
    ),
    "## WASI, foreign functions, features of WebAssembly",
    table(
      ["`--host`", "WASI", "Envoy's foreign functions", "Lacks"],
      hosts.map((host) => [
        `\`${host.name}\``,
        host.wasi === undefined ? "all" : host.wasi.length > 6 ? "18 functions" : code(host.wasi),
        host.foreign === undefined ? "all" : host.foreign.length === 0 ? "none" : "all but `sign`",
        host.lacks.join(", "),
      ]),
    ),
    "## What else differs",
    ...hosts
      .map(({ name, notes }) => `- \`${name}\`: ${notes.join(" ")}`)
      .join("\n")
      .split("\n\n"),
  ].join("\n\n");
}

function effects(): string {
  const odd = hosts.filter((host) => Object.keys(host.functions).length > 0);
  const names = [...new Set(odd.flatMap((host) => Object.keys(host.functions)))].sort();
  return table(
    ["Function", ...odd.map(({ name }) => `\`${name}\``)],
    names.map((name) => [
      `\`${name}\``,
      ...odd.map((host) => {
        const effect = host.types?.[name] !== undefined ? "missing" : host.functions[name];
        return effect === undefined ? "works" : words[effect];
      }),
    ]),
  );
}

function differing(of: (host: WasmHost) => readonly string[]): string[][] {
  return hosts.filter((host) => of(host).length > 0).map((host) => [`\`${host.name}\``, code(of(host))]);
}

const short = (name: string): string => name.replace(/^proxy_/, "");

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
