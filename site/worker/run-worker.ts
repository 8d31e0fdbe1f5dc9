/**
 * The worker in which modules run: the embedded host, the test kit and suites.
 *
 * @module
 */
import { lookInto } from "../../src/pages/look.js";
import type { ModuleReport, Order, RunReport, SuiteReport } from "../../src/pages/model.js";
import { runOrder } from "../../src/pages/run.js";
import { HostDriver } from "../../src/suites/host-driver.js";
import { readSuite } from "../../src/suites/read.js";
import { runSuite } from "../../src/suites/run.js";
import { addFile } from "../shims/fs.js";

/** What the page asks. */
export type RunTask =
  | { readonly kind: "request"; readonly wasm: Uint8Array; readonly order: Order }
  | { readonly kind: "look"; readonly wasm: Uint8Array }
  | {
      readonly kind: "suite";
      readonly wasm: Uint8Array;
      readonly text: string;
      readonly configuration: string;
    };

/** What it is told. */
export type RunAnswer =
  { readonly value: RunReport | ModuleReport | SuiteReport } | { readonly error: string };

async function work(task: RunTask): Promise<RunReport | ModuleReport | SuiteReport> {
  if (task.kind === "request") return await runOrder(task.wasm, task.order);
  if (task.kind === "look") return await lookInto(task.wasm);
  return await suite(task);
}

async function suite({
  wasm,
  text,
  configuration,
}: Extract<RunTask, { kind: "suite" }>): Promise<SuiteReport> {
  // Protobuf's text format has braces; YAML's flow mappings are not written in suites.
  const file = /^\s*\w+\s*:?\s*\{/m.test(text) ? "/suite/tests.textpb" : "/suite/tests.yaml";
  addFile(file, text);
  addFile("/suite/plugin.wasm", wasm);
  try {
    const options = {
      wasm: "/suite/plugin.wasm",
      ...(configuration !== "" && { configuration: new TextEncoder().encode(configuration) }),
    };
    const { tests } = await runSuite(readSuite(file), new HostDriver(), options);
    return {
      refused: undefined,
      tests: tests.map(({ name, failures, skipped }) => ({ name, failures, skipped })),
    };
  } catch (error) {
    return { refused: messageOf(error).replaceAll("/suite/", ""), tests: [] };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

globalThis.onmessage = async ({ data }: MessageEvent<RunTask>) => {
  let answer: RunAnswer;
  try {
    answer = { value: await work(data) };
  } catch (error) {
    answer = { error: messageOf(error) };
  }
  globalThis.postMessage(answer);
};
