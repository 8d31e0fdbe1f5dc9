/**
 * Finds the faults of a module that keep Envoy from loading it, or that show later.
 *
 * @module
 */
import { callbackNames, exportType, importType } from "../host/abi/signatures.js";
import type { AbiVersion } from "../host/abi/signatures.js";
import type { ModuleInfo } from "../host/index.js";
import type { Contents } from "./binary.js";
import type { Code, Feature } from "./code.js";
import { reachable } from "./code.js";

/** One thing that was found. */
export interface Finding {
  /** With an error Envoy does not load the module, or does not survive it. A warning bites later. A note is for other hosts. */
  readonly level: "error" | "warning" | "note";
  /** The rule's name, for programs. */
  readonly rule: string;
  /** The fact, and the remedy. */
  readonly message: string;
}

/** A module, taken apart. */
export interface Subject {
  readonly bytes: number;
  readonly info: ModuleInfo;
  readonly contents: Contents;
  /** Undefined when it could not be read. */
  readonly code: Code | undefined;
}

const PAGE = 65536;
const MIB = 1 << 20;

/** Holds a module against the rules that Envoy 1.40, Istio and Google's hosts have. */
export function lint(subject: Subject): Finding[] {
  const findings = [
    ...abi(subject),
    ...imports(subject),
    ...exports(subject),
    ...memory(subject),
    ...start(subject),
    ...features(subject),
    ...size(subject),
  ];
  const order = ["error", "warning", "note"];
  return findings.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

const error = (rule: string, message: string): Finding => ({ level: "error", rule, message });
const warning = (rule: string, message: string): Finding => ({ level: "warning", rule, message });
const note = (rule: string, message: string): Finding => ({ level: "note", rule, message });

function* abi({ info }: Subject): Iterable<Finding> {
  if (info.abiVersion === undefined) {
    yield error(
      "abi-version",
      "no export says the ABI version: this is no Proxy-Wasm module (a filter exports proxy_abi_version_0_2_1)",
    );
    return;
  }
  const markers = info.exports.filter(({ name }) => /^proxy_abi_version_/.test(name));
  if (markers.length > 1)
    yield warning(
      "abi-version",
      `several exports say an ABI version; Envoy takes the first, ${info.abiVersion}`,
    );
  if (info.abiVersion !== "0.2.1")
    yield note("abi-version", `ABI ${info.abiVersion} is not the newest, which is 0.2.1; hosts take it, too`);
}

/** Functions that compilers import by themselves, each with a remedy. */
const remedies: Readonly<Record<string, string>> = {
  "env.abort": 'build with --use abort=… or with "extends": "proxy-wasm-as/asconfig.json"',
  "env.seed": "build with --use seed=…",
  "env.trace": "build with --use trace=…",
  "env.Date.now": "ask proxy_get_current_time_nanoseconds",
  "env.console.log": "call proxy_log",
};

function* imports({ info }: Subject): Iterable<Finding> {
  const version = info.abiVersion ?? "0.2.1";
  for (const { module, name, kind, type } of info.imports) {
    const full = `${module}.${name}`;
    if (kind === "memory") {
      yield error(
        "import-memory",
        `it imports its memory, which Envoy provides and other hosts do not; let the module have its own`,
      );
      continue;
    }
    if (kind !== "function") {
      yield error("import-kind", `it imports the ${kind} ${full}; hosts offer functions only`);
      continue;
    }
    const wanted = importType(version, module, name);
    if (wanted === undefined) yield error("import-unknown", unknownImport(version, full, module, name));
    else if (wanted !== type)
      yield error("import-type", `the import ${full} is ${type}, but the host's is ${wanted}`);
    else if (module.startsWith("wasi_") && !oldWasi.has(name))
      yield warning("import-wasi", `${full} is offered by Envoy 1.39 and newer only`);
  }
  const wasi = info.imports.filter(({ module }) => module.startsWith("wasi_"));
  const unusual = wasi.filter(({ name }) => !["fd_write", "clock_time_get", "random_get"].includes(name));
  if (unusual.length > 0)
    yield note(
      "import-wasi",
      `it imports ${unusual.map(({ name }) => name).join(", ")} from WASI, which not every host has (Google's: fd_write, clock_time_get, random_get)`,
    );
}

/** WASI in Envoy before 1.39. */
const oldWasi: ReadonlySet<string> = new Set([
  ...["args_get", "args_sizes_get", "clock_time_get", "environ_get", "environ_sizes_get", "fd_close"],
  ...["fd_fdstat_get", "fd_fdstat_set_flags", "fd_prestat_dir_name", "fd_prestat_get", "fd_read", "fd_seek"],
  ...["fd_write", "path_open", "poll_oneoff", "proc_exit", "random_get", "sched_yield"],
]);

function unknownImport(version: AbiVersion, full: string, module: string, name: string): string {
  const others = (["0.1.0", "0.2.0", "0.2.1"] as const).filter(
    (other) => importType(other, module, name) !== undefined,
  );
  if (others.length > 0) return `the import ${full} belongs to ABI ${others.at(-1)}, not to ${version}`;
  const remedy = remedies[full];
  return `no host has the import ${full}${remedy === undefined ? "" : `; ${remedy}`}`;
}

function* exports({ info }: Subject): Iterable<Finding> {
  const version = info.abiVersion ?? "0.2.1";
  const has = (name: string): boolean =>
    info.exports.some((entry) => entry.name === name && entry.kind === "function");
  const ignored = (name: string): boolean =>
    (name === "_start" && has("_initialize")) ||
    ((name === "main" || name === "__main_void") && !has("_initialize")) ||
    (name === "proxy_on_memory_allocate" && has("malloc"));
  for (const { name, kind, type } of info.exports) {
    const wanted = exportType(version, name);
    if (kind === "function" && wanted !== undefined && wanted !== type && !ignored(name))
      yield error("export-type", `the export ${name} is ${type}, but hosts call it as ${wanted}`);
    if (wanted === undefined && /^(proxy|envoy)_/.test(name) && !name.startsWith("proxy_abi_version_"))
      yield warning("export-unknown", `no host calls the export ${name}; ${nearest(name)}`);
  }
  if (!has("malloc") && !has("proxy_on_memory_allocate"))
    yield error(
      "allocator",
      "it exports no allocator (proxy_on_memory_allocate), so hosts cannot pass bytes",
    );
  if (has("malloc") && has("proxy_on_memory_allocate"))
    yield note("allocator", "it exports malloc and proxy_on_memory_allocate; Envoy calls malloc");
  for (const name of ["main", "__main_void", "_start"])
    if (has(name)) yield note("entry", `it exports ${name}, which a filter built as a reactor does not need`);
  if (has("_initialize") && has("_start"))
    yield warning("entry", "it exports _initialize and _start; Envoy calls _initialize and never _start");
}

/** Which callback was meant. */
function nearest(name: string): string {
  const ranked = callbackNames
    .filter((callback) => /^(proxy|envoy)_/.test(callback))
    .map((callback) => ({ callback, distance: distance(name, callback) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]!.distance <= name.length / 3 ? `is ${ranked[0]!.callback} meant?` : "it may be left out";
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row.at(-1);
}

function* memory({ info, contents }: Subject): Iterable<Finding> {
  const exported = info.exports.filter(({ kind }) => kind === "memory");
  if (exported.length === 0)
    yield error("memory", "it exports no memory, so hosts cannot read or write anything of it");
  if (contents.memories.length > 1) yield error("memory", "it has several memories; hosts use one");
  for (const { initialPages, maximumPages, shared, is64 } of contents.memories) {
    if (shared)
      yield error("memory-shared", "its memory is shared between threads, which hosts do not support");
    if (is64) yield error("memory-64", "its memory has 64-bit addresses; hosts pass 32-bit ones");
    const initial = initialPages * PAGE;
    if (initial > 1024 * MIB) yield error("memory-size", "it begins with more memory than Envoy's 1 GiB");
    else if (initial > 16 * MIB)
      yield warning(
        "memory-size",
        `it begins with ${initial / MIB} MiB of memory for each worker thread; Google's hosts allow 16 MiB`,
      );
    if (maximumPages !== null && maximumPages * PAGE < 2 * MIB && maximumPages < 16384)
      yield warning(
        "memory-limit",
        `its memory may not grow over ${maximumPages * 64} KiB, less than one body that Envoy buffers (1 MiB) may need`,
      );
  }
}

/** The functions that the host has ready while a module starts; a call of any other traps. */
const readyAtStart = new Set([
  ...["env.proxy_log", "env.emscripten_notify_memory_growth", "env.pthread_equal"],
]);

/** The imports that a call of the function `index` may reach. */
function callsFrom({ info, contents: { importedFunctions }, code }: Subject, index: number): string[] {
  if (code === undefined) return [];
  const functions = info.imports.filter(({ kind }) => kind === "function");
  return [...reachable(code, importedFunctions, index)]
    .filter((i) => i < importedFunctions)
    .map((i) => `${functions[i]!.module}.${functions[i]!.name}`);
}

/** Tells whether `_initialize` may ask for what differs between hosts (the environment, the time): no trial decides what it does. */
export function startVaries(subject: Subject): boolean {
  const initialize = subject.contents.exported.get("_initialize");
  if (initialize === undefined) return false;
  return callsFrom(subject, initialize).some((name) => !name.startsWith("env."));
}

function* start(subject: Subject): Iterable<Finding> {
  const { info, contents } = subject;
  if (contents.start !== undefined) {
    const calls = callsFrom(subject, contents.start);
    yield calls.length > 0
      ? error(
          "start-section",
          `its start section calls ${calls[0]}, which crashes Envoy; export _initialize instead`,
        )
      : warning(
          "start-section",
          "it has a start section; a host call in there crashes Envoy (export _initialize)",
        );
  }
  const initialize = contents.exported.get("_initialize");
  if (initialize === undefined || info.hasStart) return;
  const forbidden = callsFrom(subject, initialize).filter(
    (name) => name.startsWith("env.") && !readyAtStart.has(name),
  );
  if (forbidden.length > 0)
    yield warning(
      "initialize",
      `_initialize may call ${forbidden.join(", ")}; Envoy ends a module that calls anything but proxy_log there`,
    );
}

/** Which Envoys have the feature; what every host has is not listed. */
const support: Readonly<Partial<Record<Feature, Pick<Finding, "level" | "message">>>> = {
  "saturating conversions": { level: "note", message: "Envoy has them, hosts without V8 may not" },
  "multiple results": { level: "note", message: "Envoy has them, hosts without V8 may not" },
  "reference types": { level: "note", message: "Envoy has them, hosts without V8 may not" },
  SIMD: { level: "note", message: "Envoy has it, hosts without V8 may not" },
  "tail calls": { level: "warning", message: "Envoy before 1.33 does not load them" },
  "garbage collection": { level: "warning", message: "Envoy before 1.33 does not load it" },
  exceptions: {
    level: "note",
    message:
      "Envoy has them, hosts without V8 may not; for those, build with --host, or with asc and --use PROXY_WASM_TRAPS=1",
  },
  threads: { level: "error", message: "no host runs a module in several threads" },
};

function* features({ code }: Subject): Iterable<Finding> {
  for (const feature of code?.features ?? []) {
    const known = support[feature];
    if (known !== undefined)
      yield { level: known.level, rule: "feature", message: `it uses ${feature}: ${known.message}` };
  }
}

function* size({ bytes, contents }: Subject): Iterable<Finding> {
  if (bytes > 256 * MIB) yield error("size", "it is larger than the 256 MiB that Istio fetches");
  else if (bytes > 2 * MIB)
    yield warning("size", `it is ${(bytes / MIB).toFixed(1)} MiB; Google's hosts take 2 MiB`);
  // A build of this package leaves a section of 12 bytes without names, for which Envoy logs backtraces at all.
  if (!contents.sections.some(({ name, custom, bytes: size }) => custom && name === "name" && size > 12))
    yield note(
      "names",
      "it has no names of functions, so backtraces in the log show numbers; explain names them by the build's map",
    );
  for (const { name, custom } of contents.sections)
    if (custom && name.startsWith("precompiled_"))
      yield warning(
        "precompiled",
        `it carries compiled code (${name}), which runs in the Envoy that made it only`,
      );
}
