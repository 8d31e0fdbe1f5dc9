/**
 * Messages of queues that a flow waits for.
 *
 * @module
 */
import { SharedQueue } from "../context/shared-queue";
import { cast } from "../memory/cast";
import { current, hold, letGo, runWoken } from "./fiber";
import { FlowPluginBase, PluginPart } from "./plugin-base";
import { Listed, Waiters } from "./waiters";

/** The next message of a queue. */
@final
export class QueueFuture extends Listed {
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

  /** @internal Takes a message when there is one; whoever waits for it goes on with `runWoken`. */
  take(): bool {
    const message = this.queue.dequeue();
    if (message === null) return false;
    this.received = message;
    this.leave();
    this.settleLater();
    return true;
  }
}

/** Those that wait for messages, the earliest first. */
@final
export class Receivers extends PluginPart {
  readonly waiters: Waiters = new Waiters();

  /** Gives each message of `queue` to the first that still waits for one. */
  give(queue: SharedQueue): void {
    for (;;) {
      let waiter = this.waiters.first;
      while (waiter !== null && cast<Listed, QueueFuture>(waiter).queue.id != queue.id) waiter = waiter.next;
      if (waiter === null || !cast<Listed, QueueFuture>(waiter).take()) break;
    }
    runWoken();
  }
}

function receiversOf(plugin: FlowPluginBase): Receivers {
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
  const fiber = current;
  if (fiber === null) return null;
  receiversOf(fiber.flows).waiters.add(future);
  hold(future);
  future.wait(milliseconds);
  future.leave();
  letGo(future);
  return future.message;
}
