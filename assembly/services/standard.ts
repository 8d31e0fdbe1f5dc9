/**
 * AssemblyScript's own globals over the host: the transform redirects `console`, `trace` and the seed of
 * `Math.random()` here, because no Proxy-Wasm host has the imports that they use by default.
 *
 * @module
 */
import { LogLevel } from "../abi/enums";
import { clock } from "./clock";
import { log as hostLog } from "./log";

/** `console`, over the host's log; `time` and `timeEnd` are not there. */
export namespace console {
  export function assert<T>(condition: T, message: string = ""): void {
    if (!condition) hostLog.error("Assertion failed: " + message);
  }

  export function log(message: string = ""): void {
    hostLog.info(message);
  }

  export function debug(message: string = ""): void {
    hostLog.debug(message);
  }

  export function info(message: string = ""): void {
    hostLog.info(message);
  }

  export function warn(message: string = ""): void {
    hostLog.warn(message);
  }

  export function error(message: string = ""): void {
    hostLog.error(message);
  }
}

/** Seeds `Math.random()` with the host's clock: good for sampling, not for secrets. */
export function seed(): f64 {
  return reinterpret<f64>(clock.now());
}

/** `trace(message, n, a0, …)`, at trace level. */
export function trace(
  message: string,
  n: i32 = 0,
  a0: f64 = 0,
  a1: f64 = 0,
  a2: f64 = 0,
  a3: f64 = 0,
  a4: f64 = 0,
): void {
  if (!hostLog.isEnabled(LogLevel.Trace)) return;
  const numbers: StaticArray<f64> = [a0, a1, a2, a3, a4];
  let text = message;
  for (let i = 0; i < min(n, 5); i++) text += (i == 0 ? " " : ", ") + numbers[i].toString();
  hostLog.trace(text);
}
