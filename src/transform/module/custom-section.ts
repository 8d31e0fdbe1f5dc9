/**
 * Writes into the module what `proxy-wasm-as manifest` and `pack` read of it.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { version } from "../../index.js";
import type { ModuleSection } from "../../module-section.js";
import { SECTION, encodeSection } from "../../module-section.js";
import type { Registration } from "../program/registrations.js";

/** Adds the custom section. */
export function writeSection(
  module: binaryenTypes.Module,
  registrations: readonly Registration[],
  flow: Pick<ModuleSection, "flow" | "holdsHeaders">,
): void {
  const of = (kind: Registration["kind"]): Partial<ModuleSection> => {
    const ids = registrations.filter((r) => r.kind === kind).map((r) => r.rootId ?? null);
    return ids.length === 0 ? {} : { [kind]: ids };
  };
  const content = { sdk: version, ...of("http"), ...of("tcp"), ...of("plugin"), ...flow };
  module.addCustomSection(SECTION, encodeSection(content));
}
