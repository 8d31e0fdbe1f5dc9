/**
 * Header names, header values and everything else of which Envoy only knows the bytes travel as "binary text":
 * strings of U+0000 to U+00FF, one character for each byte. Nothing is lost, and comparison is cheap.
 *
 * @module
 */

const CHUNK = 8192;

/** Bytes as binary text. */
export function textOf(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length <= CHUNK) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = "";
  for (let at = 0; at < length; at += CHUNK)
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  return text;
}

/** Binary text as bytes. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Tells whether each character is ASCII, for which binary text and UTF-8 are the same. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Binary text as people read it: its bytes are UTF-8; what is none becomes U+FFFD. */
export function readable(binary: string): string {
  return isAscii(binary) ? binary : decoder.decode(bytesOf(binary));
}

/** A text of unknown origin as terminals may show it: without control characters. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Turns a caller's text or bytes into binary text: text becomes UTF-8, bytes stay as they are. */
export function binaryOf(value: string | Uint8Array): string {
  if (typeof value !== "string") return textOf(value);
  return isAscii(value) ? value : textOf(encoder.encode(value));
}

/** Turns a caller's value into bytes: a string becomes UTF-8, bytes stay as they are. */
export function encode(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? encoder.encode(value) : value;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const noBytes = new Uint8Array(0);
