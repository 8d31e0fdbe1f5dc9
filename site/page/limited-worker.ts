/**
 * A worker that cannot hang the page: what takes too long is ended with the worker, and a new one is begun.
 *
 * @module
 */

/** Thrown when a task took too long. */
export class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/** Does one task after another. */
export class LimitedWorker<Task, Answer> {
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly file: string) {}

  /**
   * Does a task, after those before it. `limit` in milliseconds begins when the worker has taken it, and again at an answer for which
   * `isLast` is false.
   */
  do(
    task: Task,
    limit: () => number,
    tooLong: string,
    isLast: (answer: Answer) => boolean = () => true,
  ): Promise<Answer> {
    const result = this.last.then(() => this.start(task, limit, tooLong, isLast));
    this.last = result.catch(() => undefined);
    return result;
  }

  private start(
    task: Task,
    limit: () => number,
    tooLong: string,
    isLast: (answer: Answer) => boolean,
  ): Promise<Answer> {
    const worker = (this.worker ??= new Worker(new URL(this.file, document.baseURI), { type: "module" }));
    return new Promise((done, fail) => {
      const end = (error: Error): void => {
        clearTimeout(timer);
        worker.terminate();
        this.worker = undefined;
        fail(error);
      };
      const late = (): void => end(new TookTooLong(tooLong));
      let timer = setTimeout(late, limit());
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        clearTimeout(timer);
        if (isLast(data)) done(data);
        else timer = setTimeout(late, limit());
      };
      worker.onerror = (event) => {
        event.preventDefault();
        end(new Error(event.message || `${this.file} could not be loaded; load the page again.`));
      };
      worker.postMessage(task);
    });
  }
}
