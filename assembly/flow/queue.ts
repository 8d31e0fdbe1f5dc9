/**
 * Messages of queues that a flow waits for.
 *
 * @module
 */
import { SharedQueue } from "../services/shared-queue";
import { current } from "./fiber";
import { Future } from "./future";
import { FlowPlugin, PluginPart } from "./plugin";

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

/** Those that wait for messages, the earliest first. */
@final
export class Receivers extends PluginPart {
  private first: QueueFuture | null = null;

  /** Gives a message of `queue` to the first that still waits for one. */
  give(queue: SharedQueue): void {
    let receiver = this.first;
    while (receiver !== null) {
      const next = receiver.next;
      if (receiver.queue.id == queue.id && !receiver.isDone && !receiver.isForgotten && !receiver.take())
        return;
      receiver = next;
    }
  }

  add(receiver: QueueFuture): void {
    let last = this.first;
    if (last === null) {
      this.first = receiver;
      return;
    }
    for (let next = last.next; next !== null; next = last.next) last = next;
    last.next = receiver;
  }

  remove(receiver: QueueFuture): void {
    let before: QueueFuture | null = null;
    let at = this.first;
    while (at !== null && at !== receiver) {
      before = at;
      at = at.next;
    }
    if (at === null) return;
    if (before === null) this.first = at.next;
    else before.next = at.next;
    at.next = null;
  }
}

function receiversOf(plugin: FlowPlugin): Receivers {
  const known = plugin.$part<Receivers>();
  if (known !== null) return known;
  const receivers = new Receivers();
  plugin.$addPart(receivers);
  return receivers;
}

/**
 * Waits for the next message of a queue that this plugin has registered (`SharedQueue.register`), or until `milliseconds`
 * have passed (0: however long it takes); null when none has come by then. May be called in a flow of a `FlowPlugin`.
 */
export function receive(queue: SharedQueue, milliseconds: u32 = 0): Uint8Array | null {
  const future = new QueueFuture(queue);
  if (future.take()) return future.message;
  const exchange = current;
  if (exchange === null) return null;
  const receivers = receiversOf(exchange.plugin);
  receivers.add(future);
  future.wait(milliseconds);
  receivers.remove(future);
  return future.message;
}
