/** What is around the filters of a round: Envoy's own filters before and behind them, routes that send requests again, loggers. */
import type { Bootstrap, WasmPlugin } from "../../src/envoy/index.js";
import { pluginConfig } from "../../src/envoy/index.js";
import { LOSES_ENDS, WAITS_FOR_BODIES, envoyFilters } from "./envoy-filters.js";
import type { Random } from "./random.js";

const TYPE = "type.googleapis.com/";

/** Routes that send a request more than once, or elsewhere. */
const routes: Readonly<Record<string, object>> = {
  retries: {
    retry_policy: {
      retry_on: "5xx,reset",
      num_retries: 2,
      per_try_timeout: "0.3s",
      retry_back_off: { base_interval: "0.005s" },
    },
  },
  hedges: {
    retry_policy: { retry_on: "5xx,reset", num_retries: 1, per_try_timeout: "0.01s" },
    hedge_policy: { hedge_on_per_try_timeout: true },
  },
  redirects: { internal_redirect_policy: { max_internal_redirects: 2, redirect_response_codes: [302, 307] } },
  mirrors: { request_mirror_policies: [{ cluster: "side" }, { cluster: "closed" }] },
};

const KEEPS_BODIES = /retries|hedges|redirects|mirrors/;

/** Envoy itself sends parts twice, or dies, beside some filters of its own that pass a body on by themselves: see docs/rationale.md. */
function spareEnvoy(chain: readonly { name: string; typed_config: Bootstrap }[], said: string): void {
  for (const [i, { name, typed_config: config }] of chain.entries()) {
    const isBehind = i > 0 && KEEPS_BODIES.test(said);
    if (name.startsWith("bandwidth limit ") && isBehind) config.enable_mode = "RESPONSE";
    if (!name.startsWith("file system buffer ")) continue;
    if (isBehind) config.request.behavior = { bypass: {} };
    if (/bandwidth limit|fault/.test(said)) config.response.behavior = { bypass: {} };
  }
}

export interface Surroundings {
  readonly text: string;
  /** Each message ends by itself; else Envoy gives up on some. */
  readonly keepsEnds: boolean;
  /** Tunnels come through: no filter of Envoy's waits for the end of what they say. */
  readonly tunnels: boolean;
}

/** Puts some of it around the filters; answers what. `log` is the plugin of an access logger. */
export function surround(config: Bootstrap, random: Random, log: WasmPlugin): Surroundings {
  const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  const chain: { name: string }[] = manager.http_filters;
  const said: string[] = [];
  const names = Object.keys(envoyFilters);
  for (let left = 1 + random(3); left > 0; left--) {
    const name = names[random(names.length)]!;
    const at = random(chain.length);
    // A name of its own for each, as two of one filter have one configuration of a route otherwise.
    chain.splice(at, 0, { ...envoyFilters[name]!(), name: `${name} ${left}` });
    said.push(`${name} at ${at}`);
  }
  // Envoy's cache reads an object that is gone when its response ends, and dies if a filter behind it has used that memory.
  const isCache = ({ name }: { name: string }): boolean => name.startsWith("cache ");
  const router = chain.pop()!;
  const caches = chain.filter(isCache);
  manager.http_filters = [...chain.filter((one) => !isCache(one)), ...caches, router];
  manager.upgrade_configs = [{ upgrade_type: "websocket" }];
  const list: { route: object }[] = manager.route_config.virtual_hosts[0].routes;
  for (const [name, fields] of Object.entries(routes)) {
    if (random(2) === 0) continue;
    for (const { route } of list) Object.assign(route, structuredClone(fields));
    said.push(name);
  }
  spareEnvoy(manager.http_filters, said.join(", "));
  if (random(2) === 0) {
    const logger = {
      name: "wasm",
      typed_config: {
        "@type": `${TYPE}envoy.extensions.access_loggers.wasm.v3.WasmAccessLog`,
        config: pluginConfig(log),
      },
    };
    Object.assign(manager.http_filters.at(-1).typed_config, {
      upstream_log: [logger],
      upstream_log_options: {
        flush_upstream_log_on_upstream_stream: true,
        upstream_log_flush_interval: "0.05s",
      },
    });
    said.push("upstream log");
  }
  const text = said.join(", ");
  const keepsEnds = !LOSES_ENDS.test(text);
  if (!keepsEnds) manager.stream_idle_timeout = "1s";
  return { text, keepsEnds, tunnels: !WAITS_FOR_BODIES.test(text) };
}
