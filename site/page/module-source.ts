/**
 * Where the page's module comes from: it is compiled, was built with the site, or is a file.
 *
 * @module
 */
import type { ModuleReport, Order, RunReport, SuiteReport } from "../../src/pages/model.js";
import type { CompileAnswer, CompileOrder } from "../worker/compile-worker.js";
import type { Compiled } from "../worker/compiler.js";
import type { RunAnswer, RunTask } from "../worker/run-worker.js";
import { LimitedWorker } from "./limited-worker.js";

/** The most characters that are compiled. */
const MOST_SOURCE = 1_000_000;

/** Milliseconds for the compiler to arrive, for it to compile, and for a module to answer. */
const ARRIVAL = 180_000;
const COMPILATION = 90_000;
const ANSWER = 10_000;

const LATE = "The compiler took too long and was stopped; the next try begins with a fresh one.";
const ENDLESS = `The module did not answer within ${ANSWER / 1000} seconds and was stopped: a loop in it does not end.`;

/** Compiles and runs, off the page's own thread. */
export class ModuleSource {
  private readonly compiler = new LimitedWorker<CompileOrder, CompileAnswer>("compile-worker.js");
  private readonly runner = new LimitedWorker<RunTask, RunAnswer>("run-worker.js");
  /** Looking into a module needs what the compiler needs, too, and requests do not wait for it. */
  private readonly inspector = new LimitedWorker<RunTask, RunAnswer>("run-worker.js");
  private hasArrived = false;

  /** @param arrived Is told when the compiler is there. */
  constructor(private readonly arrived: () => void) {}

  /** Fetches the compiler. */
  async load(): Promise<void> {
    await this.compiler.do({ source: undefined, reasons: false }, () => ARRIVAL, LATE);
    if (!this.hasArrived) this.arrived();
    this.hasArrived = true;
  }

  async compile(source: string, reasons: boolean): Promise<Compiled> {
    if (source.length > MOST_SOURCE) {
      const message = `This page compiles up to ${MOST_SOURCE.toLocaleString("en")} characters; these are ${source.length.toLocaleString("en")}.`;
      const diagnostics = [{ severity: "error" as const, message, line: undefined, column: undefined }];
      return { wasm: undefined, messages: message, diagnostics };
    }
    try {
      const answer = await this.compiler.do(
        { source, reasons },
        () => (this.hasArrived ? COMPILATION : ARRIVAL),
        LATE,
        (each) => {
          if ("compiled" in each) return true;
          if (!this.hasArrived) this.arrived();
          this.hasArrived = true;
          return false;
        },
      );
      return (answer as Extract<CompileAnswer, { compiled: Compiled }>).compiled;
    } catch (error) {
      this.hasArrived = false;
      throw error;
    }
  }

  async request(wasm: Uint8Array, order: Order): Promise<RunReport> {
    return (await this.run({ kind: "request", wasm, order })) as RunReport;
  }

  async look(wasm: Uint8Array): Promise<ModuleReport> {
    return (await this.run({ kind: "look", wasm }, this.inspector)) as ModuleReport;
  }

  async suite(wasm: Uint8Array, text: string, configuration: string): Promise<SuiteReport> {
    return (await this.run({ kind: "suite", wasm, text, configuration })) as SuiteReport;
  }

  private async run(task: RunTask, worker = this.runner): Promise<unknown> {
    const limit = worker === this.runner ? ANSWER : ARRIVAL;
    const answer = await worker.do(task, () => limit, ENDLESS);
    if ("error" in answer) throw new Error(answer.error);
    return answer.value;
  }
}
