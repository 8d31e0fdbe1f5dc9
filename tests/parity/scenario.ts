/**
 * Parity scenarios: what a filter is told to do, what the client and the upstream do, and what of that is compared.
 * The same scenario runs in a real Envoy and in the embedded host.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../support/paths.js";

/** SDKs of others, in which a kit of behaviours is written that `x-do` headers choose from. */
export const sdks = ["gcore", "rust"] as const;
export type Sdk = (typeof sdks)[number];

/** What a callback does: operations of the puppet, in order. */
export type Script = Readonly<Record<string, readonly string[]>>;

export interface FilterSettings {
  /** What the plugin's own callbacks do. */
  readonly root?: Script;
  readonly rootId?: string;
  readonly vmId?: string;
  readonly vmConfiguration?: string;
  readonly failurePolicy?: "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";
  readonly allowOnHeadersStopIteration?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface UpstreamScript {
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: readonly string[];
  readonly trailers?: readonly (readonly [string, string])[];
  readonly reset?: boolean;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** A gRPC answer: messages, then this status. */
  readonly grpc?: GrpcScript;
}

export interface GrpcScript {
  readonly messages?: readonly string[];
  readonly metadata?: readonly (readonly [string, string])[];
  readonly status: number;
  readonly message?: string;
}

export interface RequestScript {
  /** In place of the scenario's script. */
  readonly script?: Script;
  /** Milliseconds to wait before. */
  readonly pause?: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** Each chunk is sent on its own. */
  readonly body?: readonly string[];
  /** A chunk of so many bytes, behind those of `body`. */
  readonly fill?: number;
  readonly trailers?: readonly (readonly [string, string])[];
  /** Milliseconds after which the client gives up. */
  readonly cut?: number;
}

/** One parity scenario. */
export interface Scenario {
  readonly name: string;
  /** The rule that it shows. */
  readonly rule: string;
  /** The SDK of the filter, in place of the puppet. */
  readonly sdk?: Sdk;
  /** What each filter does, by its name; "script" is the only one unless `filters` names others. */
  readonly script?: Script;
  readonly scripts?: Readonly<Record<string, Script>>;
  readonly filters?: Readonly<Record<string, FilterSettings>>;
  readonly bufferLimit?: number;
  readonly requests: readonly RequestScript[];
  /** How the upstream answers; without one, Envoy answers 200 itself. */
  readonly upstream?: UpstreamScript;
  /** How the clusters `auth` and `grpcup` answer. */
  readonly calls?: UpstreamScript;
  /** Access loggers, by name. */
  readonly accessLoggers?: Readonly<Record<string, FilterSettings>>;
  /** A connection through network filters, in place of requests: `send …`, `end`, `reset` and `wait`. */
  readonly tcp?: readonly string[];
  /** Milliseconds to wait at the end. */
  readonly settle?: number;
  /** Compares what was logged from the start of the process on, each line once. */
  readonly startup?: boolean;
  /** The process, or VM, is not fit for other scenarios afterwards. */
  readonly alone?: boolean;
  /** Envoy dies of it. */
  readonly crash?: boolean;
  /** What is compared; everything unless given. */
  readonly compare?: readonly ("trace" | "logs" | "wire" | "upstream" | "details" | "metrics")[];
}

const folder = join(root, "tests/parity/scenarios");

interface File extends Omit<Scenario, "name" | "requests"> {
  readonly request?: RequestScript;
  readonly requests?: readonly RequestScript[];
  /** Runs with the kit of each SDK; the scenarios are called `<name>.<sdk>`. */
  readonly kit?: boolean;
}

/** The kits have a root id, by which G-Core's SDK finds its plugin. */
const kitFilters: Scenario["filters"] = { kit: { rootId: "kit" } };
/** G-Core's SDK logs ids, which grow with each scenario. */
const withoutLogs: Scenario["compare"] = ["trace", "wire", "upstream", "details"];

/** All scenarios, by name. */
export function loadScenarios(): Scenario[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .flatMap((fileName): Scenario[] => {
      const file = parse(readFileSync(join(folder, fileName), "utf8")) as File;
      const { request, requests, kit, ...rest } = file;
      const name = fileName.replace(/\.yaml$/, "");
      const scenario = { ...rest, name, requests: requests ?? [request ?? {}] };
      if (kit !== true) return [scenario];
      return sdks.map((sdk) => ({
        filters: kitFilters,
        ...(sdk === "gcore" && { compare: withoutLogs }),
        ...scenario,
        name: `${name}.${sdk}`,
        sdk,
      }));
    });
}

/** A script as the puppet reads it. */
export function scriptText(script: Script): string {
  return Object.entries(script)
    .map(([callback, operations]) => `${callback}:${operations.join(";")}`)
    .join("|");
}

/** Each filter's name and settings, in order. */
export function filtersOf(scenario: Scenario): [string, FilterSettings][] {
  return Object.entries(scenario.filters ?? { script: {} });
}

/** A filter's configuration: its name, and what its plugin does. */
export function configurationOf(name: string, settings: FilterSettings): string {
  return `${name}|${settings.root === undefined ? "" : scriptText(settings.root)}`;
}

/** The headers that carry the filters' scripts. */
export function scriptHeaders(scenario: Scenario, request: RequestScript): [string, string][] {
  if (request.script !== undefined) return [["x-script", scriptText(request.script)]];
  const scripts = scenario.scripts ?? (scenario.script === undefined ? {} : { script: scenario.script });
  return Object.entries(scripts).map(([name, script]) => [`x-${name}`, scriptText(script)]);
}

/** How many plugins' contexts there are: their ids come first. */
export function rootCount(scenario: Scenario): number {
  return filtersOf(scenario).length + Object.keys(scenario.accessLoggers ?? {}).length;
}

/** Each line once, where a scenario looks at what several threads of Envoy log. */
export function once(scenario: Scenario, logs: string[]): string[] {
  return scenario.startup === true ? [...new Set(logs)] : logs;
}

/** Scenarios that the same Envoy can serve have the same key. */
export function groupKey(scenario: Scenario): string {
  const { sdk, filters, bufferLimit, upstream, alone, crash, startup, name, accessLoggers, tcp } = scenario;
  const own = alone === true || crash === true || startup === true ? name : "";
  return JSON.stringify([
    sdk,
    filters,
    bufferLimit,
    upstream === undefined,
    own,
    accessLoggers,
    tcp !== undefined,
  ]);
}

/** What came of a scenario, in a form that is equal in Envoy and in the host. */
export interface Outcome {
  readonly trace: readonly string[];
  readonly logs: readonly string[];
  readonly wire: readonly WireResult[];
  readonly upstream: readonly SeenRequest[];
  readonly details: readonly string[];
  readonly metrics: Readonly<Record<string, string>>;
  readonly crashed: boolean;
}

export interface WireResult {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
  readonly complete: boolean;
}

export interface SeenRequest {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

const hopByHop = new Set(["transfer-encoding", "connection", "keep-alive", "date"]);

/** Headers without what belongs to a connection, or to the moment. */
export function plainHeaders(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs
    .filter(([name]) => !hopByHop.has(name))
    .filter(([name]) => !["x-case", "user-agent"].includes(name))
    .map(([name, value]) => {
      if (name === "x-request-id" || name === "x-envoy-upstream-service-time") return `${name}: *`;
      return `${name}: ${value}`;
    })
    .sort();
}

const isAllocator = (name: string): boolean => name === "proxy_on_memory_allocate" || name === "malloc";

/** The trace with streams, tokens and addresses made comparable. */
export function plainTrace(lines: readonly string[], roots: number): string[] {
  const streams = new Map<string, string>();
  const tokens = new Map<string, string>();
  const nameOf = (map: Map<string, string>, letter: string, id: string): string => {
    if (!map.has(id)) map.set(id, `${letter}${map.size + 1}`);
    return map.get(id)!;
  };
  const all: string[] = [];
  for (const line of lines) {
    const call = /^\[host->vm\] (\w+)\(([^)]*)\)/.exec(line);
    if (call !== null) {
      const [, name, list] = call;
      const args = list === "" ? [] : list!.split(", ");
      if (name!.startsWith("proxy_on_") && !isAllocator(name!) && args.length > 0) {
        if (Number(args[0]) > roots) args[0] = nameOf(streams, "s", args[0]!);
        else args[0] = `root${args[0]}`;
        if (name === "proxy_on_context_create" && args[1] !== "0") args[1] = `root${args[1]}`;
        if (/http_call|grpc/.test(name!)) args[1] = nameOf(tokens, "t", args[1]!);
      }
      all.push(`> ${name}(${args.join(", ")})`);
      continue;
    }
    const result = /^\[(host<-vm|vm<-host)\] (?:env\.)?([\w.]+) return: (\w+)/.exec(line);
    if (result !== null) {
      const isAllocation = isAllocator(result[2]!) && result[3] !== "0";
      all.push(`${result[1] === "host<-vm" ? "<" : "="} ${result[2]} ${isAllocation ? "*" : result[3]}`);
      continue;
    }
    const host = /^\[vm->host\] (?:env\.)?([\w.]+)\(/.exec(line);
    if (host !== null) all.push(`: ${host[1]}`);
  }
  return all;
}
