/**
 * How Envoy is told to take labels out of the names of metrics, which the ABI has nothing else for.
 *
 * @module
 */

/** An entry of Envoy's `stats_config.stats_tags`. */
export interface StatsTag {
  readonly tag_name: string;
  readonly regex: string;
}

/**
 * The entries for these labels: a metric `name;label=value` becomes `name` with a tag. The first group is what Envoy takes
 * out of the name, the second the value.
 */
export function statsTags(labels: readonly string[]): StatsTag[] {
  return labels.map((label) => ({
    tag_name: label,
    regex: `^wasmcustom\\..*?(;${label.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}=([^;]*))`,
  }));
}
