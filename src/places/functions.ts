/**
 * The functions of a module: their names, and where their code stands in the binary.
 *
 * @module
 */
import { readExports, readImports } from "../wasm/interface.js";
import { Writer } from "../wasm/writer.js";
import { type Reader, SectionId, sectionsOf } from "../wasm/reader.js";

/** A function that the module defines. */
export interface ModuleFunction {
  readonly index: number;
  readonly name: string;
  /** Its first byte, and how many there are. */
  readonly offset: number;
  readonly size: number;
}

/** The functions that a module defines, in their order. One without any name has that of its number. */
export function functionsOf(wasm: Uint8Array): ModuleFunction[] {
  const names = new Map<number, string>();
  const exported = new Map<number, string>();
  let imported = 0;
  const bodies: { readonly offset: number; readonly size: number }[] = [];
  for (const { id, content } of sectionsOf(wasm)) {
    if (id === SectionId.Import)
      imported += readImports(content).filter(({ kind }) => kind === "function").length;
    else if (id === SectionId.Export)
      for (const { name, kind, index } of readExports(content))
        if (kind === "function") exported.set(index, name);
    if (id === SectionId.Code)
      content.list(() => {
        const size = content.uint();
        bodies.push({ offset: content.at, size });
        content.part(size);
      });
    if (id === SectionId.Custom && content.text() === "name") readNames(content, names);
  }
  return bodies.map(({ offset, size }, i) => {
    const index = imported + i;
    return {
      index,
      name: names.get(index) ?? exported.get(index) ?? `wasm-function[${index}]`,
      offset,
      size,
    };
  });
}

function readNames(section: Reader, names: Map<number, string>): void {
  while (section.at < section.end) {
    const id = section.byte();
    const part = section.part(section.uint());
    if (id === 1) part.list(() => names.set(part.uint(), part.text()));
  }
}

/** A `name` section that names no function but an imported one, which no backtrace shows. */
const NO_NAMES = [0, 10, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 3, 1, 0, 0];

/** The module, which has no names, so that Envoy logs backtraces all the same: without such a section it leaves them out. */
export function withBacktraces(module: Uint8Array): Uint8Array {
  return new Writer().add(module).add(NO_NAMES).bytes();
}
