/**
 * A module held against a host: what would not be loaded, would end it, or be ignored there.
 *
 * @module
 */
import { callbackNames, exportType } from "../host/abi/signatures.js";
import type { WasmHost } from "../hosts/index.js";
import { readSection } from "../module-section.js";
import type { Code, Feature } from "./code.js";
import { reachable } from "./code.js";
import type { Contents } from "./binary.js";
import type { ModuleInfo } from "../host/index.js";

/** One difference that the module meets. */
export interface HostFinding {
  /** With an error the host does not load the module. A warning: it traps, or does something else. A note: a part of it is not used. */
  readonly level: "error" | "warning" | "note";
  readonly rule: "function" | "type" | "wasi" | "feature" | "callback" | "status";
  /** The function, callback or feature. */
  readonly name: string;
  /** The fact, and the remedy. */
  readonly message: string;
  /** The module's functions that call it, those of the SDK left out where there are others. */
  readonly callers: readonly string[];
}

/** The parts of a module that matter to hosts. */
export interface HeldModule {
  readonly bytes: Uint8Array;
  readonly info: ModuleInfo;
  readonly contents: Contents;
  readonly code: Code | undefined;
  /** A function's name, and the name with its place in the source; undefined where nothing tells. */
  readonly names?: FunctionNames;
}

/** The names and places of functions, from a map beside the module. */
export interface FunctionNames {
  nameOf(index: number): string | undefined;
  textOf(index: number): string | undefined;
}

/** Remedies for functions that a host does not have. */
const remedies: Readonly<Record<string, string>> = {
  proxy_get_log_level: "build with --host, which logs without asking for the level",
  proxy_get_buffer_status: "read the body with bytes(0, n) rather than asking for its length",
  proxy_get_header_map_size: "count the pairs of all()",
  proxy_set_tick_period_milliseconds: "do without timers, or do the work in a request's callback",
  proxy_done: "answer true in onDone",
  proxy_close_stream: "answer with respond instead of reset",
  proxy_http_call: "leave the call to the host's own plugins",
  proxy_set_buffer_bytes: "answer with respond, or leave the body as it is",
  proxy_get_status: "tell failed calls by their response alone",
  proxy_call_foreign_function: "do it in the module (std/hash, std/jwt with HMAC)",
  proxy_resolve_shared_queue: "register the queue in the same VM",
};

const effects = {
  traps: "is not implemented there, and ends the module when it is called",
  refuses: "is not implemented there: it answers Unimplemented",
  ignored: "answers Ok there, and does nothing",
} as const;

/** Holds a module against a host; worst first. */
export function holdAgainst(module: HeldModule, host: WasmHost): HostFinding[] {
  const findings = [
    ...functions(module, host),
    ...features(module, host),
    ...callbacks(module, host),
    ...statuses(module, host),
  ];
  const order = ["error", "warning", "note"];
  return findings.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function* functions(module: HeldModule, host: WasmHost): Iterable<HostFinding> {
  for (const { module: from, name, kind, type } of module.info.imports) {
    if (kind !== "function") continue;
    const callers = callersOf(module, name);
    const found = (level: HostFinding["level"], rule: HostFinding["rule"], what: string): HostFinding => ({
      ...{ level, rule, name, callers },
      message: `${name} ${what}`,
    });
    const remedy = remedies[name] === undefined ? "" : `; ${remedies[name]}`;
    if (from.startsWith("wasi_")) {
      if (host.wasi?.includes(name) === false)
        yield found("error", "wasi", "of WASI is not there, so the module is not loaded");
      continue;
    }
    if (from !== "env") continue;
    const other = host.types?.[name];
    const effect = host.functions[name];
    if (other !== undefined && other !== type)
      yield found("error", "type", `is ${other} there, so the module is not loaded${remedy}`);
    else if (effect === "missing")
      yield found("error", "function", `is not there, so the module is not loaded${remedy}`);
    else if (effect !== undefined) yield found("warning", "function", `${effects[effect]}${remedy}`);
  }
}

function* features({ code }: HeldModule, host: WasmHost): Iterable<HostFinding> {
  for (const feature of code?.features ?? [])
    if (host.lacks.includes(feature)) {
      const remedy: Partial<Record<Feature, string>> = {
        exceptions: "; build with --host, and a bug ends the VM instead of the request",
      };
      yield {
        ...{ level: "error", rule: "feature", name: feature, callers: [] },
        message: `${feature}: the host lacks them, so the module is not loaded${remedy[feature] ?? ""}`,
      };
    }
}

function* callbacks({ info }: HeldModule, host: WasmHost): Iterable<HostFinding> {
  const mine = info.exports.filter(
    ({ name, kind }) =>
      kind === "function" &&
      callbackNames.includes(name) &&
      exportType(info.abiVersion ?? "0.2.1", name) !== undefined,
  );
  for (const { name } of mine)
    if (host.uncalled.includes(name))
      yield {
        ...{ level: "note", rule: "callback", name, callers: [] },
        message: `${name} is never called there: what it does is left undone`,
      };
}

function* statuses({ bytes }: HeldModule, host: WasmHost): Iterable<HostFinding> {
  if (host.onlyStopIteration !== true || readSection(bytes)?.flow !== true) return;
  yield {
    ...{ level: "warning", rule: "status", name: "StopAllIterationAndWatermark", callers: [] },
    message:
      "a flow that waits holds headers by status 4, which this host takes for an error; build with --host, which holds them by status 1",
  };
}

/** The functions through which the module calls an import: the project's own, or the library's where none of them is. */
function callersOf({ info, contents, code, names }: HeldModule, name: string): string[] {
  if (code === undefined) return [];
  const { importedFunctions, functions: own } = contents;
  const imports = info.imports.filter(({ kind }) => kind === "function");
  const index = imports.findIndex((each) => each.name === name);
  const callers = own.map((each, i) => ({
    index: each.index,
    name: names?.nameOf(each.index) ?? each.name,
    calls: code.calls[i]!.has(index),
  }));
  const direct = callers.filter(({ calls }) => calls);
  const project = callers.filter(
    (each) => !isLibrary(each.name) && reachable(code, importedFunctions, each.index).has(index),
  );
  const told = (project.length > 0 ? project : direct).map((each) => names?.textOf(each.index) ?? each.name);
  return [...new Set(told)].slice(0, MOST);
}

/** How many callers are told. */
const MOST = 8;

const isLibrary = (name: string): boolean =>
  /^(start:)?~|^(proxy|envoy)_on_|^func \d|^wasm-function/.test(name);
