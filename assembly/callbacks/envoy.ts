/**
 * The callbacks of Envoy's own that are not in the ABI.
 *
 * @module
 */
import { StatsSink } from "../context/stats-sink";
import { contextById } from "../context/by-id";
import { Phase, enter, leave } from "../runtime/current-callback";
import { StatsReader } from "../services/stats";

/** The size is of no use: Envoy 1.40 gets it wrong. */
export function envoy_on_stats_update(id: u32, size: u32): void {
  enter(id, Phase.Plugin);
  const plugin = contextById(id);
  if (plugin instanceof StatsSink) (plugin as StatsSink).onStatsUpdate(new StatsReader());
  leave();
}
