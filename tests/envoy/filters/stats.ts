// Counts by a metric of its own, and logs some of Envoy's statistics.
import {
  Counter,
  FilterHeadersStatus,
  Gauge,
  HttpContext,
  StatsReader,
  StatsSink,
  log,
  registerHttpFilter,
  registerPlugin,
} from "proxy-wasm-as";

const seen = new Counter("seen");
const level = new Gauge("level");

class Sink extends StatsSink {
  private updates: i32 = 0;

  onStatsUpdate(stats: StatsReader): void {
    let counters = 0;
    let gauges = 0;
    let last = "";
    while (stats.next()) {
      if (stats.isCounter) counters++;
      else gauges++;
      last = stats.name;
      if (stats.name == "wasmcustom.seen" && stats.delta > 0)
        log.info("seen " + stats.value.toString() + " +" + stats.delta.toString());
      if (stats.name == "wasmcustom.level") log.info("level " + stats.value.toString());
    }
    assert(!stats.next());
    log.info(
      "update " +
        (++this.updates).toString() +
        ": " +
        counters.toString() +
        " " +
        gauges.toString() +
        " " +
        last,
    );
  }
}

class Filter extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    seen.increment(3);
    level.set(7);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Filter>();
registerPlugin<Sink>("sink");
