/**
 * Reads the file beside a deployed module, `plugin.wasm.map`: a source map, and the names of the functions, which the module
 * itself does not carry.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { SectionId, sectionsOf } from "../wasm/reader.js";
import { functionsOf } from "./functions.js";
import type { ModuleFunction } from "./functions.js";
import type { Mapping } from "./mappings.js";
import { decodeMappings, lastUpTo } from "./mappings.js";
import type { Scope } from "./scopes.js";
import { scopeAt, scopesOf } from "./scopes.js";

/** The field of the source map that is this package's own. */
const FIELD = "x_proxy_wasm_as";

/** A source map as the compiler writes it. */
export interface SourceMapFile {
  readonly version: number;
  readonly sourceRoot?: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names?: readonly string[];
  readonly mappings: string;
}

interface Extension {
  /** Of the module's sections, without custom ones, by SHA-256. */
  readonly digest: string;
  readonly functions: readonly (readonly [index: number, name: string, offset: number, size: number])[];
}

/** A place in a source; line and column begin with 1. */
export interface Place {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** A function, and the place that is executed in it. */
export interface PlacedFrame {
  /** As the compiler calls it: `assembly/index/MyFilter#onRequestHeaders`. */
  readonly name: string;
  /** Undefined where the code comes from no source. */
  readonly place: Place | undefined;
  /** Tells whether what runs is a library's code that was built into the function, near this place. */
  readonly isNear: boolean;
  /** The function that the place stands in, as its author named it. */
  readonly scope: string | undefined;
}

/** The file is no source map, or not of a WebAssembly module. */
export class NoMap extends Error {
  override readonly name = "NoMap";
}

/**
 * The text of the map that is kept beside a module, made while the module still has names. Of the sources' texts only those of
 * the user stay, unless it is for debuggers: then `root` is the project, seen from the map.
 */
export function makeMap(map: SourceMapFile, module: Uint8Array, root?: string): string {
  const functions = functionsOf(module).map(({ index, name, offset, size }) => [index, name, offset, size]);
  return JSON.stringify({
    version: 3,
    ...(root !== undefined && { sourceRoot: root }),
    sources: map.sources,
    sourcesContent: map.sources.map((source, i) =>
      isOfLibrary(source) && root === undefined ? null : (map.sourcesContent?.[i] ?? null),
    ),
    names: [],
    mappings: map.mappings,
    [FIELD]: { digest: digestOf(module), functions },
  });
}

/** Tells whether a source belongs to a package: AssemblyScript's, this one, another's. */
export function isOfLibrary(source: string): boolean {
  return /^~lib\/|(^|\/)node_modules\//.test(source);
}

/** Finds functions and places of a module. */
export class PlaceMap {
  private readonly mappings: readonly Mapping[];
  /** The functions that the module defines, in the order of their code. */
  readonly definedFunctions: readonly ModuleFunction[];
  private readonly scopes = new Map<string, readonly Scope[]>();
  private readonly byIndex: ReadonlyMap<number, ModuleFunction>;

  private constructor(
    readonly file: SourceMapFile,
    functions: readonly ModuleFunction[],
    private readonly digest: string | undefined,
  ) {
    this.mappings = decodeMappings(file.mappings);
    this.definedFunctions = [...functions].sort((a, b) => a.offset - b.offset);
    this.byIndex = new Map(functions.map((one) => [one.index, one]));
  }

  /** Reads a map; a source map without names takes those of `module`. Throws `NoMap`. */
  static read(text: string, module?: Uint8Array): PlaceMap {
    try {
      const file = JSON.parse(text) as SourceMapFile & { readonly [FIELD]?: Extension };
      if (file.version !== 3 || !Array.isArray(file.sources)) throw new NoMap("it is no source map");
      const own = file[FIELD];
      if (own === undefined)
        return new PlaceMap(file, module === undefined ? [] : functionsOf(module), undefined);
      const functions = own.functions.map(([index, name, offset, size]) => ({ index, name, offset, size }));
      return new PlaceMap(file, functions, own.digest);
    } catch (error) {
      if (error instanceof NoMap) throw error;
      throw new NoMap(`it is no source map: ${(error as Error).message}`);
    }
  }

  /** Tells whether the map says that it was made with another module than this one. */
  isOfAnother(module: Uint8Array): boolean {
    return this.digest !== undefined && this.digest !== digestOf(module);
  }

  /** The name of a function by its number; undefined when the map knows none. */
  nameOf(index: number): string | undefined {
    return this.byIndex.get(index)?.name;
  }

  /** The function whose code has this offset. */
  functionAt(offset: number): ModuleFunction | undefined {
    const found = lastUpTo(this.definedFunctions, offset);
    return found !== undefined && offset < found.offset + found.size ? found : undefined;
  }

  /** The place whose code stands at this offset. */
  placeAt(offset: number): Place | undefined {
    const mapping = lastUpTo(this.mappings, offset);
    if (mapping?.place === undefined) return undefined;
    // Code that comes from no source has no mapping. A mapping from before the function's beginning belongs to another function.
    const around = this.functionAt(offset);
    if (around !== undefined && mapping.offset < around.offset) return undefined;
    return this.placed(mapping);
  }

  /** The place in its source at which a function begins. */
  beginningOf(index: number): Place | undefined {
    const found = this.byIndex.get(index);
    if (found === undefined) return undefined;
    const last = lastUpTo(this.mappings, found.offset + found.size - 1);
    let first: Place | undefined;
    for (let i = last === undefined ? -1 : this.mappings.indexOf(last); i >= 0; i--) {
      const mapping = this.mappings[i]!;
      if (mapping.offset < found.offset) break;
      const place = this.placed(mapping);
      if (place !== undefined) first = place;
    }
    return first;
  }

  /** The place of the declaration of a function, by the compiler's name: `assembly/index/MyFilter#onRequestHeaders`. */
  declarationOf(name: string): Place | undefined {
    for (const source of this.file.sources) {
      const path = source.replace(/\.ts$/, "/");
      if (isOfLibrary(source) || !name.startsWith(path)) continue;
      const scope = this.scopesIn(source).find(
        (one) => one.name === name.slice(path.length).replace(/<.*/, ""),
      );
      if (scope !== undefined) return { source, line: scope.line, column: scope.column };
    }
    return undefined;
  }

  /** The function and place of a backtrace's line. */
  frame(offset: number, index?: number): PlacedFrame | undefined {
    const around = this.functionAt(offset);
    if (around === undefined || (index !== undefined && around.index !== index)) return undefined;
    const exact = this.placeAt(offset);
    const isNear = !isOfLibrary(around.name) && (exact === undefined || isOfLibrary(exact.source));
    const place = isNear ? (this.ownPlaceBefore(offset, around) ?? exact) : exact;
    return { name: around.name, place, isNear: place !== exact, scope: place && this.scopeOf(place)?.name };
  }

  /** The function of a user's source around a place. */
  scopeOf({ source, line, column }: Place): Scope | undefined {
    return scopeAt(this.scopesIn(source), line, column);
  }

  /** The functions of a source; none of a library's. */
  scopesIn(source: string): readonly Scope[] {
    let scopes = this.scopes.get(source);
    if (scopes === undefined) {
      const text = this.file.sourcesContent?.[this.file.sources.indexOf(source)];
      scopes = isOfLibrary(source) || typeof text !== "string" ? [] : scopesOf(text);
      this.scopes.set(source, scopes);
    }
    return scopes;
  }

  /** The last place of a user's source before an offset of a function. */
  private ownPlaceBefore(offset: number, { offset: beginning }: ModuleFunction): Place | undefined {
    const last = lastUpTo(this.mappings, offset);
    for (let i = last === undefined ? -1 : this.mappings.indexOf(last); i >= 0; i--) {
      const mapping = this.mappings[i]!;
      if (mapping.offset < beginning) return undefined;
      const place = this.placed(mapping);
      if (place !== undefined && !isOfLibrary(place.source)) return place;
    }
    return undefined;
  }

  /** All mappings with a place, in the order of the code. */
  *places(): Iterable<Place & { readonly offset: number }> {
    for (const mapping of this.mappings) {
      const place = this.placed(mapping);
      if (place !== undefined) yield { ...place, offset: mapping.offset };
    }
  }

  private placed({ place }: Mapping): Place | undefined {
    if (place === undefined) return undefined;
    const source = this.file.sources[place.source];
    return source === undefined ? undefined : { source, line: place.line + 1, column: place.column + 1 };
  }
}

/** The digest of what is executed: custom sections may come and go. */
function digestOf(module: Uint8Array): string {
  const hash = createHash("sha256");
  for (const { id, bytes } of sectionsOf(module)) if (id !== SectionId.Custom) hash.update(bytes);
  return hash.digest("hex");
}
