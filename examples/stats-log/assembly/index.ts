import { StatsReader, StatsSink, log, registerPlugin } from "proxy-wasm-as";

/** Tells in Envoy's log which counters of failures have grown since the last time. */
class StatsLog extends StatsSink {
  /** What the names of the counters end with. */
  private ending = ".upstream_rq_5xx";

  onConfigure(configuration: string): boolean {
    if (configuration) this.ending = configuration;
    return true;
  }

  onStatsUpdate(stats: StatsReader): void {
    while (stats.next()) {
      if (stats.isCounter && stats.delta > 0 && stats.name.endsWith(this.ending))
        log.warn(`${stats.name} +${stats.delta}`);
    }
  }
}

registerPlugin<StatsLog>();
