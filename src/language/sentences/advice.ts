/**
 * Advice below the compiler's own messages: a sentence for each message that TypeScript's constructs bring about.
 *
 * @module
 */
import type { Advice } from "../../transform/compiler/advice.js";
import { sentences } from "./table.js";

/** By the message's number. */
const byCode: ReadonlyMap<number, keyof typeof sentences> = new Map([
  [200, "cast"],
  [1003, "notRead"],
  [1005, "notRead"],
  [1012, "notRead"],
  [1109, "notRead"],
  [1110, "typeUnknown"],
  [1140, "typeArgument"],
  [2300, "declaredTwice"],
  [2304, "noName"],
  [2325, "lessVisible"],
  [2329, "noElement"],
  [2339, "noProperty"],
  [2355, "noReturn"],
  [2365, "mixedOperands"],
  [2377, "superFirst"],
  [2385, "lessVisible"],
  [2448, "tooEarly"],
  [2469, "mixedOperands"],
  [2454, "tooEarly"],
  [2531, "mayBeNull"],
  [2564, "fieldUnset"],
  [2741, "fieldMissing"],
] as const);

/** The names that calls have in other SDKs, or had here. */
const otherCalls =
  /^(dispatch|(dispatch|send)_?(http|grpc)(_?call)?|http_?call|call_?(http|grpc)|(open|start)_?grpc(_?stream)?)$/i;

export const advice: Advice = (code, first, second) => {
  const name = nameFor(code, first, second);
  return name === undefined ? undefined : `${sentences[name][0]!.toUpperCase()}${sentences[name].slice(1)}.`;
};

function nameFor(code: number, first: string, second: string): keyof typeof sentences | undefined {
  if (code === 6054 && first.startsWith("~lib/proxy-wasm-as/")) return "noSuchPart";
  if (code === 6054) return first.startsWith("~lib/") ? "jsPackage" : "noFile";
  if (code === 100 && first.startsWith("Block-scoped class")) return "declaredInside";
  if (code === 2339 && /^(bind|call|apply)$/.test(first) && second.includes("~lib/function/"))
    return "noBind";
  // A module without such an export has its name first.
  if ((code === 2339 && otherCalls.test(first)) || (code === 2305 && otherCalls.test(second))) return "calls";
  if (code === 2349 && first === "auto") return "returnUnknown";
  if (code === 2339 && first === "cause" && second.endsWith("/error/Error")) return "errorCause";
  // A method of TypeScript's library that is not there.
  if (code === 2339 && /^~lib\/(string|array|map|set|typedarray)\//.test(second)) return "noMethod";
  if (code === 2322 && /^\(this: .*\) => /.test(first) && !second.includes("=>")) return "methodValue";
  if (code === 2322) return first === `${second} | null` ? "mayBeNull" : "otherType";
  return byCode.get(code);
}
