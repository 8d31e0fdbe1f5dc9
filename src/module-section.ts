/**
 * The custom section that a build leaves in a module: what a deployment must know and the exports do not tell.
 *
 * @module
 */
import { SectionId, sectionsOf } from "./wasm/reader.js";

/** The name of the section. */
export const SECTION = "proxy-wasm-as";

/**
 * The contents of the section. The lists have the root ids that are registered; null is one that only the running module knows.
 */
export interface ModuleSection {
  /** The version of this package that built the module. */
  readonly sdk: string;
  readonly http?: readonly (string | null)[];
  readonly tcp?: readonly (string | null)[];
  readonly plugin?: readonly (string | null)[];
  /** Tells whether the filter waits for other services before it answers (`proxy-wasm-as/assembly/flow`). */
  readonly flow?: true;
  /** Tells whether a flow sets `holdHeaders`: its requests hang where the host lacks `allow_on_headers_stop_iteration`. */
  readonly holdsHeaders?: true;
}

/** The section's content: JSON, without what is not there. */
export function encodeSection(section: ModuleSection): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(section));
}

/** Reads the section of a module; undefined when the module has none, for example because another SDK built it. */
export function readSection(module: Uint8Array): ModuleSection | undefined {
  const content = customSection(module, SECTION);
  if (content === undefined) return undefined;
  try {
    const value = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(content),
    ) as ModuleSection | null;
    return typeof value?.sdk === "string" ? value : undefined;
  } catch {
    return undefined; // not written by this package
  }
}

/** The content of the first custom section of this name; undefined when there is none, or the module is cut. */
export function customSection(module: Uint8Array, name: string): Uint8Array | undefined {
  try {
    for (const { id, content } of sectionsOf(module))
      if (id === SectionId.Custom && content.text() === name) return content.rest();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}
