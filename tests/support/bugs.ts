/** Filters that have bugs in Envoy: where each kind stands in their source, and what the log has of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { EchoHandler } from "../../src/echo.js";
import type { Envoy } from "../../src/envoy/index.js";
import type { CompileOptions } from "./compile.js";
import { compileFilter } from "./compile.js";
import { passTrailers, startEnvoy, startUpstream } from "./envoy.js";
import { root } from "./paths.js";
import { freePort } from "./ports.js";

// No filter by itself, so not named in one piece, as those are that a test runs.
const source = ["tests/envoy/filters", "bug-kinds.ts"].join("/");
const lines = readFileSync(join(root, source), "utf8").split("\n");

/** The names of all kinds. */
export const bugKinds: readonly string[] = lines.flatMap((line) => /kind == "(\w+)"/.exec(line)?.[1] ?? []);

/** Where a kind of bug is: the line that has it, and the column where `text` begins. */
export function placeOfBug(kind: string, text: string): string {
  const index = lines.findIndex((line) =>
    kind === "deep" ? line.includes('Error("deep")') : line.includes(`kind == "${kind}"`),
  );
  return `${source}:${index + 1}:${lines[index]!.indexOf(text) + 1}`;
}

/** The lines of bugs in Envoy's log. */
export function criticalLines(envoy: Envoy): string[] {
  return envoy.wasmLogs.filter(({ level }) => level === "critical").map(({ message }) => message);
}

/** Answers with a body and a trailer. */
export const withTrailers: EchoHandler = (_, response) => {
  response.setHeader("trailer", "x-end");
  response.write("answer");
  response.addTrailers({ "x-end": "1" });
  response.end();
};

/** Starts the filter in a file in Envoy, named "mine", with an upstream, a cluster "side" and one that nobody listens for. */
export async function startBuggy(
  t: TestContext,
  file: string,
  options: CompileOptions = {},
  answer?: EchoHandler,
): Promise<{ envoy: Envoy; upstream: Awaited<ReturnType<typeof startUpstream>> }> {
  const wasm = await compileFilter(file, options);
  const upstream = await startUpstream(t, answer);
  const side = await startUpstream(t);
  const envoy = await startEnvoy(t, {
    filters: [{ wasm, name: "mine" }],
    upstream: upstream.port,
    clusters: { side: side.port, "grpc-closed": await freePort() },
    edit: passTrailers,
  });
  return { envoy, upstream };
}
