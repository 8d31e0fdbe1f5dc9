import { textOf } from "./text.js";

/** Names and values as binary text. */
export type Pairs = [name: string, value: string][];

/** Envoy takes a longer list, or one of more bytes, for an empty one. */
const MAX_PAIRS = 1024;
const MAX_BYTES = 1 << 20;

/** Pairs as the ABI passes them: count, lengths, then each text with a zero byte behind it, little-endian. */
export function encodePairs(pairs: readonly (readonly [string, string])[]): Uint8Array {
  let size = 4 + 8 * pairs.length;
  for (const [name, value] of pairs) size += name.length + value.length + 2;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, pairs.length, true);
  let head = 4;
  let at = 4 + 8 * pairs.length;
  for (const [name, value] of pairs) {
    view.setUint32(head, name.length, true);
    view.setUint32(head + 4, value.length, true);
    head += 8;
    for (let i = 0; i < name.length; i++) bytes[at++] = name.charCodeAt(i);
    at++;
    for (let i = 0; i < value.length; i++) bytes[at++] = value.charCodeAt(i);
    at++;
  }
  return bytes;
}

/** The pairs in these bytes. Bytes that are no pairs, or too many of them, are an empty list, as in Envoy; `why` says so. */
export function decodePairs(bytes: Uint8Array, why?: (reason: string) => void): Pairs {
  const bad = (reason: string): Pairs => {
    why?.(reason);
    return [];
  };
  if (bytes.length === 0) return [];
  if (bytes.length > MAX_BYTES) return bad("more than 1 MiB of header pairs count as none");
  if (bytes.length < 4) return bad("header pairs need at least 4 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(0, true);
  if (count > MAX_PAIRS) return bad(`${count} header pairs are more than 1,024 and count as none`);
  let at = 4 + 8 * count;
  if (at > bytes.length) return bad("the header pairs end within their lengths");
  const pairs: Pairs = [];
  for (let i = 0; i < count; i++) {
    const nameLength = view.getUint32(4 + 8 * i, true);
    const valueLength = view.getUint32(8 + 8 * i, true);
    const valueAt = at + nameLength + 1;
    const end = valueAt + valueLength + 1;
    if (end > bytes.length) return bad("the header pairs end within a name or value");
    if (bytes[valueAt - 1] !== 0 || bytes[end - 1] !== 0)
      return bad("a name or value of the header pairs has no zero byte behind it");
    pairs.push([textOf(bytes.subarray(at, at + nameLength)), textOf(bytes.subarray(valueAt, end - 1))]);
    at = end;
  }
  if (at !== bytes.length) return bad("bytes are left behind the header pairs");
  return pairs;
}
