/**
 * Stats sinks: plugins that Envoy gives its statistics to.
 *
 * @module
 */
import { StatsReader } from "../services/stats";
import { PluginContext } from "./plugin-context";

/**
 * A stats sink (`envoy.stat_sinks.wasm`): override `onStatsUpdate`, which Envoy calls in its main thread every
 * `stats_flush_interval`. Register it with `registerPlugin`.
 *
 * Envoy 1.40 miscounts the size of the statistics that it hands over: with thirty gauges and more, which every Envoy has, it
 * reserves up to 4 GiB of address space for each update, almost all of it never touched. If the machine cannot reserve so much
 * (little memory and little overcommit, or a limit of address space), Envoy ends. Try it on the machine that is to run it.
 *
 * @example
 * class Sink extends StatsSink {
 *   onStatsUpdate(stats: StatsReader): void {
 *     while (stats.next()) if (stats.isCounter && stats.delta > 0) log.info(stats.name + " +" + stats.delta.toString());
 *   }
 * }
 * registerPlugin<Sink>();
 */
export class StatsSink extends PluginContext {
  /** Called with Envoy's statistics. Source: `envoy_on_stats_update`. */
  onStatsUpdate(stats: StatsReader): void {}
}
