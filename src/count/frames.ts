/**
 * A module that tells of each of its functions when it begins and when it ends: each is called through another one that does so.
 *
 * @module
 */
import { FUNCTION, appended, importOf, movedExports } from "../wasm/lists.js";
import { PREAMBLE, type Reader, SectionId, sectionsOf } from "../wasm/reader.js";
import { Writer, signed, unsigned } from "../wasm/writer.js";
import { UncountedError, skipLocals, skipOperator } from "../wasm/instructions.js";
import { type Layout, layoutOf } from "./layout.js";

/** The functions that the module calls when one of its own begins or ends, with the number that this one had before. */
export interface Frames {
  readonly enter: (index: number) => void;
  readonly leave: (index: number) => void;
}

/** The module that a module with frames imports them from. */
export const FRAMES = "proxy-wasm-as.frames";

const I32 = 0x7f;
const FUNCTION_TYPE = 0x60;
const CALL = 0x10;
const RETURN_CALL = 0x12;
const REF_FUNC = 0xd2;
const END = 0x0b;

/** The module with frames, without names. */
export function withFrames(binary: Uint8Array): Uint8Array {
  const layout = layoutOf(binary);
  const writer = new Writer().add(binary.subarray(0, PREAMBLE));
  let hasImports = false;
  for (const { id, bytes, content } of sectionsOf(binary)) {
    if (id === SectionId.Custom) {
      if (content.text() !== "name") writer.add(bytes);
      continue;
    }
    if (!hasImports && id > SectionId.Import) {
      hasImports = true;
      writer.add([SectionId.Import]).addSized(importsOf(undefined, layout));
    }
    const changed = sectionOf(id, content, layout, binary);
    if (id === SectionId.Import) hasImports = true;
    if (changed === undefined) writer.add(bytes);
    else writer.add([id]).addSized(changed);
  }
  return writer.bytes();
}

function sectionOf(id: number, content: Reader, layout: Layout, binary: Uint8Array): Uint8Array | undefined {
  switch (id as SectionId) {
    case SectionId.Type:
      return appended(content, 1, [FUNCTION_TYPE, 1, I32, 0]);
    case SectionId.Import:
      return importsOf(content, layout);
    case SectionId.Function:
      return appended(content, layout.functions.length, layout.functions.flatMap(unsigned));
    case SectionId.Export:
      return movedExports(content, FUNCTION, (index) => moved(index, layout));
    case SectionId.Start:
      return Uint8Array.from(unsigned(moved(content.uint(), layout)));
    case SectionId.Element:
      return elementsOf(content, layout, binary);
    case SectionId.Code:
      return codeOf(content, layout, binary);
    default:
      return undefined;
  }
}

/** The two functions that are told come behind the imports, before all that the module defines. */
function moved(index: number, { importedFunctions }: Layout): number {
  return index < importedFunctions ? index : index + 2;
}

function importsOf(section: Reader | undefined, { params }: Layout): Uint8Array {
  const type = unsigned(params.length);
  const imports = new Writer();
  for (const name of ["enter", "leave"]) imports.add(importOf(FRAMES, name, FUNCTION, type));
  return appended(section, 2, imports.bytes());
}

/** Tables of functions, as compilers write them: an offset and the functions' numbers. */
function elementsOf(section: Reader, layout: Layout, binary: Uint8Array): Uint8Array {
  const count = section.uint();
  const writer = new Writer().add(unsigned(count));
  for (let i = 0; i < count; i++) {
    const start = section.at;
    if (section.uint() !== 0) throw new UncountedError("the module has tables of another kind");
    while (binary[section.at] !== END) skipOperator(section);
    section.at++;
    writer.add(binary.subarray(start, section.at));
    const functions = section.list(() => section.uint());
    writer.add(unsigned(functions.length)).add(functions.flatMap((index) => unsigned(moved(index, layout))));
  }
  return writer.bytes();
}

function codeOf(section: Reader, layout: Layout, binary: Uint8Array): Uint8Array {
  const { importedFunctions: imported, functions, params } = layout;
  const count = section.uint();
  const writer = new Writer().add(unsigned(2 * count));
  for (let i = 0; i < count; i++) {
    const own = imported + i;
    const body = [0, 0x41, ...signed(own), CALL, ...unsigned(imported)];
    for (let at = 0; at < params[functions[i]!]!; at++) body.push(0x20, ...unsigned(at));
    body.push(CALL, ...unsigned(imported + 2 + count + i));
    body.push(0x41, ...signed(own), CALL, ...unsigned(imported + 1), END);
    writer.addSized(body);
  }
  for (let i = 0; i < count; i++) writer.addSized(movedBody(section.part(section.uint()), layout, binary));
  return writer.bytes();
}

/** A function's body whose calls have the new numbers. */
function movedBody(body: Reader, layout: Layout, binary: Uint8Array): Uint8Array {
  const start = body.at;
  skipLocals(body);
  const writer = new Writer().add(binary.subarray(start, body.at));
  while (body.at < body.end) {
    const at = body.at;
    const code = body.byte();
    if (code === CALL || code === RETURN_CALL || code === REF_FUNC)
      writer.add([code, ...unsigned(moved(body.uint(), layout))]);
    else {
      body.at = at;
      skipOperator(body);
      writer.add(binary.subarray(at, body.at));
    }
  }
  return writer.bytes();
}
