/**
 * Messages of queues that a flow waits for.
 *
 * @module
 */
import { SharedQueue } from "../services/shared-queue";
import { current } from "./fiber";
import { Future } from "./future";
import { FlowPlugin } from "./plugin";

/** The next message of a queue. */
@final
export class QueueFuture extends Future {
  /** @internal */
  next: QueueFuture | null = null;
  private received: Uint8Array | null = null;

  constructor(
    /** @internal */
    readonly queue: SharedQueue,
  ) {
    super();
  }

  /** The message; null before it has come. */
  get message(): Uint8Array | null {
    return this.received;
  }

  /** @internal Takes a message when there is one. */
  take(): bool {
    const message = this.queue.dequeue();
    if (message === null) return false;
    this.received = message;
    this.settle();
    return true;
  }
}

/**
 * Waits for the next message of a queue that this plugin has registered (`SharedQueue.register`), or until `milliseconds`
 * have passed (0: however long it takes); null when none has come by then. May be called in a flow of a `FlowPlugin`.
 */
export function receive(queue: SharedQueue, milliseconds: u32 = 0): Uint8Array | null {
  const future = new QueueFuture(queue);
  if (future.take()) return future.message;
  const fiber = current;
  if (fiber === null) return null;
  const plugin = fiber.context.plugin as FlowPlugin;
  plugin.addReceiver(future);
  future.wait(milliseconds);
  plugin.removeReceiver(future);
  return future.message;
}
