/**
 * Tries the start of a module before a build writes it.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import type { SourceMapPayload } from "node:module";
import { SourceMap, createRequire } from "node:module";
import { dirname, join } from "node:path";
import { outline, tryModule } from "../inspect/index.js";
import type { ModuleSection } from "../module-section.js";
import { readSection } from "../module-section.js";
import type { Project } from "./compile.js";
import { UserError } from "./error.js";

/** Callbacks that see no configuration: with any other, the module traps in them as well. */
const UNCONDITIONAL = ["_initialize", "_start", "proxy_on_context_create"];

/**
 * Starts the module that a build has made, each of its plugins, as Envoy would. Throws `UserError` when it cannot work;
 * answers what else is to be said. `map` is the source map's file; `makeDebug` builds the same again without optimization,
 * where a trap still has its place, and answers the module's file.
 */
export async function vouch(
  wasm: Uint8Array,
  map: string,
  project: Project,
  makeDebug: () => Promise<string | undefined>,
): Promise<string[]> {
  if (outline(wasm).callbacks.length === 0 || !hasOwnCode(readMap(map).sources, project))
    throw new UserError(
      'The module has nothing of this project\'s code: what asconfig.json names under "entries" was not compiled. ' +
        'A transform under "options" may have taken it out; build once without it.',
    );
  const warnings: string[] = [];
  for (const rootId of rootIds(readSection(wasm))) {
    const { stage, message, trappedIn } = await tryModule(wasm, { rootId });
    if (stage === "running") continue;
    const place = trappedIn === undefined ? undefined : await placeOf(rootId, makeDebug);
    const where = place === undefined ? "" : `, reached from ${place}`;
    if (stage === "load" || (trappedIn !== undefined && UNCONDITIONAL.includes(trappedIn)))
      throw new UserError(`The module does not start: ${message}${where}.`);
    const name = rootId === "" ? "the plugin" : `the plugin "${rootId}"`;
    if (/has no plugin for root_id/.test(message))
      throw new UserError(
        `The module does not start: ${name} is never registered while it starts: ${message}.`,
      );
    // A bug that the module has caught itself: its line in the log says where it is.
    if (trappedIn === undefined && /\(it logged: abort: /.test(message))
      warnings.push(`WARNING ${name} has a bug when it is given no configuration: ${message}.`);
    if (trappedIn !== undefined)
      warnings.push(`WARNING ${name} traps when it is given no configuration: ${message}${where}.`);
  }
  return warnings;
}

function readMap(file: string): SourceMapPayload {
  return JSON.parse(readFileSync(file, "utf8")) as SourceMapPayload;
}

/** Tells whether some of what was compiled is neither the SDK's nor AssemblyScript's. */
function hasOwnCode(sources: readonly string[], { folder }: Project): boolean {
  const compiler = createRequire(join(folder, "package.json")).resolve("assemblyscript/package.json");
  const standard = join(dirname(compiler), "std", "assembly");
  return sources.some((source) => {
    const inLibrary = /^~lib\/(.*)$/.exec(source)?.[1];
    if (inLibrary === undefined) return true;
    return !inLibrary.startsWith("proxy-wasm-as/") && !existsSync(join(standard, inLibrary));
  });
}

/** The root ids that the build knows. */
function rootIds({ http = [], tcp = [], plugin = [] }: Partial<ModuleSection> = {}): string[] {
  const known = [...new Set([...http, ...tcp, ...plugin])].filter((rootId) => rootId !== null);
  return known.length === 0 ? [""] : known;
}

/** The innermost place of a plugin's trap that stands in no library. */
async function placeOf(
  rootId: string,
  makeDebug: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const file = await makeDebug();
  if (file === undefined) return undefined;
  const { backtrace } = await tryModule(readFileSync(file), { rootId });
  const payload = readMap(`${file}.map`);
  const map = new SourceMap(payload);
  for (const { name, offset } of backtrace) {
    // Functions are called after their file: assembly/index/A#method, and start:assembly/index for its top level.
    const path = name.replace(/^start:/, "");
    const source = payload.sources.find((one) => !one.startsWith("~lib/") && isIn(path, one));
    if (source === undefined) continue;
    const entry = map.findEntry(0, offset);
    // If the map has no entry for the offset, it answers with the one before, which may be of another function.
    if (!("originalSource" in entry) || entry.originalSource !== source) return source;
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }
  return undefined;
}

function isIn(path: string, source: string): boolean {
  const file = source.replace(/\.ts$/, "");
  return path === file || path.startsWith(`${file}/`);
}
