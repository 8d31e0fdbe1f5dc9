import { lowerCase } from "../../memory/utf16";
import { utf8 } from "../encoding/utf8";

/** The separator of two parts: a line break, two hyphens and the boundary, which is ASCII. */
export function newBoundaryLine(boundary: string): Uint8Array {
  return utf8.encode("\r\n--" + boundary);
}

/** Tells whether a boundary is one (RFC 2046, section 5.1.1): 1 to 70 letters, digits, spaces and `'()+_,-./:=?`, no space last. */
export function isBoundary(text: string): bool {
  const length = text.length;
  if (length == 0 || length > 70 || text.endsWith(" ")) return false;
  for (let i = 0; i < length; i++) if (!isBoundaryUnit(text.charCodeAt(i))) return false;
  return true;
}

/**
 * Tells whether programs find different boundaries in a `content-type`: some take the first and some the last of two, some look for
 * "boundary=" anywhere, some end it at a comma, and some know escapes or RFC 2231.
 */
export function isAmbiguous(contentType: string): bool {
  if (contentType.includes("\\") || contentType.includes(",")) return true;
  const text = lowerCase(contentType, 0, contentType.length);
  let isNamed = false;
  for (let at = text.indexOf("boundary"); at >= 0; at = text.indexOf("boundary", at + 8)) {
    const next = text.charCodeAt(at + 8);
    if (next == 0x2a || (next == 0x3d && isNamed)) return true;
    if (next == 0x3d) isNamed = true;
  }
  return false;
}

function isBoundaryUnit(unit: i32): bool {
  const low: u64 = 0xa7fffb8100000000;
  const high: u64 = 0x07fffffe87fffffe;
  return unit < 128 && (((unit < 64 ? low : high) >> (unit & 63)) & 1) != 0;
}
