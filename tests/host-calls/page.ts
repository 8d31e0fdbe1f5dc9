/** docs/host-calls.md from what was measured. */
import type { Callback } from "./calls.js";
import { callbacks, hostCalls } from "./calls.js";
import type { Cell, Cells } from "./measure.js";

const kinds: readonly (readonly [kind: Callback["kind"], heading: string])[] = [
  ["stream", "HTTP streams"],
  ["connection", "TCP connections"],
  ["plugin", "Plugins, and streams that begin"],
];

const head = `# Host calls: which work where

The answers to all calls of Proxy-Wasm ABI 0.2.1 in each callback of Envoy 1.40.0: made and compared by
\`tests/host-calls\`, written by \`npm run host-calls\`. These are the host's own answers to raw calls. This package's API
refuses what would kill Envoy, hang a stream or do nothing, with \`Status.BadArgument\`; see [Rationale](rationale.md).

| cell | meaning |
| --- | --- |
| ✓ | \`Ok\` (0). Not always a success: reading the body where there is none gives nothing, and all pairs of a map that is not there are none |
| none | \`NotFound\` (1) |
| bad | \`BadArgument\` (2) |
| 3, 10, 12 … | \`ParseFailure\`, \`InternalFailure\`, \`Unimplemented\`: the status's number |
| **dies** | the call kills Envoy, with all its connections |
| **hangs** | the worker thread never returns |

The requests have a body and trailers, the responses too; each callback answers \`Continue\`. Calls with the same answers share a
row. ¹ with the held request in effect (\`proxy_set_effective_context\`), as this package's API does by itself.
`;

const IN_EFFECT = ", the held request in effect";

/** Rows of the same thing with the same cells, as one: `request headers: add, replace, remove`. */
function merged(rows: readonly (readonly [row: string, ...cells: string[]])[]): string[][] {
  const all = new Map<string, string[]>();
  for (const [row, ...cells] of rows) {
    const [thing, verb] = row.split(": ");
    const key = verb === undefined ? row : `${thing}: ${cells.join()}`;
    const known = all.get(key);
    if (known === undefined) all.set(key, [row, ...cells]);
    else known[0] += `, ${verb}`;
  }
  return [...all.values()];
}

function text(cell: Cell | undefined): string {
  if (cell === 0) return "✓";
  if (cell === 1) return "none";
  if (cell === 2) return "bad";
  if (cell === "crash") return "**dies**";
  if (cell === "hang") return "**hangs**";
  return cell === undefined || cell === "none" ? "" : String(cell);
}

export function page(cells: Cells): string {
  const parts = [head];
  for (const [kind, heading] of kinds) {
    const columns = callbacks.filter((callback) => callback.kind === kind);
    parts.push(`## ${heading}\n`);
    for (const [group, calls] of hostCalls) {
      parts.push(`### ${heading}: ${group.toLowerCase()}\n`);
      const lines = [
        ["", ...columns.map(({ name }) => name.replace(IN_EFFECT, " ¹"))],
        ["---", ...columns.map(() => "---")],
        ...merged(calls.map(({ row }) => [row, ...columns.map(({ name }) => text(cells[row]?.[name]))])),
      ];
      parts.push(lines.map((line) => `| ${line.join(" | ")} |`).join("\n") + "\n");
    }
  }
  return parts.join("\n");
}
