/** Loads the functions of `index.ts` only when a module asks for one: the libraries take longer than all the rest of a host. */
import type { ForeignFunction } from "../services/foreign.js";

/** Envoy's foreign functions that need more than the host's core, by name. */
export async function loadForeignFunctions(): Promise<Readonly<Record<string, ForeignFunction>>> {
  return (await import("./index.js")).nodeForeignFunctions;
}
