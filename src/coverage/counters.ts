/**
 * A module that counts how often it comes by certain places of its code. The counters are imported, so that all instances of
 * a process count together.
 *
 * @module
 */
import { Kind, skipLocals, skipOperator } from "../wasm/instructions.js";
import { readExports, readImports } from "../wasm/interface.js";
import { GLOBAL, appended, importOf, movedExports } from "../wasm/lists.js";
import { PREAMBLE, type Reader, SectionId, sectionsOf } from "../wasm/reader.js";
import { Writer, unsigned } from "../wasm/writer.js";

/** The module that the counters are imported from. */
export const COUNTERS = "proxy-wasm-as.coverage";

/** The global by which a module with flows tells that it goes back to where one has waited: not 0. */
const FLOW_STATE = "proxy-wasm-as/flow-state";

const I32 = 0x7f;
const MUTABLE = 1;
const GET = 0x23;
const SET = 0x24;

/** A counter for each of so many offsets, by its import's name. */
export function makeCounters(count: number): Record<string, WebAssembly.Global> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      String(i),
      new WebAssembly.Global({ value: "i32", mutable: true }, 0),
    ]),
  );
}

/** The module with a counter before the instruction at each of these offsets, which are in order. */
export function withCounters(binary: Uint8Array, offsets: readonly number[]): Uint8Array {
  let importedGlobals = 0;
  let hasImports = false;
  let state: number | undefined;
  for (const { id, content } of sectionsOf(binary)) {
    if (id === SectionId.Export) state = readExports(content).find(({ name }) => name === FLOW_STATE)?.index;
    if (id === SectionId.Import) {
      hasImports = true;
      importedGlobals = readImports(content).filter(({ kind }) => kind === "global").length;
    }
  }
  const layout = { first: importedGlobals, count: offsets.length, state };
  const writer = new Writer().add(binary.subarray(0, PREAMBLE));
  for (const { id, bytes, content } of sectionsOf(binary)) {
    if (!hasImports && id !== SectionId.Custom && id !== SectionId.Type) {
      hasImports = true;
      writer.add([SectionId.Import]).addSized(importsOf(undefined, layout));
    }
    if (id === SectionId.Import) writer.add([id]).addSized(importsOf(content, layout));
    else if (id === SectionId.Export)
      writer.add([id]).addSized(movedExports(content, GLOBAL, (index) => moved(index, layout)));
    else if (id === SectionId.Code) writer.add([id]).addSized(codeOf(binary, content, layout, offsets));
    else writer.add(bytes);
  }
  return writer.bytes();
}

/** The imported globals come first: those of the module move behind the counters. */
interface Layout {
  readonly first: number;
  readonly count: number;
  /** Of the module as it was: it is 0 while code is executed for the first time. */
  readonly state: number | undefined;
}

function moved(index: number, { first, count }: Pick<Layout, "first" | "count">): number {
  return index < first ? index : index + count;
}

function importsOf(section: Reader | undefined, { count }: Layout): Uint8Array {
  const imports = new Writer();
  for (let i = 0; i < count; i++) imports.add(importOf(COUNTERS, String(i), GLOBAL, [I32, MUTABLE]));
  return appended(section, count, imports.bytes());
}

function codeOf(binary: Uint8Array, section: Reader, layout: Layout, offsets: readonly number[]): Uint8Array {
  const count = section.uint();
  const writer = new Writer().add(unsigned(count));
  let next = 0;
  const one = layout.state === undefined ? [0x41, 1] : [GET, ...unsigned(moved(layout.state, layout)), 0x45];
  for (let i = 0; i < count; i++) {
    const size = section.uint();
    const end = section.at + size;
    const body = new Writer();
    const start = section.at;
    skipLocals(section);
    body.add(binary.subarray(start, section.at));
    while (section.at < end) {
      const at = section.at;
      for (; next < offsets.length && offsets[next]! <= at; next++) {
        const counter = unsigned(layout.first + next);
        body.add([GET, ...counter, ...one, 0x6a, SET, ...counter]);
      }
      const code = section.byte();
      if (code === GET || code === SET) body.add([code, ...unsigned(moved(section.uint(), layout))]);
      else {
        section.at = at;
        skipOperator(section);
        body.add(binary.subarray(at, section.at));
      }
    }
    writer.addSized(body.bytes());
  }
  return writer.bytes();
}

/** The offsets at which code goes on elsewhere, or comes from elsewhere, in the order of the code. */
export function bordersOf(binary: Uint8Array): number[] {
  const borders: number[] = [];
  for (const { id, content } of sectionsOf(binary)) {
    if (id !== SectionId.Code) continue;
    for (let count = content.uint(); count > 0; count--) {
      const body = content.part(content.uint());
      skipLocals(body);
      while (body.at < body.end) {
        const at = body.at;
        if ((skipOperator(body) & Kind.Border) !== 0) borders.push(at);
      }
    }
  }
  return borders;
}
