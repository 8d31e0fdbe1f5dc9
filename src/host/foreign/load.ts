/** Loads what `index.ts` has only where a module asks for it: the libraries take longer than all the rest of a host. */
import type { ForeignFunction } from "../services/foreign.js";

/** Envoy's foreign functions that need more than the host's core, by name. */
export async function loadForeignFunctions(): Promise<Readonly<Record<string, ForeignFunction>>> {
  return (await import("./index.js")).nodeForeignFunctions;
}
