/**
 * Counts what a module executes, exactly: a copy of the module gets two more globals, `$operators` and `$bulkBytes`, that
 * its own code adds to. Engine, machine and load make no difference.
 *
 * An operator is one WebAssembly instruction, whatever it does; `block`, `loop`, `try`, `catch`, `else`, `end` and `nop` do
 * nothing and are not counted. `memory.copy` and `memory.fill` are one operator each, and `$bulkBytes` has the bytes that
 * they move.
 *
 * @module
 */
import { GLOBAL, appended } from "../wasm/lists.js";
import { PREAMBLE, Reader, SectionId, sectionsOf } from "../wasm/reader.js";
import { Writer, signed, unsigned } from "../wasm/writer.js";
import { Kind, skipLocals, skipOperator } from "../wasm/instructions.js";
import { type Layout, layoutOf } from "./layout.js";

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

const I32 = 0x7f;
const I64 = 0x7e;
const MUTABLE = 1;

/** `mut i64` with the initial value 0. */
const counter = [I64, MUTABLE, 0x42, 0, 0x0b];

/** The order in which sections stand. */
const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Groups of code that have counters: which one code at an offset of the module belongs to. */
export interface Groups {
  readonly count: number;
  readonly of: (offset: number) => number;
}

/** The counter of what begins here. */
type CounterOf = (at: Uint8Array) => number;

/**
 * The module with counters. Names and all else are kept; functions keep their numbers. With `perFunction`, each function
 * that the module defines has a counter of its own, `$operators:<number>`, and `$operators` stays 0. With `groups`, those have them.
 */
export function withCounters(binary: Uint8Array, perFunction = false, groups?: Groups): Uint8Array {
  const sections = [...sectionsOf(binary)].map(({ id, content }) => ({ id, content: content.rest() }));
  const layout = layoutOf(binary);
  for (const id of [SectionId.Global, SectionId.Export]) {
    if (sections.some((section) => section.id === id)) continue;
    const before = sections.findIndex(
      (section) => section.id !== SectionId.Custom && order.indexOf(section.id) > order.indexOf(id),
    );
    sections.splice(before < 0 ? sections.length : before, 0, { id, content: Uint8Array.of(0) });
  }
  const first = layout.importedGlobals + layout.globals;
  const names = ["$operators", "$bulkBytes"];
  if (perFunction)
    layout.functions.forEach((_, i) => names.push(`$operators:${layout.importedFunctions + i}`));
  if (groups !== undefined) for (let i = 0; i < groups.count; i++) names.push(`$operators:${i}`);
  const groupOf =
    groups === undefined
      ? undefined
      : (at: Uint8Array): number => first + 2 + groups.of(at.byteOffset - binary.byteOffset);
  const writer = new Writer().add(binary.subarray(0, PREAMBLE));
  for (const { id, content } of sections) {
    let changed = content;
    if (id === SectionId.Global)
      changed = appended(
        new Reader(content),
        names.length,
        names.flatMap(() => counter),
      );
    else if (id === SectionId.Export)
      changed = appended(
        new Reader(content),
        names.length,
        names.flatMap((name, i) => [name.length, ...Buffer.from(name), GLOBAL, ...unsigned(first + i)]),
      );
    else if (id === SectionId.Code) changed = countingCode(content, layout, first, groupOf ?? perFunction);
    writer.add([id]).addSized(changed);
  }
  return writer.bytes();
}

function countingCode(
  content: Uint8Array,
  layout: Layout,
  firstCounter: number,
  per: boolean | CounterOf,
): Uint8Array {
  const reader = new Reader(content);
  const count = reader.uint();
  const writer = new Writer().add(unsigned(count));
  for (let i = 0; i < count; i++) {
    const body = reader.vector();
    const counter = per === true ? firstCounter + 2 + i : firstCounter;
    const counterOf = typeof per === "function" ? per : (): number => counter;
    writer.addSized(countingBody(body, layout.params[layout.functions[i]!]!, counterOf, firstCounter + 1));
  }
  return writer.bytes();
}

/** A function's body in which each run of operators without a way in or out adds its length where it begins. */
function countingBody(
  body: Uint8Array,
  params: number,
  counterOf: CounterOf,
  byteCounter: number,
): Uint8Array {
  const reader = new Reader(body);
  const locals = params + skipLocals(reader);
  const groups = new Reader(body);
  // One local more, which holds the size of a bulk operation.
  const size = unsigned(locals);
  const writer = new Writer().add(appended(groups.part(reader.at), 1, [1, I32]));
  const bulkBytes = unsigned(byteCounter);
  const sizeCounted = [
    ...[0x22, ...size],
    ...[0x23, ...bulkBytes, 0x20, ...size, 0xad, 0x7c, 0x24, ...bulkBytes],
  ];

  let run = new Writer();
  let count = 0;
  let counter = 0;
  const flush = (): void => {
    const operators = unsigned(counter);
    if (count > 0) writer.add([0x23, ...operators, 0x42, ...signed(count), 0x7c, 0x24, ...operators]);
    writer.add(run.bytes());
    run = new Writer();
    count = 0;
  };
  while (reader.at < reader.end) {
    const start = reader.at;
    const next = counterOf(body.subarray(start));
    if (next !== counter) flush();
    counter = next;
    const kind = skipOperator(reader);
    if ((kind & Kind.Bulk) !== 0) run.add(sizeCounted);
    run.add(body.subarray(start, reader.at));
    if ((kind & Kind.Free) === 0) count++;
    if ((kind & Kind.Border) === 0 && reader.at < reader.end) continue;
    flush();
  }
  return writer.bytes();
}
