/**
 * A module that tells of each of its functions when it begins and when it ends: each is called through another one that does so.
 *
 * @module
 */
import { readImports } from "../wasm/interface.js";
import { PREAMBLE, type Reader, SectionId, sectionsOf } from "../wasm/reader.js";
import { Writer, signed, unsigned } from "../wasm/writer.js";
import { UncountedError, skipOperator } from "./instructions.js";

/** What the module calls; functions have the numbers that they had before. */
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

interface Layout {
  imported: number;
  /** The types of the functions that the module defines. */
  readonly functions: number[];
  /** How many parameters each type has. */
  readonly params: number[];
}

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

function layoutOf(binary: Uint8Array): Layout {
  const layout: Layout = { imported: 0, functions: [], params: [] };
  for (const { id, content } of sectionsOf(binary))
    if (id === SectionId.Import)
      layout.imported = readImports(content).filter(({ kind }) => kind === "function").length;
    else if (id === SectionId.Function) layout.functions.push(...content.list(() => content.uint()));
    else if (id === SectionId.Type)
      content.list(() => {
        if (content.byte() !== FUNCTION_TYPE)
          throw new UncountedError("the module has types that are not those of functions");
        layout.params.push(content.vector().length);
        content.vector();
      });
  return layout;
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
      return exportsOf(content, layout);
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

/** A list with `count` more elements at its end. */
function appended(list: Reader, count: number, more: readonly number[]): Uint8Array {
  return new Writer()
    .add(unsigned(list.uint() + count))
    .add(list.rest())
    .add(more)
    .bytes();
}

/** The two functions that are told come behind the imports, before all that the module defines. */
function moved(index: number, { imported }: Layout): number {
  return index < imported ? index : index + 2;
}

function importsOf(section: Reader | undefined, { params }: Layout): Uint8Array {
  const writer = new Writer().add(unsigned((section?.uint() ?? 0) + 2));
  if (section !== undefined) writer.add(section.rest());
  const text = (name: string): Uint8Array => new TextEncoder().encode(name);
  for (const name of ["enter", "leave"])
    writer
      .addSized(text(FRAMES))
      .addSized(text(name))
      .add([0, ...unsigned(params.length)]);
  return writer.bytes();
}

function exportsOf(section: Reader, layout: Layout): Uint8Array {
  const count = section.uint();
  const writer = new Writer().add(unsigned(count));
  for (let i = 0; i < count; i++) {
    writer.addSized(section.vector());
    const kind = section.byte();
    const index = section.uint();
    writer.add([kind, ...unsigned(kind === 0 ? moved(index, layout) : index)]);
  }
  return writer.bytes();
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
  const { imported, functions, params } = layout;
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
  for (let groups = body.uint(); groups > 0; groups--) {
    body.uint();
    body.byte();
  }
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
