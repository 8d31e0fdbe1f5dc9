/**
 * Guards against traps, which nothing catches: checks for a division by zero, or of the smallest integer by -1, in the user's
 * code; and for memory for the host's values that cannot be had.
 *
 * @module
 */
import type { Program, Range } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { addLocal, infoOf, partsOf } from "../module/expressions.js";
import type { Entries } from "./entries.js";
import { DIVISOR, FAIL, HEAP_FAIL, UNMET_MEMORY } from "./names.js";
import { encodePlace, placedFunctions, walkPlaced } from "./places.js";

type Binaryen = CompilerHooks["binaryen"];

/** Setters of binaryen that its types leave out. */
interface Setters {
  Binary: { setLeft(binary: number, left: number): void; setRight(binary: number, right: number): void };
  If: { setIfTrue(condition: number, ifTrue: number): void };
}

const BY_ZERO = "division by zero";
const OVERFLOW = "a quotient that is too large";

/** Checks the user's divisions; whether there are any that can fail. */
export function guardDivisions(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  program: Program,
  entries: Entries,
): boolean {
  const { Binary } = binaryen as unknown as Setters;
  const { i32, i64 } = binaryen;
  const kinds = new Map<number, { bits: 32 | 64; overflows: boolean }>([
    [binaryen.DivSInt32, { bits: 32, overflows: true }],
    [binaryen.DivUInt32, { bits: 32, overflows: false }],
    [binaryen.RemSInt32, { bits: 32, overflows: false }],
    [binaryen.RemUInt32, { bits: 32, overflows: false }],
    [binaryen.DivSInt64, { bits: 64, overflows: true }],
    [binaryen.DivUInt64, { bits: 64, overflows: false }],
    [binaryen.RemSInt64, { bits: 64, overflows: false }],
    [binaryen.RemUInt64, { bits: 64, overflows: false }],
  ]);
  let found = false;

  const guard = (functionName: string, division: number, range: Range | undefined): void => {
    const { op, left, right } = infoOf(binaryen, division) as unknown as Record<string, number>;
    const kind = kinds.get(op!);
    if (kind === undefined) return;
    const divisor = constantOf(binaryen, right!);
    const overflows = kind.overflows && (divisor === undefined || divisor === -1n);
    if (divisor !== undefined && divisor !== 0n && !overflows) return;
    found = true;
    const { i32: number, local } = module;
    const type = kind.bits === 32 ? i32 : i64;
    const place = number.const(range === undefined ? 0 : encodePlace(range, entries));
    const byZero = number.const(entries.offsetOf(BY_ZERO));
    if (!overflows) {
      Binary.setRight(division, module.call(`${DIVISOR}${kind.bits}`, [right!, byZero, place], type));
      return;
    }
    const dividend = addLocal(module, binaryen, functionName, type);
    Binary.setLeft(division, local.tee(dividend, left!, type));
    const operands = [
      right!,
      local.get(dividend, type),
      byZero,
      number.const(entries.offsetOf(OVERFLOW)),
      place,
    ];
    Binary.setRight(division, module.call(`${DIVISOR}Of${kind.bits}`, operands, type));
  };

  for (const placed of placedFunctions(program).values()) {
    const reference = placed.isUser ? module.getFunction(placed.name) : 0;
    if (reference === 0) continue;
    const { body, base } = binaryen.getFunctionInfo(reference);
    if (base) continue; // imported, so the user has declared it only
    const divisions: [number, Range | undefined][] = [];
    walkPlaced(binaryen, body, placed, (expression, range) => {
      if (binaryen.getExpressionId(expression) === binaryen.BinaryId) divisions.push([expression, range]);
    });
    for (const [division, range] of divisions) guard(placed.name, division, range);
  }
  return found;
}

function constantOf(binaryen: Binaryen, expression: number): bigint | undefined {
  const info = infoOf(binaryen, expression);
  if (info.id !== binaryen.ConstId) return undefined;
  const value = info["value"] as number | bigint | { low: number; high: number };
  if (typeof value !== "object") return BigInt.asIntN(64, BigInt(value));
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
}

/** Has the want of memory thrown where a function would trap for it. */
export function guardMemory(module: binaryenTypes.Module, binaryen: Binaryen, entries: Entries): void {
  for (const name of UNMET_MEMORY) {
    const reference = module.getFunction(name);
    if (reference === 0) continue;
    const fail = (): number =>
      module.getFunction(HEAP_FAIL) !== 0
        ? module.call(HEAP_FAIL, [], binaryen.none)
        : module.call(
            FAIL,
            [module.i32.const(entries.offsetOf("out of memory")), module.i32.const(0)],
            binaryen.none,
          );
    const waiting = [binaryen.getFunctionInfo(reference).body];
    for (let expression = waiting.pop(); expression !== undefined; expression = waiting.pop()) {
      const { id, ifTrue } = infoOf(binaryen, expression);
      if (id === binaryen.IfId && traps(binaryen, ifTrue as number))
        (binaryen as unknown as Setters).If.setIfTrue(
          expression,
          module.block(null, [fail(), module.unreachable()]),
        );
      else waiting.push(...partsOf(binaryen, expression));
    }
  }
}

function traps(binaryen: Binaryen, expression: number): boolean {
  const { id, children } = infoOf(binaryen, expression);
  if (id === binaryen.UnreachableId) return true;
  return (
    id === binaryen.BlockId &&
    (children as number[]).length === 1 &&
    traps(binaryen, (children as number[])[0]!)
  );
}
