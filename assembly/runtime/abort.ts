/// <reference path="build.d.ts" />
/**
 * The function that the compiler calls when a program cannot go on. No Proxy-Wasm host has the import that the compiler uses by
 * default; the transform redirects it here.
 *
 * @module
 */
import { LogLevel } from "../abi/enums";
import { proxy_log } from "../abi/imports";
import { EMERGENCY_SIZE, emergency } from "../memory/scratch";
import { appendCharacters, appendNumber, appendStart } from "../memory/text";
import { noteText } from "./thrown";

/** A text longer than this is cut: three bytes per unit, and the rest of the line must fit. */
const MAX_UNITS: i32 = <i32>((EMERGENCY_SIZE - 1024) / 6);

/** The latest place in the filter's own code that called something that can fail; the build has it set. See `bug.ts`. */
export let place: u32 = 0;

/** The size of the latest bug's message, which is at `emergency()`. */
export let messageSize: usize = 0;

/** The place of the latest bug, if its message does not name it; 0 when it is not known. */
export let messagePlace: u32 = 0;

/**
 * A bug in the filter (a failed assert, an index out of bounds, `throw`): keeps what and where, and ends the callback.
 * Nothing is allocated, because memory may be what failed.
 */
export function abort(
  message: string | null = null,
  file: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  const start = emergency();
  let end = appendCharacters(start, 0x203a74726f6261, 7); // "abort: "
  if (message !== null) end = appendStart(end, message, MAX_UNITS);
  if (file !== null) {
    end = appendCharacters(end, 0x20746120, 4); // " at "
    end = appendStart(end, file, MAX_UNITS);
    end = appendPosition(end, line, column);
  }
  setMessage(end - start, file === null ? place : 0);
  if (isDefined(PROXY_WASM_TRY)) noteText(message);
  raise();
}

/** Like `abort`, for what has happened before, and where. */
export function abortFrom(message: string, from: string): void {
  const start = emergency();
  let end = appendCharacters(start, 0x203a74726f6261, 7); // "abort: "
  end = appendStart(end, message, MAX_UNITS);
  end = appendCharacters(end, 0x20746120, 4); // " at "
  end = appendStart(end, from, MAX_UNITS);
  setMessage(end - start, 0);
  noteText(message);
  raise();
}

/** Keeps how long the message is, and where it happened. */
// @ts-ignore: decorator
@inline
export function setMessage(size: usize, place: u32): void {
  messageSize = size;
  messagePlace = place;
}

/** Writes `:line:column`. */
export function appendPosition(target: usize, line: u32, column: u32): usize {
  target = appendCharacters(target, 0x3a, 1);
  target = appendNumber(target, line);
  target = appendCharacters(target, 0x3a, 1);
  return appendNumber(target, column);
}

/** Ends the callback: the build has it throw an exception, which the callback catches. Without those it is a trap. */
export function raise(): void {
  proxy_log(LogLevel.Critical, emergency(), messageSize);
  unreachable();
}
