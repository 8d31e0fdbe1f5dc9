/**
 * The digests of a user's sources: by them two builds are known to be of the same sources, whose modules differ.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { PlaceMap } from "./place-map.js";
import { isOfLibrary } from "./place-map.js";

/** The digests of the texts that a map has, by the sources' names; libraries' are left out. */
export function sourceDigests({ file }: PlaceMap): Readonly<Record<string, string>> {
  const texts = file.sources.flatMap((source, i): [string, string][] => {
    const text = file.sourcesContent?.[i];
    return typeof text === "string" && !isOfLibrary(source) ? [[source, text]] : [];
  });
  return Object.fromEntries(
    texts.map(([source, text]) => [source, createHash("sha256").update(text).digest("hex").slice(0, 16)]),
  );
}
