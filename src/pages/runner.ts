/**
 * Gives tasks to a thread, one after another, and ends it when one takes too long.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import type { Task, TaskAnswer } from "./worker.js";

/** Milliseconds for a task. */
const LIMIT = 15_000;

/** Runs modules so that none can stop the server. */
export class Runner {
  private thread: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** Does a task after those before it; what goes wrong is in the answer. */
  do(task: Task): Promise<TaskAnswer> {
    const result = this.last.then(() => this.start(task));
    this.last = result;
    return result;
  }

  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private start(task: Task): Promise<TaskAnswer> {
    const thread = (this.thread ??= new Worker(new URL("worker.js", import.meta.url)));
    return new Promise((done) => {
      const end = (error: string): void => {
        this.thread = undefined;
        void thread.terminate();
        finish({ error });
      };
      const late = (): void =>
        end(
          `The module did not answer within ${LIMIT / 1000} seconds and was stopped: a loop in it does not end.`,
        );
      const fail = (error: Error): void => end(error.message);
      const timer = setTimeout(late, LIMIT);
      const finish = (answer: TaskAnswer): void => {
        clearTimeout(timer);
        thread.off("message", finish);
        thread.off("error", fail);
        done(answer);
      };
      thread.on("message", finish);
      thread.on("error", fail);
      thread.postMessage(task);
    });
  }
}
