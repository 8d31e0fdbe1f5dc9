/**
 * Hosts of URLs (RFC 3986, section 3.2.2), as DNS and addresses only.
 *
 * @module
 */
import { hexDigit } from "../../codec/percent";
import { findUnit, isInSet, unitAt } from "../../memory/utf16";

/** The index of the first unit in [start, end) that a host without brackets may not have, or -1. */
export function nameErrorAt(text: string, start: i32, end: i32): i32 {
  if (start == end) return start;
  let label = start;
  for (let i = start; i < end; i++) {
    const unit = unitAt(text, i);
    if (unit == 0x2e) {
      if (i == label) return i;
      label = i + 1;
    } else if (!isNameUnit(unit)) return i;
  }
  let last = label;
  if (label == end) {
    // A dot ends it.
    last--;
    while (last > start && unitAt(text, last - 1) != 0x2e) last--;
  }
  // Resolvers take names that end in a number for addresses, each in its own way ("0x7f.1" is 127.0.0.1 to many).
  return unitAt(text, last) - 0x30 < 10 && looksNumeric(text, last, end) && !isIpv4(text, start, end)
    ? start
    : -1;
}

/** Letters, digits, "-" and "_". */
function isNameUnit(unit: u32): bool {
  return isInSet(unit, 0x03ff200000000000, 0x07fffffe87fffffe);
}

/** Tells whether a label is decimal, or begins with "0x". */
function looksNumeric(text: string, start: i32, end: i32): bool {
  if (start + 1 < end && unitAt(text, start) == 0x30 && (unitAt(text, start + 1) | 0x20) == 0x78) {
    start += 2;
    while (start < end && hexDigit(unitAt(text, start)) >= 0) start++;
  } else while (start < end && unitAt(text, start) - 0x30 < 10) start++;
  return start == end || unitAt(text, start) == 0x2e;
}

/** Tells whether the units [start, end) are four numbers from 0 to 255 without leading zeros. */
export function isIpv4(text: string, start: i32, end: i32): bool {
  for (let part = 0; part < 4; part++) {
    const stop = findUnit(text, 0x2e, start, end);
    if ((stop == end) != (part == 3) || stop == start || stop - start > 3) return false;
    if (stop - start > 1 && unitAt(text, start) == 0x30) return false;
    let value: u32 = 0;
    for (; start < stop; start++) {
      const digit = unitAt(text, start) - 0x30;
      if (digit > 9) return false;
      value = value * 10 + digit;
    }
    if (value > 255) return false;
    start++;
  }
  return true;
}

/** Tells whether the units [start, end) are an IPv6 address (RFC 4291, section 2.2), without a zone. */
export function isIpv6(text: string, start: i32, end: i32): bool {
  let groups = 0;
  let gap = false;
  if (end - start < 2) return false;
  if (unitAt(text, start) == 0x3a && unitAt(text, start + 1) != 0x3a) return false;
  let i = start;
  while (i < end) {
    if (unitAt(text, i) == 0x3a) {
      // "::", or the colon between two groups.
      if (i + 1 < end && unitAt(text, i + 1) == 0x3a) {
        if (gap) return false;
        gap = true;
        i += 2;
        continue;
      }
      if (groups == 0 || i + 1 == end || (i > start && unitAt(text, i - 1) == 0x3a)) return false;
      i++;
      continue;
    }
    const from = i;
    while (i < end && i - from < 4 && hexDigit(unitAt(text, i)) >= 0) i++;
    if (i < end && unitAt(text, i) == 0x2e) {
      groups += 2;
      return isIpv4(text, from, end) && (gap ? groups < 8 : groups == 8);
    }
    if (i == from || (i < end && unitAt(text, i) != 0x3a) || ++groups > 8) return false;
  }
  return gap ? groups < 8 : groups == 8;
}

/** The end of the host, with its brackets, at the beginning of the units [start, end); `~index` of what is wrong in it. */
export function hostEndAt(text: string, start: i32, end: i32): i32 {
  if (start < end && unitAt(text, start) == 0x5b) {
    const close = findUnit(text, 0x5d, start, end);
    return close == end || !isIpv6(text, start + 1, close) ? ~start : close + 1;
  }
  const stop = findUnit(text, 0x3a, start, end);
  const wrong = nameErrorAt(text, start, stop);
  return wrong >= 0 ? ~wrong : stop;
}

/** The port in the units [start, end) behind a host: -1 when there is none, `-2 - index` of what is wrong. */
export function portAt(text: string, start: i32, end: i32): i32 {
  if (start == end) return -1;
  if (unitAt(text, start) != 0x3a) return -2 - start;
  let port = start + 1 < end ? 0 : -1;
  for (let i = start + 1; i < end; i++) {
    const digit = unitAt(text, i) - 0x30;
    if (digit > 9) return -2 - i;
    port = port * 10 + <i32>digit;
    if (port > 65535) return -2 - i;
  }
  return port;
}
