import { HttpContext } from "../../context/http-context";

/** Somebody who waits for keys. */
export abstract class Waiter {
  /** The keys are there, or will not come for now. Runs nothing of the filter: a bug in it would keep others waiting. */
  abstract wake(): void;

  /** Runs those that have been woken, if they do not go on by themselves. */
  run(): void {}
}

/** A stream that waits. */
@final
export class StreamWaiter<T extends HttpContext> extends Waiter {
  constructor(
    private stream: T,
    private callback: (stream: T) => void,
  ) {
    super();
  }

  /** Calls back in the stream's name, which takes a timer; when the stream is gone, nothing is called. */
  wake(): void {
    this.stream.afterWith<T>(1, this.stream, this.callback);
  }
}
