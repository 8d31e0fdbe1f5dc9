import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  SharedQueue,
  SharedSpace,
  clock,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { percentEncode } from "proxy-wasm-as/assembly/std/url";

/**
 * What the service and the filters of the list `name` share; both have the list's name as their configuration. In it are
 * "list", the newest list, for filters that come later; "subscribers", the filters (one in each worker thread) that want
 * lists, each with a number and the time until which it wants them; and for each of these a queue: "list-1", "list-2" and so on.
 */
function spaceOf(name: string): SharedSpace {
  return new SharedSpace(`service-queue ${name}`);
}

/** The list that a configuration names. */
function listName(configuration: string): string {
  return configuration || "blocked";
}

/** How often the list is fetched, in milliseconds. */
const PERIOD: u32 = 1000;

/** How often a filter says that it still wants lists, in milliseconds. One that has not said so three times is forgotten. */
const RENEWAL: u32 = 10_000;

/** A filter that wants lists. */
class Subscriber {
  constructor(
    readonly number: i32,
    /** In milliseconds since 1970. */
    readonly until: i64,
  ) {}
}

/** Those who want lists now. Whoever has ended without a word, as after a crash, is no longer among them. */
function subscribersIn(text: string | null): Subscriber[] {
  if (!text) return [];
  return text
    .split(" ")
    .map((entry) => {
      const [number, until] = entry.split(":");
      return new Subscriber(I32.parseInt(number), I64.parseInt(until));
    })
    .filter(({ until }) => until >= clock.milliseconds());
}

function textOf(subscribers: Subscriber[]): string {
  return subscribers.map(({ number, until }) => `${number}:${until}`).join(" ");
}

/** The service: runs once in the process, fetches the list of blocked clients, and feeds it to the filters. */
class Fetcher extends PluginContext {
  private list = "";
  private path = "";
  private lists: SharedSpace = spaceOf("");

  onConfigure(configuration: string): boolean {
    const name = listName(configuration);
    this.path = "/" + percentEncode(name);
    this.lists = spaceOf(name);
    this.every(PERIOD, () => this.load());
    return true;
  }

  private load(): void {
    this.fetch("lists", { path: this.path, timeout: 500 }, (result) => {
      if (result.status != 200) log.warn(`no list: ${result.status}`);
      else this.publish(result.body.text());
    });
  }

  private publish(list: string): void {
    if (list == this.list) return;
    this.list = list;
    this.lists.set("list", list);
    const subscribers = subscribersIn(this.lists.get("subscribers")?.text ?? null);
    for (const { number } of subscribers)
      SharedQueue.resolve("", `list-${number}`, this.lists)?.enqueue(list);
    log.info(`a new list for ${subscribers.length} filters`);
  }
}

function firstFree(subscribers: Subscriber[]): i32 {
  let free = 1;
  while (subscribers.some(({ number }) => number == free)) free++;
  return free;
}

/** The filter's side: keeps the newest list. */
class Filter extends PluginContext {
  readonly blocked = new Set<string>();
  private lists: SharedSpace = spaceOf("");
  /** Its own entry among the subscribers. */
  private number: i32 = 0;
  private until: i64 = 0;

  onConfigure(configuration: string): boolean {
    this.lists = spaceOf(listName(configuration));
    const list = this.lists.get("list");
    if (list !== null) this.use(list.text);
    // Not before the first timer: Envoy tries a configuration in a VM of which it lets go without a word, and without one.
    this.after(1, () => this.subscribe());
    this.every(RENEWAL, () => this.subscribe());
    return true;
  }

  private subscribe(): void {
    const before = this.number;
    const until = clock.milliseconds() + 3 * RENEWAL;
    this.lists.updateText("subscribers", (old) => this.join(subscribersIn(old), until));
    this.until = until;
    if (this.number == before) return;
    // The queue first, then the list: one that comes between the two is in the queue.
    if (SharedQueue.register(`list-${this.number}`, this.lists) === null) log.warn("no queue");
    const list = this.lists.get("list");
    if (list !== null) this.use(list.text);
  }

  /** Wants lists until then, under its own number or, when that is gone, under the first that is free. */
  private join(subscribers: Subscriber[], until: i64): string {
    const others = subscribers.filter((subscriber) => !this.isMe(subscriber));
    if (others.length == subscribers.length) this.number = firstFree(others);
    others.push(new Subscriber(this.number, until));
    return textOf(others);
  }

  private isMe({ number, until }: Subscriber): boolean {
    return number == this.number && until == this.until;
  }

  /** A new configuration has taken its place: nobody reads its queue any more. */
  onDone(): boolean {
    this.lists.updateText("subscribers", (old) =>
      textOf(subscribersIn(old).filter((subscriber) => !this.isMe(subscriber))),
    );
    return true;
  }

  onQueueReady(queue: SharedQueue): void {
    for (let message = queue.dequeue(); message !== null; message = queue.dequeue())
      this.use(String.UTF8.decode(message.buffer));
  }

  private use(list: string): void {
    this.blocked.clear();
    for (const name of list.split("\n")) if (name) this.blocked.add(name);
  }

  createHttpContext(): HttpContext {
    return new FilterStream();
  }
}

/** Refuses blocked clients. */
class FilterStream extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const client = this.request.headers.get("x-client");
    if (client === null || !(this.plugin as Filter).blocked.has(client)) return FilterHeadersStatus.Continue;
    return this.respond(403, "blocked\n");
  }
}

registerPlugin<Fetcher>("fetcher");
registerPlugin<Filter>("filter");
