/**
 * What the compiler calls where a program cannot go on. No Proxy-Wasm host has the import that it uses by default; the
 * transform redirects it here.
 *
 * @module
 */
import { LogLevel } from "../abi/enums";
import { proxy_log } from "../abi/imports";
import { EMERGENCY_SIZE, emergency } from "../memory/scratch";
import { appendCharacters, appendNumber, appendStart } from "../memory/text";

/** A text longer than this is cut: three bytes per unit and the rest of the line must fit. */
const MAX_UNITS: i32 = <i32>((EMERGENCY_SIZE - 64) / 6);

/**
 * A bug in the filter (a failed assert, an index out of bounds, `throw`): logs what and where at critical level, then
 * traps. Nothing is allocated, because memory may be what failed.
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
  end = appendCharacters(end, 0x20746120, 4); // " at "
  if (file !== null) end = appendStart(end, file, MAX_UNITS);
  end = appendCharacters(end, 0x3a, 1); // ":"
  end = appendNumber(end, line);
  end = appendCharacters(end, 0x3a, 1);
  end = appendNumber(end, column);
  proxy_log(LogLevel.Critical, start, end - start);
  unreachable();
}
