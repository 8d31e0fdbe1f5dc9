/**
 * Places in words.
 *
 * @module
 */
import type { Place, PlacedFrame, PlaceMap } from "./place-map.js";
import { isOfLibrary } from "./place-map.js";

/** `assembly/index.ts:5:9` */
export function placeText({ source, line, column }: Place): string {
  return `${source}:${line}:${column}`;
}

/** A function's name without its file: `MyFilter#onRequestHeaders`. */
export function shortName(name: string): string {
  const short = /^(?:start:)?[^<(]*\/([^/<(]+(?:[<(].*)?)$/.exec(name)?.[1] ?? name;
  return name.startsWith("start:")
    ? `module scope of ${name.slice(6)}`
    : short.replace(/~anonymous.*/, " (closure)");
}

/** `MyFilter#onRequestHeaders (assembly/index.ts:5:9)`; of code that was built into another function, both are told. */
export function frameText({ name, place, isNear, scope }: PlacedFrame): string {
  if (place === undefined) return name;
  const short = shortName(name);
  const where = `(${isNear ? "near " : ""}${placeText(place)})`;
  const isOwn = scope === undefined || scope === short || name.includes("~anonymous");
  return isOwn ? `${scope ?? short} ${where}` : `${scope} ${where}, in ${short}`;
}

type Frames = readonly { readonly index: number; readonly offset: number }[];

/** An error's stack for its author: the frames in sources of the user; all where none is. */
export function stackLines(map: PlaceMap, frames: Frames): string[] {
  const own = ownStackLines(map, frames);
  return own.length > 0 ? own : linesOf(placedIn(map, frames));
}

/** The frames in sources of the user. */
export function ownStackLines(map: PlaceMap, frames: Frames): string[] {
  return linesOf(
    placedIn(map, frames).filter(({ place }) => place !== undefined && !isOfLibrary(place.source)),
  );
}

function placedIn(map: PlaceMap, frames: Frames): PlacedFrame[] {
  return frames.flatMap(({ index, offset }) => map.frame(offset, index) ?? []);
}

function linesOf(frames: readonly PlacedFrame[]): string[] {
  return frames.map((frame) => `at ${frameText(frame)}`);
}

/** A function and where it begins: `MyFilter#onRequestHeaders (assembly/index.ts:31)`; a library's by its name alone. */
export function functionText(map: PlaceMap, index: number): string | undefined {
  const name = map.nameOf(index);
  if (name === undefined) return undefined;
  const short = shortName(name);
  if (isOfLibrary(name)) return name;
  const declared = map.declarationOf(name) ?? map.beginningOf(index);
  return declared === undefined || isOfLibrary(declared.source)
    ? name
    : `${short} (${declared.source}:${declared.line})`;
}
