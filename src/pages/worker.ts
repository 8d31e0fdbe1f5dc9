/**
 * Runs modules for `proxy-wasm-as ui`, in a thread of its own: an endless loop ends with it.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { lookInto } from "./look.js";
import type { ModuleReport, Order, RunReport } from "./model.js";
import { runOrder } from "./run.js";

/** A task for the thread. */
export type Task =
  | { readonly kind: "request"; readonly wasm: Uint8Array; readonly order: Order }
  | { readonly kind: "look"; readonly wasm: Uint8Array; readonly names: ReadonlyMap<number, string> };

/** The thread's answer. */
export type TaskAnswer = { readonly value: RunReport | ModuleReport } | { readonly error: string };

parentPort?.on("message", (task: Task) => {
  const work =
    task.kind === "request"
      ? runOrder(task.wasm, task.order)
      : lookInto(task.wasm, (index) => task.names.get(index));
  work.then(
    (value) => parentPort!.postMessage({ value } satisfies TaskAnswer),
    (error: unknown) =>
      parentPort!.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
