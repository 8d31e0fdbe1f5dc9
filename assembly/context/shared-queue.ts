/**
 * Queues between VMs.
 *
 * @module
 */
import { Status } from "../abi/enums";
import {
  proxy_dequeue_shared_queue,
  proxy_enqueue_shared_queue,
  proxy_register_shared_queue,
  proxy_resolve_shared_queue,
} from "../abi/imports";
import { expectBytes, expectValue, receivedBytes, receivedU32 } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { decode, put, putSize } from "../memory/text";
import { Subject } from "../runtime/explain";
import { record } from "../runtime/status";
import { ownName } from "./own-names";
import { SharedSpace } from "./shared-space";

/**
 * A queue of messages, first in, first out, beyond VMs and threads. Each message is taken by one. The name is the plugin's
 * own, as keys of `SharedData` are; plugins that pass messages to each other give a `SharedSpace` as well.
 *
 * @example
 * onConfigure(configuration: string): bool {
 *   this.jobs = SharedQueue.register("jobs");
 *   return true;
 * }
 */
@final
export class SharedQueue {
  constructor(
    /** The host's number for the queue. */
    readonly id: u32,
  ) {}

  /**
   * The queue `name`, made when there is none: the plugin's own, or that of a space which it shares with others. The plugin
   * becomes the one whose `onQueueReady` is called for it; call it in `onConfigure`, where no other plugin's stream can be
   * in effect. Null when the host refuses. Source: `proxy_register_shared_queue`.
   */
  static register(name: string, space: SharedSpace | null = null): SharedQueue | null {
    const before = mark();
    const address = put(keyOf(name, space));
    expectValue();
    const status = record(proxy_register_shared_queue(address, putSize, OUT), Subject.Queue);
    release(before);
    return status == Status.Ok ? new SharedQueue(receivedU32()) : null;
  }

  /**
   * The queue `name` of the VM `vmId` (`""`: of this VM); null when nobody has registered it yet. Without a space it is one
   * that a plugin of the same name and root id has registered. Source: `proxy_resolve_shared_queue`.
   */
  static resolve(vmId: string, name: string, space: SharedSpace | null = null): SharedQueue | null {
    const before = mark();
    const vmAddress = put(vmId);
    const vmSize = putSize;
    const address = put(keyOf(name, space));
    expectValue();
    const status = record(
      proxy_resolve_shared_queue(vmAddress, vmSize, address, putSize, OUT),
      Subject.Queue,
    );
    release(before);
    return status == Status.Ok ? new SharedQueue(receivedU32()) : null;
  }

  /** Puts a message at the end. `Status.NotFound` when the queue is gone. Source: `proxy_enqueue_shared_queue`. */
  enqueue(message: string): Status {
    const before = mark();
    const address = put(message);
    const status = proxy_enqueue_shared_queue(this.id, address, putSize);
    release(before);
    return record(status, Subject.Queue);
  }

  /** `enqueue` with bytes. */
  enqueueBytes(message: Uint8Array): Status {
    return record(proxy_enqueue_shared_queue(this.id, message.dataStart, message.byteLength), Subject.Queue);
  }

  /**
   * Takes the first message; null when there is none (`Status.Empty`) or the queue is gone (`Status.NotFound`). Take until
   * null in `onQueueReady`, and bear with none: another thread may have been quicker. Source:
   * `proxy_dequeue_shared_queue`.
   */
  dequeue(): Uint8Array | null {
    expectBytes();
    const status = record(proxy_dequeue_shared_queue(this.id, OUT, OUT + 4), Subject.Queue);
    const bytes = receivedBytes();
    return status == Status.Ok ? bytes : null;
  }

  /** `dequeue` as text, in which every byte survives. */
  dequeueText(): string | null {
    const message = this.dequeue();
    return message === null ? null : decode(message.dataStart, message.length);
  }
}

/** The host's name for a queue. */
function keyOf(name: string, space: SharedSpace | null): string {
  return space === null ? ownName(name) : space.$key(name);
}
