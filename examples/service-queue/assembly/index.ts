import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  SharedData,
  SharedQueue,
  log,
  registerPlugin,
} from "proxy-wasm-as";

// Three things live in shared data and queues, which all VMs with the same `vm_id` share:
// "subscribers", how many filters (one in each worker thread) have asked for lists; "list-1", "list-2" and so on, a queue for
// each of them; and "list", the newest list, for filters that come later.

/** How often the list is fetched, in milliseconds. */
const PERIOD: u32 = 1000;

/** The service: runs once in the process, fetches the list of blocked clients, and feeds it to the filters. */
class Fetcher extends PluginContext {
  private list: string = "";

  onConfigure(configuration: string): bool {
    this.every(PERIOD, () => this.fetch());
    return true;
  }

  private fetch(): void {
    this.dispatch("lists", { path: "/blocked", timeout: 500 }, (result) => {
      if (result.status != 200) log.warn("no list: " + result.status.toString());
      else this.publish(result.body.text());
    });
  }

  private publish(list: string): void {
    if (list == this.list) return;
    this.list = list;
    SharedData.set("list", list);
    const subscribers = SharedData.add("subscribers", 0);
    for (let i: i64 = 1; i <= subscribers; i++) {
      const queue = SharedQueue.resolve("", "list-" + i.toString());
      if (queue !== null) queue.enqueue(list);
    }
    log.info("a new list for " + subscribers.toString() + " filters");
  }
}

/** The filter's side: keeps the newest list. */
class Filter extends PluginContext {
  readonly blocked: Set<string> = new Set<string>();

  onConfigure(configuration: string): bool {
    // The queue first, then the list: one that comes between the two is in the queue.
    const number = SharedData.add("subscribers", 1);
    if (SharedQueue.register("list-" + number.toString()) === null) return false;
    const list = SharedData.get("list");
    if (list !== null) this.use(list.text);
    return true;
  }

  onQueueReady(queue: SharedQueue): void {
    let message = queue.dequeue();
    while (message !== null) {
      this.use(String.UTF8.decode(message.buffer));
      message = queue.dequeue();
    }
  }

  private use(list: string): void {
    this.blocked.clear();
    const names = list.split("\n");
    for (let i = 0; i < names.length; i++) if (names[i].length > 0) this.blocked.add(names[i]);
  }

  createHttpContext(): HttpContext {
    return new FilterStream();
  }
}

/** Refuses blocked clients. */
class FilterStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const client = this.request.headers.get("x-client");
    if (client === null || !(this.plugin as Filter).blocked.has(client)) return FilterHeadersStatus.Continue;
    return this.respond(403, "blocked\n");
  }
}

registerPlugin<Fetcher>("fetcher");
registerPlugin<Filter>("filter");
