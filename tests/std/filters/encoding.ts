import { base64, base64url, hex, utf8 } from "../../../assembly/std/encoding";

export const u8ArrayId = idof<Uint8Array>();

export function base64Encode(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

export function base64Decode(text: string): Uint8Array | null {
  return base64.decode(text);
}

export function base64Lenient(text: string): Uint8Array | null {
  return base64.decodeLenient(text);
}

export function base64ErrorAt(text: string): i32 {
  return base64.errorAt(text);
}

export function base64urlEncode(bytes: Uint8Array): string {
  return base64url.encode(bytes);
}

export function base64urlDecode(text: string): Uint8Array | null {
  return base64url.decode(text);
}

export function base64urlErrorAt(text: string): i32 {
  return base64url.errorAt(text);
}

export function hexEncode(bytes: Uint8Array): string {
  return hex.encode(bytes);
}

export function hexDecode(text: string): Uint8Array | null {
  return hex.decode(text);
}

export function hexLenient(text: string): Uint8Array | null {
  return hex.decodeLenient(text);
}

export function hexErrorAt(text: string): i32 {
  return hex.errorAt(text);
}

export function utf8Encode(text: string): Uint8Array {
  return utf8.encode(text);
}

export function utf8Decode(bytes: Uint8Array): string | null {
  return utf8.decode(bytes);
}

export function utf8Lenient(bytes: Uint8Array): string {
  return utf8.decodeLenient(bytes);
}

export function utf8ErrorAt(bytes: Uint8Array): i32 {
  return utf8.errorAt(bytes);
}
