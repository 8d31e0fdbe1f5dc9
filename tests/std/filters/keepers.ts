// Does with caches and limits what the request's `x-do` says, one command after the other, and answers what came of them.
import { FilterHeadersStatus, HttpContext, PluginContext, SharedData, registerPlugin } from "proxy-wasm-as";
import { Flight, LruCache, SharedCache } from "proxy-wasm-as/assembly/std/cache";
import { SlidingWindow, TokenBucket } from "proxy-wasm-as/assembly/std/limit";
import { integerOr } from "proxy-wasm-as/assembly/std/number";

/** So many that no two keys of a test share one. */
const SLOTS: i32 = i32.MAX_VALUE;

class Keepers extends PluginContext {
  lru: LruCache<string> = new LruCache<string>(5);
  large: LruCache<string> = new LruCache<string>(10000);
  shared: SharedCache = new SharedCache("c", 64, 100);
  bucket: TokenBucket = new TokenBucket("bucket", 2, 5);
  slow: TokenBucket = new TokenBucket("slow", 0.000001, 50, SLOTS);
  window: SlidingWindow = new SlidingWindow("window", 50, 86400, SLOTS);
  short: SlidingWindow = new SlidingWindow("short", 4, 10);
  few: SlidingWindow = new SlidingWindow('a "few"', 2, 10, 1);
  many: SlidingWindow = new SlidingWindow("many", 1000000, 86400);
  flights: Flight<string> = new Flight<string>(3);

  createHttpContext(): HttpContext {
    return new KeepersStream();
  }
}

class KeepersStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const commands = this.request.headers.get("x-do");
    if (commands === null) return FilterHeadersStatus.Continue;
    const list = commands.split(";");
    const answers = new Array<string>();
    for (let i = 0; i < list.length; i++) answers.push(this.run(list[i].split("|")));
    return this.respond(200, answers.join("\n"));
  }

  private run(words: string[]): string {
    const plugin = this.plugin as Keepers;
    const name = words[0];
    const key = words.length > 1 ? words[1] : "";
    const value = words.length > 2 ? words[2] : "";
    const time = words.length > 3 ? integerOr<i64>(words[3], 0) : 0;
    if (name == "get") {
      const found = plugin.lru.get(key);
      return found === null ? "null" : found;
    }
    if (name == "set") {
      plugin.lru.set(key, value, time);
      return plugin.lru.size.toString();
    }
    if (name == "has") return plugin.lru.has(key).toString();
    if (name == "delete") return plugin.lru.delete(key).toString();
    if (name == "clear") plugin.lru.clear();
    if (name == "fill") {
      for (let i = 0; i < 30000; i++) plugin.large.set(key + i.toString(), "v" + i.toString(), 1000);
      return (
        plugin.large.size.toString() +
        " " +
        plugin.large.get(key + "29999")! +
        " " +
        plugin.large.has(key + "1").toString()
      );
    }
    if (name == "shared-get") {
      const found = plugin.shared.getText(key);
      return found === null ? "null" : found;
    }
    if (name == "shared-set") return plugin.shared.setText(key, value, time).toString();
    if (name == "shared-add") return plugin.shared.add(key, value, time).toString();
    if (name == "shared-delete") return plugin.shared.delete(key).toString();
    if (name == "shared-break") {
      for (let i = 0; i < 64; i++) SharedData.set("cache\0c\0" + i.toString(), value);
      return "";
    }
    if (name == "join")
      return (<i32>plugin.flights.join(key, value)).toString() + (plugin.flights.isUnderWay(key) ? "" : "?");
    if (name == "land") return plugin.flights.land(key).join(",");
    const cost = value == "" ? 1 : integerOr<i64>(value, 1);
    const result =
      name == "bucket"
        ? plugin.bucket.take(key, cost)
        : name == "many"
          ? plugin.many.take(key, cost)
          : name == "slow"
            ? plugin.slow.take(key, cost)
            : name == "rate"
              ? new TokenBucket("rate" + key, F64.parseFloat(key), 2).take("a", cost)
              : name == "window"
                ? plugin.window.take(key, cost)
                : name == "few"
                  ? plugin.few.take(key, cost)
                  : plugin.short.take(key, cost);
    const headers = result.headers();
    let text = `${result.allowed} ${result.remaining} ${result.reset} ${result.retryAfter}`;
    for (let i = 0; i < headers.length; i++) text += ` | ${headers[i].join(": ")}`;
    return text;
  }
}

registerPlugin<Keepers>();
