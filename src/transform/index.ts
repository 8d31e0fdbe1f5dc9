/**
 * The asc transform of proxy-wasm-as, listed in the package's `asconfig.json`: it does what users would forget. It adds
 * the callbacks that a filter overrides, redirects what the compiler would import from a browser, and refuses modules
 * that a host would not load.
 *
 * @module
 */
import type { Parser, Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { storeArrayLiterals } from "./module/array-literals.js";
import { BuildError } from "./build-error.js";
import { Containment } from "./contain/index.js";
import { bindCallbacks } from "./source/bound-callbacks.js";
import { installLanguage, type Language } from "../language/index.js";
import type { CompilerHooks } from "./compiler/compiler.js";
import { layoutOf } from "./compiler/layout.js";
import { forgetEarlierBuilds } from "./compiler/state.js";
import { dropAllocations } from "./module/constructors.js";
import { checkLiterals, dropUnusedData } from "./module/data.js";
import { writeDefaultOutput } from "./module/default-output.js";
import { findFlowUses, usesFlow } from "./flow/uses.js";
import { instrumentFlow } from "./flow/asyncify.js";
import { checkFlowRuntime } from "./flow/runtime.js";
import { dropsBodies, flagsOf } from "./source/header-flags.js";
import { findHeaderLiterals } from "./source/header-literals.js";
import { HEAP_IMPORT, removeRuntime, setBounds, usesHeap } from "./module/heap.js";
import { checkMembers } from "./source/members.js";
import { checkExports, checkImports } from "./module/interface-check.js";
import { nameLiterals, unnameLiterals } from "./module/literals.js";
import { checkModuleScope } from "./module/module-scope.js";
import type { Callback } from "./source/overrides.js";
import { findOverrides } from "./source/overrides.js";
import type { Registration } from "./source/registrations.js";
import { findRegistrations } from "./source/registrations.js";
import { erasePartial, explainUnreachable, guardLogs } from "./source/rewrite.js";
import { writeSection } from "./module/section.js";
import { dropConstantTexts } from "./module/visitors.js";
import { canShareStreams } from "./source/shared-streams.js";
import { PACKAGE, isOwnSource, userSources } from "./source/syntax.js";
import {
  actsFromElsewhere,
  canNest,
  findUses,
  namesMember,
  resumesBoth,
  tick,
  usesMember,
} from "./source/uses.js";

/** The oldest compiler that this transform is tested with. */
const OLDEST_COMPILER = [0, 28, 9] as const;

/** What the compiler calls for its own globals, and what it calls instead. */
const redirections: Readonly<Record<string, string>> = {
  abort: "runtime/abort/abort",
  seed: "services/standard/seed",
  trace: "services/standard/trace",
  console: "services/standard/console",
  Date: "services/standard-date/Date",
};

export default class ProxyWasmTransform implements CompilerHooks {
  declare program: Program;
  declare binaryen: CompilerHooks["binaryen"];
  declare baseDir: string;
  declare writeFile: CompilerHooks["writeFile"];
  declare private parser: Parser;
  declare private containment: Containment;
  private flow = false;
  private holdsHeaders = false;
  private registrations: readonly Registration[] = [];
  private readonly language: Language | undefined = installLanguage(this);

  afterParse(parser: Parser): void {
    this.language?.afterParse(parser);
    this.parser = parser;
    const { options } = this.program;
    checkCompiler(options);
    forgetEarlierBuilds(this.binaryen);
    options.exportStart = "_initialize";
    const define = (name: string, value: string): void => {
      options.globalAliases ??= new Map();
      options.globalAliases.set(name, value);
    };
    define("PROXY_WASM_AS", "1");
    if (options.debugInfo && !isOptimized(options)) define("PROXY_WASM_DEBUG", "1");
    for (const [name, target] of Object.entries(redirections)) define(name, `${PACKAGE}assembly/${target}`);

    const sources = userSources(parser);
    checkMembers(parser);
    this.flow = usesFlow(parser);
    if (this.flow) {
      checkFlowRuntime(this.program);
      define("PROXY_WASM_FLOW", "1");
      this.holdsHeaders = namesMember(sources, "holdHeaders");
    }
    const registrations = findRegistrations(sources);
    this.registrations = registrations;
    const literals = findHeaderLiterals(sources);
    const shared = canShareStreams(registrations, sources) && !literals.drops;
    if (shared) define("PROXY_WASM_SHARED_STREAMS", "1");
    if (registrations.length > 1 || registrations[0]?.rootId !== "") define("PROXY_WASM_ROOT_IDS", "1");
    if (usesMember(sources, "trailers")) define("PROXY_WASM_TRAILERS", "1");
    for (const flag of flagsOf(literals)) define(`PROXY_WASM_${flag}`, "1");
    const uses = findUses(sources);
    // Without uses, streams are acted upon in their own callbacks only.
    if (uses.length > 0 && resumesBoth(sources)) {
      define("PROXY_WASM_RESUMES_BOTH", "1");
      uses.push(tick);
    }
    // A flow does not act upon the streams of others.
    const actsOnOthers = this.flow ? uses.length > 0 : actsFromElsewhere(sources, uses);
    if (this.flow) uses.push(...findFlowUses(sources, define));
    const timers = uses.some(({ callback }) => callback === "proxy_on_tick");
    if (timers) define("PROXY_WASM_TIMERS", "1");
    if (!shared && (timers || actsOnOthers)) define("PROXY_WASM_SHARED_TURNS", "1");
    // From `onLog` on, Envoy crashes on what is done to a stream, and others still run before `onDone`.
    if (!shared && actsFromElsewhere(sources, uses))
      uses.push({ file: "lifecycle", callback: "proxy_on_log" });
    if (canNest(uses)) define("PROXY_WASM_NESTING", "1");
    const callbacks = callbacksOf([...findOverrides(sources), ...uses], registrations, shared);
    if (dropsBodies(literals, callbacks, shared)) define("PROXY_WASM_DROPS_BODIES", "1");
    const entry = entrySource(callbacks);
    const heap = usesHeap(this.program);
    if (heap) removeRuntime(parser);
    this.containment = new Containment(this.program, define);
    const contain = this.containment.entry(entry, this.flow);
    parser.parseFile(
      heap ? `${entry}\n${HEAP_IMPORT}\n${contain}` : `${entry}\n${contain}`,
      `${PACKAGE}entry.ts`,
      true,
    );

    for (const source of sources) {
      bindCallbacks(source);
      explainUnreachable(source);
      guardLogs(source);
      erasePartial(source);
    }
    for (const source of parser.sources) if (isOwnSource(source)) erasePartial(source);
    this.language?.prepareTypes(parser, sources);
  }

  afterInitialize(program: Program): void {
    this.language?.afterInitialize(program);
  }

  afterCompile(module: binaryenTypes.Module): void {
    const layout = layoutOf(this.program);
    const optimized = isOptimized(this.program.options);
    checkLiterals(module, layout);
    dropAllocations(module, this.binaryen);
    if (usesHeap(this.program)) storeArrayLiterals(module, this.binaryen, layout);
    this.containment.prepare(module, this.binaryen);
    if (this.flow) instrumentFlow(module, this.binaryen, this.program, this.parser);
    checkImports(module, this.binaryen, this.program);
    checkExports(module, this.binaryen);
    checkModuleScope(module, this.binaryen, this.parser);
    this.containment.finish(module, this.binaryen);
    if (optimized && usesHeap(this.program)) dropConstantTexts(module, this.binaryen, layout);
    if (optimized) nameLiterals(module, this.binaryen, layout);
    if (usesHeap(this.program)) setBounds(module, this.binaryen, this.program, layout, optimized);
    if (optimized) dropUnusedData(module, layout, unnameLiterals(module, this.binaryen));
    writeSection(
      module,
      this.registrations,
      this.flow ? { flow: true, ...(this.holdsHeaders && { holdsHeaders: true }) } : {},
    );
    writeDefaultOutput(module, this);
  }
}

function isOptimized(options: Program["options"]): boolean {
  return options.optimizeLevelHint > 0 || options.shrinkLevelHint > 0;
}

function checkCompiler(options: Program["options"]): void {
  const version = [options.bundleMajorVersion, options.bundleMinorVersion, options.bundlePatchVersion];
  const older = version.findIndex((part, index) => part !== OLDEST_COMPILER[index]);
  if (older >= 0 && version[older]! < OLDEST_COMPILER[older]!) {
    throw new BuildError(
      `proxy-wasm-as needs AssemblyScript ${OLDEST_COMPILER.join(".")} or newer, this is ${version.join(".")}: npm install --save-dev assemblyscript@0.28`,
    );
  }
  if ((options.runtime as number) === 0) {
    throw new BuildError(
      'the runtime "stub" never frees memory, so a proxy would run out of it; remove "runtime" from asconfig.json, or set "minimal" or "incremental".',
    );
  }
}

/** The callbacks to export, as `[file, name]`. */
function callbacksOf(
  wanted: readonly Callback[],
  registrations: readonly Registration[],
  shared: boolean,
): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>([["lifecycle", new Set()]]);
  const add = (file: string, name: string): void => {
    if (!files.has(file)) files.set(file, new Set());
    files.get(file)!.add(name);
  };
  add("lifecycle", "proxy_abi_version_0_2_1");
  add("lifecycle", "proxy_on_memory_allocate");
  if (!shared) {
    add("lifecycle", "proxy_on_context_create");
    add("lifecycle", "proxy_on_delete");
  }
  // A plugin that nothing is registered for must refuse its configuration.
  if (registrations.every((registration) => registration.rootId !== ""))
    add("lifecycle", "proxy_on_configure");
  for (const { file, callback } of wanted) add(file, callback);
  return files;
}

/** The text of the entry file: exports the callbacks, and brings in what the redirections name. */
function entrySource(callbacks: ReadonlyMap<string, ReadonlySet<string>>): string {
  const lines: string[] = [];
  for (const [file, names] of callbacks) {
    if (names.size > 0)
      lines.push(`export { ${[...names].join(", ")} } from "./assembly/callbacks/${file}";`);
  }
  for (const target of Object.values(redirections))
    lines.push(`import "./assembly/${target.slice(0, target.lastIndexOf("/"))}";`);
  return lines.join("\n");
}
