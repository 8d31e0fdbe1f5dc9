/**
 * Which loops end, as far as can be seen: a variable is one more in each turn, up to a small constant or the length of something.
 *
 * @module
 */
import type { CompilerHooks } from "../compiler/compiler.js";
import { infoOf, walkExpressions } from "../module/expressions.js";

type Binaryen = CompilerHooks["binaryen"];

/** A constant bound up to which a loop ends soon. */
const SOON = 100_000;

/** The length of something in memory. It is a bound that ends a loop, as it takes memory to make it longer. */
const LENGTH = /^~lib\/.*#get:(?:length|size|byteLength)$/;

/**
 * Tells whether a loop of a function with so many parameters, whose body is `whole`, ends: `(loop (if (i < bound) (block … (i = i + 1) (br loop))))`, where nothing else
 * begins it anew or changes `i`.
 */
export function endsBySight(binaryen: Binaryen, loop: number, whole: number, params: number): boolean {
  const { name, body } = infoOf(binaryen, loop);
  let test = infoOf(binaryen, body as number);
  // A block around a single expression.
  while (test.id === binaryen.BlockId && (test["children"] as number[]).length === 1)
    test = infoOf(binaryen, (test["children"] as number[])[0]!);
  if (test.id !== binaryen.IfId || (test["ifFalse"] as number) !== 0) return false;
  const variable = counterOf(binaryen, test["condition"] as number, whole, loop, params);
  if (variable === undefined) return false;

  const turn = infoOf(binaryen, test["ifTrue"] as number);
  if (turn.id !== binaryen.BlockId) return false;
  const steps = turn["children"] as number[];
  const last = infoOf(binaryen, steps.at(-1));
  if (last.id !== binaryen.BreakId || last["name"] !== name || (last["condition"] as number) !== 0)
    return false;
  let increments = 0;
  for (const step of steps) if (isIncrement(binaryen, step, variable)) increments++;
  let sets = 0;
  let again = 0;
  let isKnown = true;
  walkExpressions(binaryen, body as number, (_, info) => {
    if (info.id === binaryen.LocalSetId && info["index"] === variable) sets++;
    if (info.id === binaryen.BreakId && info["name"] === name) again++;
    if (info.id === binaryen.SwitchId) {
      const { names, defaultName } = info as unknown as { names: string[]; defaultName: string };
      if (names.includes(name as string) || defaultName === name) isKnown = false;
    }
  });
  return isKnown && increments === 1 && sets === 1 && again === 1;
}

/** The variable that is below a bound in a condition. */
function counterOf(
  binaryen: Binaryen,
  condition: number,
  whole: number,
  loop: number,
  params: number,
): number | undefined {
  const { id, op, left, right } = infoOf(binaryen, condition);
  if (id !== binaryen.BinaryId || (op !== binaryen.LtSInt32 && op !== binaryen.LtUInt32)) return undefined;
  const counter = infoOf(binaryen, left as number);
  if (counter.id !== binaryen.LocalGetId) return undefined;
  const bound = infoOf(binaryen, right as number);
  if (bound.id === binaryen.LocalGetId) {
    let isLength = (bound["index"] as number) >= params;
    walkExpressions(binaryen, whole, (_, info) => {
      if (info.id !== binaryen.LocalSetId || info["index"] !== bound["index"]) return;
      if (!isShort(binaryen, info["value"] as number)) isLength = false;
    });
    let changes = false;
    walkExpressions(binaryen, loop, (_, info) => {
      if (info.id === binaryen.LocalSetId && info["index"] === bound["index"]) changes = true;
    });
    return isLength && !changes ? (counter["index"] as number) : undefined;
  }
  return isShort(binaryen, right as number) ? (counter["index"] as number) : undefined;
}

/** Tells whether a value is a small constant, or the length of something. */
function isShort(binaryen: Binaryen, value: number): boolean {
  const info = infoOf(binaryen, value);
  if (info.id === binaryen.ConstId) {
    const constant = Number(info["value"]);
    return constant >= 0 && constant <= SOON;
  }
  return info.id === binaryen.CallId && LENGTH.test(info["target"] as string);
}

function isIncrement(binaryen: Binaryen, step: number, variable: number): boolean {
  const set = infoOf(binaryen, step);
  if (set.id !== binaryen.LocalSetId || set["index"] !== variable || set["isTee"] === true) return false;
  const { id, op, left, right } = infoOf(binaryen, set["value"] as number);
  if (id !== binaryen.BinaryId || op !== binaryen.AddInt32) return false;
  const from = infoOf(binaryen, left as number);
  const by = infoOf(binaryen, right as number);
  return (
    from.id === binaryen.LocalGetId &&
    from["index"] === variable &&
    by.id === binaryen.ConstId &&
    Number(by["value"]) === 1
  );
}
