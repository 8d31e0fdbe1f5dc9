/** Which plugins a round has. */
import type { BootstrapOptions, WasmPlugin } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import type { Random } from "./random.js";

/**
 * Callbacks of classes, flows, classes whose requests have HTTP/2 METADATA, flows that end the VM now and then where Envoy
 * makes it anew, classes and flows that throw in any callback, and both among Envoy's own filters and behind routes that send
 * requests again.
 */
export const kinds = [
  ...(["classes", "flow", "metadata", "abort", "throws", "flow-throws"] as const),
  ...(["chains", "flow-chains"] as const),
];
export type Kind = (typeof kinds)[number];

/** The plugins of a round. */
export async function pluginsOf(kind: Kind, random: Random): Promise<BootstrapOptions> {
  const isFlow = kind.startsWith("flow") || kind === "abort";
  const letters = kind === "abort" ? "a" : kind.endsWith("throws") ? "e" : "";
  const wasm = await compileFilter(`tests/envoy/filters/${isFlow ? "fuzz-flow" : "fuzz"}.ts`);
  const plugin = (rootId: string): WasmPlugin => ({
    wasm,
    rootId,
    vmId: "fuzz",
    ...(letters !== "" && { configuration: letters }),
    ...(kind === "abort" && { failurePolicy: "FAIL_RELOAD" }),
  });
  const classes = (): WasmPlugin => ({
    ...plugin(isFlow ? "classes" : ""),
    ...(random(2) === 0 && { allowOnHeadersStopIteration: true }),
  });
  const filters = isFlow ? flows(plugin, classes, letters, random) : [classes()];
  if (kind === "metadata" && random(2) === 0) filters.push(classes());
  // Of the same name and configuration, two are one plugin, with two contexts of each stream.
  const twice = random(3) === 0;
  if (twice) filters.push(filters[random(filters.length)]!);
  else filters.forEach((filter, i) => (filters[i] = { ...filter, name: `filter-${i}` }));
  // A logger and a sink of a VM that was aborted are without one for good.
  if (kind === "abort") return { filters };
  return {
    filters,
    tcpFilters: [plugin("connections")],
    accessLoggers: [plugin("log")],
    statsSinks: [plugin("sink")],
  };
}

/** One or more flows, with any limits, and other filters before and behind them. */
function flows(
  plugin: (rootId: string) => WasmPlugin,
  classes: () => WasmPlugin,
  always: string,
  random: Random,
): WasmPlugin[] {
  const flow = (): WasmPlugin => {
    const letters = ["h", "m", "f", "b", "l"].filter(() => random(3) === 0).join("");
    const allow = letters.includes("h") || random(2) === 0;
    return {
      ...plugin(""),
      configuration: letters + always,
      ...(allow && { allowOnHeadersStopIteration: true }),
    };
  };
  const chain = [flow()];
  if (random(2) === 0) chain.unshift(classes());
  if (random(3) === 0) chain.push(classes());
  if (random(3) === 0) chain.push(flow());
  if (random(4) === 0) chain.unshift(plugin("plain"));
  return chain;
}
