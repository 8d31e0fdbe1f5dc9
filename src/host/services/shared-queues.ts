import type { RootContext } from "../root-context.js";

interface Queue {
  readonly messages: Uint8Array[];
  receiver: RootContext;
}

/** The queues of all VMs. */
export class SharedQueues {
  private readonly ids = new Map<string, number>();
  private readonly queues = new Map<number, Queue>();

  /**
   * The id of this VM's queue of this name. The queue is made when there is none; `receiver` gets a callback for messages from
   * now on.
   */
  register(vmId: string, name: string, receiver: RootContext): number {
    const key = `${vmId.length} ${vmId}${name}`;
    let id = this.ids.get(key);
    if (id === undefined) {
      this.ids.set(key, (id = this.ids.size + 1));
      this.queues.set(id, { messages: [], receiver });
    }
    this.queues.get(id)!.receiver = receiver;
    return id;
  }

  resolve(vmId: string, name: string): number | undefined {
    return this.ids.get(`${vmId.length} ${vmId}${name}`);
  }

  /** False without such a queue. */
  enqueue(id: number, message: Uint8Array): boolean {
    const queue = this.queues.get(id);
    if (queue === undefined) return false;
    queue.messages.push(message);
    const { receiver } = queue;
    receiver.vm.environment.loop.post(() => receiver.onQueueReady(id));
    return true;
  }

  /** The oldest message; null when there is none, undefined without such a queue. */
  dequeue(id: number): Uint8Array | null | undefined {
    const queue = this.queues.get(id);
    return queue === undefined ? undefined : (queue.messages.shift() ?? null);
  }
}
