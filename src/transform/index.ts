/**
 * The asc transform of proxy-wasm-as, listed in the package's `asconfig.json`: it does what users would forget. It adds
 * the callbacks that a filter overrides, redirects what the compiler would import from a browser, and refuses modules
 * that a host would not load.
 *
 * @module
 */
import type { Parser, Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { APPEND_EXPORTS, addsAgain, growTexts } from "./module/appends.js";
import { storeArrayLiterals } from "./module/array-literals.js";
import { BuildError } from "./build-error.js";
import { Containment } from "./contain/index.js";
import { bindCallbacks, ownCallbackTakers } from "./source/bound-callbacks.js";
import { installLanguage, type Language } from "../language/index.js";
import type { CompilerHooks } from "./compiler/compiler.js";
import { hasErrors, isEntry, isOwnCompiler } from "./compiler/compiler.js";
import { layoutOf } from "./compiler/layout.js";
import { defineLike, exportsOfFile } from "./compiler/resolved.js";
import { readFilesOnce } from "./compiler/parser-hook.js";
import { forgetEarlierBuilds } from "./compiler/state.js";
import { dropAllocations } from "./module/constructors.js";
import { checkLiterals, dropUnusedData } from "./module/static-data.js";
import { writeDefaultOutput } from "./module/default-output.js";
import { usesFlow } from "./flow/flow-callbacks.js";
import { instrumentFlow } from "./flow/asyncify.js";
import { checkFlowRuntime } from "./flow/runtime.js";
import { HEAP_IMPORT, checkBounds, removeRuntime, setBounds, usesHeap } from "./module/heap.js";
import { checkExports, checkImports } from "./module/interface-check.js";
import { nameLiterals, unnameLiterals } from "./module/literals.js";
import { checkReached } from "./module/reached.js";
import { checkModuleScope } from "./module/module-scope.js";
import { completeOwnNames } from "./module/own-names.js";
import { addConfigReaders } from "./source/config-readers.js";
import { LIBRARY_IMPORTS, mendLibrary } from "./source/library-faults.js";
import { guardLogs } from "./source/log-guards.js";
import { erasePartial, explainUnreachable, resolveStarImports } from "./source/rewrite.js";
import { writeSection } from "./module/custom-section.js";
import { dropConstantTexts } from "./module/collector-visits.js";
import { files } from "./program/callbacks.js";
import { checkOwnExports } from "./program/checks.js";
import { checkMembers } from "./program/contexts.js";
import { decide } from "./program/decide.js";
import type { Registrations } from "./program/registrations.js";
import { PACKAGE, isOwnSource, userSources } from "./source/syntax.js";
import { namesMember } from "./source/implied-callbacks.js";

/** The file that exports the callbacks. */
const ENTRY = `${PACKAGE}entry.ts`;

/** The oldest compiler that this transform is tested with. */
const OLDEST_COMPILER = [0, 28, 9] as const;

/** The newest compiler that it is tested with. */
const NEWEST_COMPILER = [0, 28, 20] as const;

/** The functions that the compiler calls for its own globals, with those that it calls instead. */
const redirections: Readonly<Record<string, string>> = {
  abort: "runtime/abort/abort",
  seed: "services/standard/seed",
  trace: "services/standard/trace",
  console: "services/standard/console",
  Date: "services/standard-date/Date",
  crypto: "services/random/crypto",
};

/** Tells whether a filter asks the host for random bytes, of which `Math.random` can have a seed then. */
const ASKS_FOR_RANDOM =
  /import\s*\{[^}]*\brandom\b[^}]*\}\s*from\s*["']proxy-wasm-as["']|\bcrypto\s*\.\s*getRandomValues\b/;

export default class ProxyWasmTransform implements CompilerHooks {
  declare program: Program;
  declare binaryen: CompilerHooks["binaryen"];
  declare baseDir: string;
  declare writeFile: CompilerHooks["writeFile"];
  declare stderr: CompilerHooks["stderr"];
  declare private parser: Parser;
  declare private containment: Containment;
  declare private flow: boolean;
  declare private appends: boolean;
  /** Only where there are flows. */
  declare private holdsHeaders: boolean;
  private registrations: Registrations = { calls: [], mayBeMore: false };
  private callbacks: ReadonlySet<string> = new Set();
  private readonly language: Language | undefined = installLanguage(this);

  constructor() {
    if (!isOwnCompiler(this.program))
      throw new BuildError(
        "this is another copy of the compiler than the one that proxy-wasm-as finds, which is so when proxy-wasm-as is a link to a folder: build with npx proxy-wasm-as build, or install what npm pack makes of that folder.",
      );
    readFilesOnce(this.program);
  }

  afterParse(parser: Parser): void {
    this.language?.afterParse(parser);
    this.parser = parser;
    const { options } = this.program;
    checkCompiler(options, (line) => this.stderr.write(`WARNING ${line}\n`));
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
    addConfigReaders(parser, sources);
    if (sources.some(({ text }) => ASKS_FOR_RANDOM.test(text)))
      define("seed", `${PACKAGE}assembly/services/random/seed`);
    this.flow = usesFlow(parser);
    if (this.flow) {
      checkFlowRuntime(this.program);
      define("PROXY_WASM_FLOW", "1");
      this.holdsHeaders = namesMember(sources, "holdHeaders");
    }
    const heap = usesHeap(this.program);
    if (heap) removeRuntime(parser);
    this.containment = new Containment(this.program);
    this.containment.prepareSources(sources, define, this.language !== undefined);
    this.appends = heap && sources.some(addsAgain);
    const appends = this.appends ? APPEND_EXPORTS : "";
    mendLibrary(parser);
    const imports = `${LIBRARY_IMPORTS}\n${heap ? HEAP_IMPORT : ""}`;
    const entry = [entrySource(), imports, appends, this.containment.entry(this.flow)];
    parser.parseFile(entry.join("\n"), ENTRY, true);

    // Without the language, no other arrow function may use `this`.
    const own = this.language === undefined ? new Set<string>() : ownCallbackTakers(sources);
    for (const source of sources) {
      resolveStarImports(source);
      bindCallbacks(source, own);
      explainUnreachable(source);
      guardLogs(source, sources);
      erasePartial(source);
    }
    for (const source of parser.sources) if (isOwnSource(source)) erasePartial(source);
    this.language?.prepareTypes(parser, sources);
  }

  afterInitialize(program: Program): void {
    this.language?.afterInitialize(program);
    checkMembers(program);
    // The compiler's own messages come first: what it could not resolve is no ground for others.
    if (hasErrors(program)) return;
    const sources = userSources(this.parser);
    const entry = this.parser.sources.find(({ normalizedPath }) => normalizedPath === ENTRY)!;
    checkOwnExports(program, sources.filter(isEntry));
    const { registrations, callbacks, defines } = decide(program, sources, this.flow);
    this.registrations = registrations;
    this.callbacks = callbacks;
    for (const name of defines) defineLike(program, name, "PROXY_WASM_AS");
    const exported = exportsOfFile(program, entry);
    for (const name of [...exported.keys()])
      if (!callbacks.has(name) && !isInternal(name)) exported.delete(name);
  }

  afterCompile(module: binaryenTypes.Module): void {
    try {
      this.finish(module);
    } catch (error) {
      if (error instanceof Error) throw error;
      // Binaryen's own exceptions are no errors, and the compiler could not print them.
      throw new BuildError(
        "this compiler's binaryen cannot build this module, which newer ones may; use AssemblyScript 0.28.20: npm install --save-dev assemblyscript@0.28.20",
      );
    }
  }

  private finish(module: binaryenTypes.Module): void {
    const layout = layoutOf(this.program);
    const optimized = isOptimized(this.program.options);
    checkLiterals(module, layout);
    if (usesHeap(this.program)) checkBounds(module);
    if (this.appends) growTexts(module, this.binaryen, optimized);
    dropAllocations(module, this.binaryen);
    completeOwnNames(module, this.binaryen, userSources(this.parser));
    if (usesHeap(this.program)) storeArrayLiterals(module, this.binaryen, layout);
    this.containment.prepare(module, this.binaryen);
    if (this.flow) instrumentFlow(module, this.binaryen, this.program, this.parser);
    checkImports(module, this.binaryen, this.program);
    checkExports(module, this.binaryen, this.callbacks);
    checkReached(module, this.binaryen, this.registrations);
    this.containment.finish(module, this.binaryen);
    checkModuleScope(module, this.binaryen, this.parser);
    if (optimized && usesHeap(this.program)) dropConstantTexts(module, this.binaryen, layout);
    if (optimized) nameLiterals(module, this.binaryen, layout);
    if (usesHeap(this.program)) setBounds(module, this.binaryen, this.program, layout, optimized);
    if (optimized) dropUnusedData(module, layout, unnameLiterals(module, this.binaryen));
    writeSection(
      module,
      this.registrations.calls,
      this.flow ? { flow: true, ...(this.holdsHeaders && { holdsHeaders: true }) } : {},
    );
    writeDefaultOutput(module, this);
  }
}

/** Tells whether the entry exports a function so that it is compiled, and not for the host. */
function isInternal(name: string): boolean {
  return name.startsWith("$");
}

function isOptimized(options: Program["options"]): boolean {
  return options.optimizeLevelHint > 0 || options.shrinkLevelHint > 0;
}

function checkCompiler(options: Program["options"], warn: (line: string) => void): void {
  const version = [options.bundleMajorVersion, options.bundleMinorVersion, options.bundlePatchVersion];
  const older = version.findIndex((part, index) => part !== OLDEST_COMPILER[index]);
  if (older >= 0 && version[older]! < OLDEST_COMPILER[older]!) {
    throw new BuildError(
      `proxy-wasm-as needs AssemblyScript ${OLDEST_COMPILER.join(".")} or newer, this is ${version.join(".")}: npm install --save-dev assemblyscript@0.28`,
    );
  }
  const newer = version.findIndex((part, index) => part !== NEWEST_COMPILER[index]);
  if (newer >= 0 && version[newer]! > NEWEST_COMPILER[newer]!) {
    warn(
      `proxy-wasm-as is tried with AssemblyScript up to ${NEWEST_COMPILER.join(".")}, this is ${version.join(".")}: what it does not know fails the build; npm install --save-dev assemblyscript@${NEWEST_COMPILER.join(".")} is safe.`,
    );
  }
  if ((options.runtime as number) === 0) {
    throw new BuildError(
      'the runtime "stub" never frees memory, so a proxy would run out of it; remove "runtime" from asconfig.json, or set "minimal" or "incremental".',
    );
  }
}

/** The text of the entry file: exports all callbacks, and brings in what the redirections name. */
function entrySource(): string {
  const lines = Object.entries(files).map(
    ([file, names]) => `export { ${names.join(", ")} } from "./assembly/callbacks/${file}";`,
  );
  for (const target of Object.values(redirections))
    lines.push(`import "./assembly/${target.slice(0, target.lastIndexOf("/"))}";`);
  return lines.join("\n");
}
