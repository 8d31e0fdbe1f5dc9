import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  SharedQueue,
  SharedSpace,
  SharedValue,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { percentEncode } from "proxy-wasm-as/assembly/std/url";

/**
 * What the service and the filters of the list `name` share; both have the list's name as their configuration. In it are
 * "list", the newest list, for filters that come later; "subscribers", the numbers of the filters (one in each worker
 * thread) that want lists; and for each of these a queue: "list-1", "list-2" and so on.
 */
function spaceOf(name: string): SharedSpace {
  return new SharedSpace("service-queue " + name);
}

/** The list that a configuration names. */
function listName(configuration: string): string {
  return configuration.length > 0 ? configuration : "blocked";
}

/** How often the list is fetched, in milliseconds. */
const PERIOD: u32 = 1000;

/** The service: runs once in the process, fetches the list of blocked clients, and feeds it to the filters. */
class Fetcher extends PluginContext {
  private list: string = "";
  private path: string = "";
  private lists: SharedSpace = spaceOf("");

  onConfigure(configuration: string): bool {
    const name = listName(configuration);
    this.path = "/" + percentEncode(name);
    this.lists = spaceOf(name);
    this.every(PERIOD, () => this.fetch());
    return true;
  }

  private fetch(): void {
    this.dispatch("lists", { path: this.path, timeout: 500 }, (result) => {
      if (result.status != 200) log.warn("no list: " + result.status.toString());
      else this.publish(result.body.text());
    });
  }

  private publish(list: string): void {
    if (list == this.list) return;
    this.list = list;
    this.lists.set("list", list);
    const subscribers = numbersIn(this.lists.get("subscribers"));
    for (let i = 0; i < subscribers.length; i++) {
      const queue = SharedQueue.resolve("", "list-" + subscribers[i].toString(), this.lists);
      if (queue !== null) queue.enqueue(list);
    }
    log.info("a new list for " + subscribers.length.toString() + " filters");
  }
}

/** The numbers of those who want lists. */
function numbersIn(value: SharedValue | null): i32[] {
  const numbers: i32[] = [];
  if (value === null || value.text.length == 0) return numbers;
  const parts = value.text.split(" ");
  for (let i = 0; i < parts.length; i++) numbers.push(I32.parseInt(parts[i]));
  return numbers;
}

/** The filter's side: keeps the newest list. */
class Filter extends PluginContext {
  readonly blocked: Set<string> = new Set<string>();
  private lists: SharedSpace = spaceOf("");
  /** Its own among the subscribers. */
  private number: i32 = 0;

  onConfigure(configuration: string): bool {
    this.lists = spaceOf(listName(configuration));
    const list = this.lists.get("list");
    if (list !== null) this.use(list.text);
    // Not before the first timer: Envoy tries a configuration in a VM of which it lets go without a word, and without one.
    this.after(1, () => this.subscribe());
    return true;
  }

  private subscribe(): void {
    this.lists.update("subscribers", (old) => this.join(numbersIn(old)));
    // The queue first, then the list: one that comes between the two is in the queue.
    if (SharedQueue.register("list-" + this.number.toString(), this.lists) === null) log.warn("no queue");
    const list = this.lists.get("list");
    if (list !== null) this.use(list.text);
  }

  /** Adds the first number that is free. */
  private join(numbers: i32[]): Uint8Array {
    this.number = 1;
    while (numbers.includes(this.number)) this.number++;
    numbers.push(this.number);
    return Uint8Array.wrap(String.UTF8.encode(numbers.join(" ")));
  }

  /** A new configuration has taken its place: nobody reads its queue any more. */
  onDone(): bool {
    this.lists.update("subscribers", (old) => this.withoutMe(numbersIn(old)));
    return true;
  }

  private withoutMe(numbers: i32[]): Uint8Array {
    const index = numbers.indexOf(this.number);
    if (index >= 0) numbers.splice(index, 1);
    return Uint8Array.wrap(String.UTF8.encode(numbers.join(" ")));
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
