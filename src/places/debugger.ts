/**
 * Modules as debuggers want them: with a source map inside that tells where the sources are.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { SectionId, sectionsOf } from "../wasm/reader.js";
import { Writer, unsigned } from "../wasm/writer.js";
import { shiftMappings } from "./mappings.js";
import type { SourceMapFile } from "./place-map.js";
import { isOfLibrary } from "./place-map.js";

/** The custom section by which a module names its source map. */
const SECTION = "sourceMappingURL";

/** Tells whether the module names a source map, as debug modules do. */
export function namesMap(module: Uint8Array): boolean {
  for (const { id, content } of sectionsOf(module))
    if (id === SectionId.Custom && content.text() === SECTION) return true;
  return false;
}

/**
 * The module with the map itself in place of the map's address, which debuggers would look for beside `wasm://wasm/…`. Sources of
 * the project are named by their files; libraries' stand in the map alone. `shift` is how many bytes more the module will have before its
 * code when it runs.
 */
export function forDebuggers(
  module: Uint8Array,
  map: SourceMapFile,
  folder: string,
  shift: number,
): Uint8Array {
  const base = pathToFileURL(`${folder}/`).href;
  const sources = map.sources.map((source) =>
    isOfLibrary(source)
      ? `proxy-wasm-as:///${source.replace(/^(\.\.\/)+/, "")}`
      : new URL(encodeURI(source), base).href,
  );
  const own = {
    version: 3,
    sources,
    sourcesContent: map.sourcesContent ?? [],
    names: [],
    mappings: shiftMappings(map.mappings, shift),
  };
  const text = Buffer.from(JSON.stringify(own)).toString("base64");
  const url = new TextEncoder().encode(`data:application/json;base64,${text}`);
  const writer = new Writer().add(module.subarray(0, 8));
  for (const { id, bytes, content } of sectionsOf(module))
    if (id !== SectionId.Custom || content.text() !== SECTION) writer.add(bytes);
  const section = new Writer()
    .addSized(new TextEncoder().encode(SECTION))
    .add(unsigned(url.length))
    .add(url)
    .bytes();
  return writer.add([SectionId.Custom]).addSized(section).bytes();
}
