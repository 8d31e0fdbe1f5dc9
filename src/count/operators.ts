/**
 * Counts what a module executes, exactly: a copy of the module gets two more globals, `$operators` and `$bulkBytes`, that
 * its own code adds to. Engine, machine and load make no difference.
 *
 * An operator is one WebAssembly instruction, whatever it does; `block`, `loop`, `else`, `end` and `nop` do nothing and
 * are not counted. `memory.copy` and `memory.fill` are one operator each, and `$bulkBytes` has the bytes that they move.
 *
 * @module
 */

/** The exported globals of a counting module. */
export interface Counters {
  readonly operators: WebAssembly.Global;
  readonly bulkBytes: WebAssembly.Global;
}

/** The counters of an instance whose module `withCounters` has made. */
export function countersOf(instance: WebAssembly.Instance): Counters {
  const { $operators, $bulkBytes } = instance.exports;
  if (!($operators instanceof WebAssembly.Global) || !($bulkBytes instanceof WebAssembly.Global))
    throw new Error("the module does not count: pass it through withCounters");
  return { operators: $operators, bulkBytes: $bulkBytes };
}

/** The module has something that is not counted: garbage collection, exceptions. */
export class UncountedError extends Error {
  override readonly name = "UncountedError";
}

/** A position in a module's bytes. */
class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  byte(): number {
    return this.bytes[this.at++]!;
  }

  uint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** Skips a number of any length, signed or not. */
  skipNumber(): void {
    while (this.byte() >= 128);
  }

  /** Skips a vector of bytes: a name, or types. */
  skipBytes(): void {
    const length = this.uint();
    this.at += length;
  }

  text(): string {
    const length = this.uint();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString();
  }

  skipLimits(): void {
    const flags = this.byte();
    this.skipNumber();
    if ((flags & 1) === 1) this.skipNumber();
  }

  slice(from: number, to = this.at): Uint8Array {
    return this.bytes.subarray(from, to);
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 63; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** Bytes that are put together bit by bit. */
class Writer {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  add(part: ArrayLike<number>): this {
    const bytes = part instanceof Uint8Array ? part : Uint8Array.from(part);
    this.parts.push(bytes);
    this.size += bytes.length;
    return this;
  }

  /** Adds a part with its size before it. */
  addSized(part: Uint8Array): this {
    return this.add(unsigned(part.length)).add(part);
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

const I32 = 0x7f;
const I64 = 0x7e;
const MUTABLE = 1;

/** `mut i64` with the initial value 0. */
const counter = [I64, MUTABLE, 0x42, 0, 0x0b];

const nameBytes = (name: string): number[] => [...unsigned(name.length), ...Buffer.from(name)];

enum Section {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Global = 6,
  Export = 7,
  Code = 10,
  Tag = 13,
}

/** The order in which sections stand. */
const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

interface Layout {
  /** How many parameters the function types have, by type. */
  readonly params: number[];
  /** The types of the functions that the module defines. */
  readonly functions: number[];
  importedFunctions: number;
  importedGlobals: number;
  globals: number;
}

/**
 * The module with counters. Names and all else are kept; functions keep their numbers. With `perFunction`, each function
 * that the module defines has a counter of its own, `$operators:<number>`, and `$operators` stays 0.
 */
export function withCounters(binary: Uint8Array, perFunction = false): Uint8Array {
  const sections = readSections(binary);
  const layout = layoutOf(sections);
  for (const id of [Section.Global, Section.Export]) {
    if (sections.some((section) => section.id === id)) continue;
    const before = sections.findIndex(
      (section) => section.id !== Section.Custom && order.indexOf(section.id) > order.indexOf(id),
    );
    sections.splice(before < 0 ? sections.length : before, 0, { id, content: Uint8Array.of(0) });
  }
  const first = layout.importedGlobals + layout.globals;
  const names = ["$operators", "$bulkBytes"];
  if (perFunction)
    layout.functions.forEach((_, i) => names.push(`$operators:${layout.importedFunctions + i}`));
  const writer = new Writer().add(binary.subarray(0, 8));
  for (const { id, content } of sections) {
    let changed = content;
    if (id === Section.Global)
      changed = appended(
        content,
        names.length,
        names.flatMap(() => counter),
      );
    else if (id === Section.Export)
      changed = appended(
        content,
        names.length,
        names.flatMap((name, i) => [...nameBytes(name), 3, ...unsigned(first + i)]),
      );
    else if (id === Section.Code) changed = countingCode(content, layout, first, perFunction);
    writer.add([id]).addSized(changed);
  }
  return writer.bytes();
}

interface SectionBytes {
  readonly id: number;
  readonly content: Uint8Array;
}

function readSections(binary: Uint8Array): SectionBytes[] {
  const reader = new Reader(binary, 8);
  const sections: SectionBytes[] = [];
  while (reader.at < reader.end) {
    const id = reader.byte();
    const size = reader.uint();
    sections.push({ id, content: binary.subarray(reader.at, (reader.at += size)) });
  }
  return sections;
}

/** A vector with `count` more elements, whose bytes are `more`, at its end. */
function appended(vector: Uint8Array, count: number, more: number[]): Uint8Array {
  const reader = new Reader(vector);
  const length = reader.uint();
  return new Writer()
    .add(unsigned(length + count))
    .add(vector.subarray(reader.at))
    .add(more)
    .bytes();
}

function layoutOf(sections: readonly SectionBytes[]): Layout {
  const layout: Layout = { params: [], functions: [], importedFunctions: 0, importedGlobals: 0, globals: 0 };
  for (const { id, content } of sections) {
    const reader = new Reader(content);
    if (id === Section.Custom) continue;
    const count = reader.uint();
    if (id === Section.Global) layout.globals = count;
    else if (id === Section.Function) for (let i = 0; i < count; i++) layout.functions.push(reader.uint());
    else if (id === Section.Type) {
      for (let i = 0; i < count; i++) {
        if (reader.byte() !== 0x60)
          throw new UncountedError("the module has types that are not those of functions");
        const params = reader.uint();
        reader.at += params;
        layout.params.push(params);
        reader.skipBytes();
      }
    } else if (id === Section.Import) {
      for (let i = 0; i < count; i++) {
        reader.skipBytes();
        reader.skipBytes();
        const kind = reader.byte();
        if (kind === 0) {
          reader.skipNumber();
          layout.importedFunctions++;
        } else if (kind === 1) {
          reader.byte();
          reader.skipLimits();
        } else if (kind === 2) reader.skipLimits();
        else if (kind === 3) {
          reader.at += 2;
          layout.importedGlobals++;
        } else throw new UncountedError(`the module imports something of kind ${kind}`);
      }
    }
  }
  return layout;
}

function countingCode(
  content: Uint8Array,
  layout: Layout,
  firstCounter: number,
  perFunction: boolean,
): Uint8Array {
  const reader = new Reader(content);
  const count = reader.uint();
  const writer = new Writer().add(unsigned(count));
  for (let i = 0; i < count; i++) {
    const size = reader.uint();
    const body = content.subarray(reader.at, (reader.at += size));
    const operators = perFunction ? firstCounter + 2 + i : firstCounter;
    writer.addSized(countingBody(body, layout.params[layout.functions[i]!]!, operators, firstCounter + 1));
  }
  return writer.bytes();
}

/** A function's body in which each run of operators without a way in or out adds its length where it begins. */
function countingBody(
  body: Uint8Array,
  params: number,
  operatorCounter: number,
  byteCounter: number,
): Uint8Array {
  const reader = new Reader(body);
  const groups = reader.uint();
  let locals = params;
  const groupsStart = reader.at;
  for (let i = 0; i < groups; i++) {
    locals += reader.uint();
    reader.byte();
  }
  // One local more, which holds the size of a bulk operation.
  const size = unsigned(locals);
  const writer = new Writer()
    .add(unsigned(groups + 1))
    .add(reader.slice(groupsStart))
    .add([1, I32]);
  const operators = unsigned(operatorCounter);
  const bulkBytes = unsigned(byteCounter);
  const sizeCounted = [
    ...[0x22, ...size],
    ...[0x23, ...bulkBytes, 0x20, ...size, 0xad, 0x7c, 0x24, ...bulkBytes],
  ];

  let run = new Writer();
  let count = 0;
  while (reader.at < reader.end) {
    const start = reader.at;
    const kind = skipOperator(reader);
    if ((kind & Kind.Bulk) !== 0) run.add(sizeCounted);
    run.add(reader.slice(start));
    if ((kind & Kind.Free) === 0) count++;
    if ((kind & Kind.Border) === 0 && reader.at < reader.end) continue;
    if (count > 0) writer.add([0x23, ...operators, 0x42, ...signed(count), 0x7c, 0x24, ...operators]);
    writer.add(run.bytes());
    run = new Writer();
    count = 0;
  }
  return writer.bytes();
}

/** What an operator means for the count. */
enum Kind {
  None = 0,
  /** It does nothing. */
  Free = 1,
  /** Code goes on elsewhere after it, or comes here from elsewhere. */
  Border = 2,
  /** It moves as many bytes as the number on top of the stack says. */
  Bulk = 4,
}

function skipOperator(reader: Reader): Kind {
  const code = reader.byte();
  switch (code) {
    case 0x00: // unreachable
    case 0x0f: // return
      return Kind.Border;
    case 0x01: // nop
      return Kind.Free;
    case 0x02: // block
      reader.skipNumber();
      return Kind.Free;
    case 0x03: // loop
      reader.skipNumber();
      return Kind.Free | Kind.Border;
    case 0x04: // if
    case 0x0c: // br
    case 0x0d: // br_if
    case 0x12: // return_call
      reader.skipNumber();
      return Kind.Border;
    case 0x05: // else
    case 0x0b: // end
      return Kind.Free | Kind.Border;
    case 0x0e: // br_table
      for (let labels = reader.uint() + 1; labels > 0; labels--) reader.skipNumber();
      return Kind.Border;
    case 0x11: // call_indirect
      reader.skipNumber();
      reader.skipNumber();
      return Kind.None;
    case 0x13: // return_call_indirect
      reader.skipNumber();
      reader.skipNumber();
      return Kind.Border;
    case 0x10: // call
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0x41: // i32.const
    case 0x42: // i64.const
    case 0xd0: // ref.null
    case 0xd2: // ref.func
      reader.skipNumber();
      return Kind.None;
    case 0x1c: // select with types
      reader.skipBytes();
      return Kind.None;
    case 0x43: // f32.const
      reader.at += 4;
      return Kind.None;
    case 0x44: // f64.const
      reader.at += 8;
      return Kind.None;
    case 0xfc:
      return skipPrefixed(reader);
    case 0xfd:
      return skipVector(reader);
    case 0xfe:
      return skipAtomic(reader);
  }
  if (code >= 0x20 && code <= 0x26) {
    reader.skipNumber(); // a local, global or table
    return Kind.None;
  }
  if (code >= 0x28 && code <= 0x3e) return skipMemory(reader);
  if ((code >= 0x45 && code <= 0xc4) || code === 0x1a || code === 0x1b || code === 0xd1) return Kind.None;
  throw new UncountedError(`operator 0x${code.toString(16)} is not known`);
}

function skipPrefixed(reader: Reader): Kind {
  const code = reader.uint();
  if (code < 8) return Kind.None; // conversions
  reader.skipNumber();
  if (code === 8 || code === 10 || code === 12 || code === 14) reader.skipNumber();
  return code === 10 || code === 11 ? Kind.Bulk : Kind.None;
}

/** A memory's operand: alignment, perhaps the memory, and the offset. */
function skipMemory(reader: Reader): Kind {
  if ((reader.uint() & 64) !== 0) reader.skipNumber();
  reader.skipNumber();
  return Kind.None;
}

/** SIMD. */
function skipVector(reader: Reader): Kind {
  const code = reader.uint();
  if (code <= 11 || code === 92 || code === 93) return skipMemory(reader);
  if (code === 12 || code === 13) reader.at += 16; // v128.const, i8x16.shuffle
  if (code >= 21 && code <= 34) reader.at++; // a lane
  if (code >= 84 && code <= 91) {
    skipMemory(reader);
    reader.at++;
  }
  return Kind.None;
}

function skipAtomic(reader: Reader): Kind {
  if (reader.uint() !== 3) return skipMemory(reader);
  reader.at++; // atomic.fence
  return Kind.None;
}
