/**
 * Paths in the one form that can be compared with a rule.
 *
 * @module
 */
import { isUnreserved, setPercent } from "../../codec/percent";
import { cutText, isInSet, newText, setUnit, setUnits, slice, unitAt } from "../../memory/utf16";
import { percentAt, percentEncode } from "./percent";

const SLASH: u32 = 0x2f;
const DOT: u32 = 0x2e;

/** The position at which `normalize` refuses a path, or -1. */
let error: i32 = -1;

/** Tells whether a byte may stand in a path without a percent code, "/" apart (RFC 3986, `pchar`). */
function isPathByte(byte: u32): bool {
  return isInSet(byte, 0x2fff7fd200000000, 0x47fffffe87ffffff);
}

/** Tells whether servers disagree on what a byte means, with or without percent code: controls and backslash. */
function isRefused(byte: u32): bool {
  return byte < 0x20 || byte == 0x7f || byte == 0x5c;
}

/** 1 for ".", 2 for "..", -1 for these with path parameters behind them (`..;x`), which some servers cut off; else 0. */
function dotsOf(text: string, start: i32, end: i32): i32 {
  let dots = 0;
  while (start + dots < end && unitAt(text, start + dots) == DOT) dots++;
  if (dots == 0 || dots > 2) return 0;
  const next = start + dots;
  if (next == end) return dots;
  const isParameter =
    unitAt(text, next) == 0x3b ||
    (next + 2 < end &&
      unitAt(text, next) == 0x25 &&
      unitAt(text, next + 1) == 0x33 &&
      unitAt(text, next + 2) == 0x42);
  return isParameter ? -1 : 0;
}

function fail(index: i32): string | null {
  error = index;
  return null;
}

function normalize(path: string): string | null {
  const length = path.length;
  error = -1;
  if (length == 0 || unitAt(path, 0) != SLASH) return fail(0);
  let isAscii = true;
  for (let i = 0; i < length; i++) if (unitAt(path, i) > 0x7f) isAscii = false;
  // A unit is three bytes at most, and a byte three units of percent code.
  const normal = newText(length * (isAscii ? 3 : 9));
  let at = 0;
  let merged = false;
  let i = 0;
  while (i < length) {
    if (i + 1 < length && unitAt(path, i + 1) == SLASH) {
      merged = true;
      i++;
      continue;
    }
    const start = at;
    const from = ++i;
    setUnit(normal, at++, SLASH);
    while (i < length) {
      let unit = unitAt(path, i);
      if (unit == SLASH) break;
      if (unit > 0x7f) {
        const first = i;
        while (i < length && unitAt(path, i) > 0x7f) i++;
        const encoded = percentEncode(slice(path, first, i));
        at = setUnits(normal, at, encoded, 0, encoded.length);
        continue;
      }
      if (unit == 0x25) {
        const byte = percentAt(path, i);
        if (byte < 0 || byte == SLASH || isRefused(byte)) return fail(i);
        if (isUnreserved(byte)) setUnit(normal, at++, byte);
        else at = setPercent(normal, at, byte);
        i += 3;
        continue;
      }
      if (isRefused(unit) || unit == 0x3f || unit == 0x23) return fail(i);
      if (isPathByte(unit)) setUnit(normal, at++, unit);
      else at = setPercent(normal, at, unit);
      i++;
    }
    const dots = dotsOf(normal, start + 1, at);
    if (dots == 0) continue;
    if (dots < 0 || (dots == 2 && (merged || start == 0))) return fail(from);
    at = start;
    if (dots == 2) while (unitAt(normal, --at) != SLASH);
    if (i == length) setUnit(normal, at++, SLASH);
  }
  return cutText(normal, at);
}

/**
 * The one form of all ways to write a path (RFC 3986, section 6.2.2): dot segments are resolved, repeated slashes merged,
 * letters, digits and "-._~" have no percent code, everything that needs one has it, in upper case. Null for a path that servers
 * are known to read in different ways, which an access check must refuse: percent codes of "/", "\" and controls, and wrong ones;
 * "\", "?", "#" and controls; ".." above the root or behind a repeated slash; "..;"; no "/" in front. `pathErrorAt` says where.
 * Takes a path without its query. May be used everywhere.
 *
 * Compare `percentDecode` of it with what you protect: `/a%21` and `/a!` still differ. Pass the normal form on to the service
 * too: then it sees the path that you have checked.
 *
 * @example
 * const path = normalizePath(target.path);
 * if (path === null) return this.respond(400);
 * if (isPathBelow(percentDecode(path), "/admin")) return this.respond(403);
 */
export function normalizePath(path: string): string | null {
  return normalize(path);
}

/** The index of what keeps `normalizePath` from reading `path`, or -1. */
export function pathErrorAt(path: string): i32 {
  normalize(path);
  return error;
}

/** Tells whether `path` is `parent` or something below it; both in normal form. `/administrator` is not below `/admin`. */
export function isPathBelow(path: string, parent: string): bool {
  if (!path.startsWith(parent)) return false;
  const length = parent.length;
  if (path.length == length || (length > 0 && unitAt(parent, length - 1) == SLASH)) return true;
  return unitAt(path, length) == SLASH;
}

/**
 * The normal form of `rest` below `base`; null when either cannot be normalised, or when the result would leave `base`.
 *
 * @example
 * const path = joinPath("/static", target.path); // "/static/logo.png"; null for "/../secret"
 */
export function joinPath(base: string, rest: string): string | null {
  const parent = normalize(base);
  if (parent === null) return null;
  const slashes = (parent.endsWith("/") ? 1 : 0) + (rest.startsWith("/") ? 1 : 0);
  const joined = normalize(
    slashes == 0 ? parent + "/" + rest : slashes == 1 ? parent + rest : parent + slice(rest, 1, rest.length),
  );
  return joined !== null && isPathBelow(joined, parent) ? joined : null;
}
