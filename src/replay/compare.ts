/**
 * Finds the first difference between a module's calls and those of a trace.
 *
 * @module
 */
import { bytesOf, noBytes, printable, readable, textOf } from "../host/abi/text.js";
import { isPassed, parametersOf } from "./parameters.js";
import type { Step } from "./trace.js";

/** A call of a host function, as the module makes it now. */
export interface Made {
  readonly from: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly passed: readonly (Uint8Array | undefined)[];
}

/** The beginning of what a debug module logs when the SDK has refused something or the host has answered a failure. */
const EXPLAINS = "proxy-wasm-as: ";
const WARN = "3";

/** Tells whether a module makes a call only because it is one for debugging: a release module has none in its place. */
export function isExplanation({ name, args, passed }: Made): boolean {
  return name === "proxy_log" && args[0] === WARN && textOf(passed[0] ?? noBytes).startsWith(EXPLAINS);
}

/** How two calls differ, in a sentence; undefined when they do not. Addresses are the module's own matter. */
export function differenceOf(made: Made, step: Step): string | undefined {
  if (made.name !== step.name) return "another function is called";
  if (made.args.length !== step.args.length) return "the function has other parameters";
  let i = 0;
  for (const [number, parameter] of parametersOf(made.name, made.args.length).entries()) {
    const { kind, at } = parameter;
    const nth = `argument ${number + 1}`;
    if (kind === "number" && made.args[at] !== step.args[at])
      return `${nth} is ${signed(made.args[at]!)}, and ${signed(step.args[at]!)} in the trace`;
    if (!isPassed(parameter)) continue;
    const [now, then] = [made.passed[i], passedIn(step, i)];
    i++;
    if (now !== undefined && then !== undefined) {
      if (!equal(now, then)) return `${nth} differs${firstByte(now, then)}`;
    } else if (kind === "passed" && made.args[at + 1] !== step.args[at + 1])
      return `${nth} has ${made.args[at + 1]} bytes, and ${step.args[at + 1]} in the trace`;
  }
  return undefined;
}

/** The bytes that the module passed, as the trace has them. Of messages Envoy logs the text. */
function passedIn(step: Step, i: number): Uint8Array | undefined {
  if (step.passed !== undefined) return step.passed[i];
  if (step.name !== "proxy_log" || step.message === undefined) return undefined;
  return bytesOf(step.message);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function firstByte(now: Uint8Array, then: Uint8Array): string {
  if (now.length < 24 && then.length < 24) return "";
  const at = now.findIndex((byte, i) => byte !== then[i]);
  return ` from byte ${at < 0 ? now.length : at} on`;
}

function signed(text: string): string {
  const value = Number(text);
  return value > 0xffffff00 && value <= 0xffffffff ? String(value - 2 ** 32) : text;
}

/** The most characters of a text in a call. */
const SHOWN = 48;

/** A call as people read it: `proxy_get_header_map_value(0, "x-user")`. */
export function madeText({ name, args, passed }: Made): string {
  return callText(name, args, passed);
}

/** The call of a trace as people read it; bytes that it does not have are counted. */
export function stepText(step: Step): string {
  const count = parametersOf(step.name, step.args.length).filter(isPassed).length;
  const passed = Array.from({ length: count }, (_, i) => passedIn(step, i));
  return callText(step.name, step.args, passed);
}

function callText(
  name: string,
  args: readonly string[],
  passed: readonly (Uint8Array | undefined)[],
): string {
  let i = 0;
  const shown = parametersOf(name, args.length).flatMap((parameter) => {
    const { kind, at } = parameter;
    if (kind === "number") return [signed(args[at] ?? "")];
    if (!isPassed(parameter)) return [];
    const bytes = passed[i++];
    return [bytes === undefined ? `<${args[at + 1]} bytes>` : quoted(bytes)];
  });
  return `${name}(${shown.join(", ")})`;
}

function quoted(bytes: Uint8Array): string {
  const text = readable(textOf(bytes.subarray(0, SHOWN)));
  const short = bytes.length > SHOWN ? `${text}…` : text;
  return printable(JSON.stringify(short));
}
