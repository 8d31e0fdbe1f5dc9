import { findText, slice } from "../../memory/utf16";
import { base64 } from "../encoding/base64";

/** The bytes between the first `-----BEGIN …-----` and the `-----END` behind it (RFC 7468); null when there are none. */
export function pemToDer(text: string): Uint8Array | null {
  const begin = findText(text, "-----BEGIN ", 0);
  if (begin < 0) return null;
  const start = findText(text, "-----", begin + 11);
  if (start < 0) return null;
  const end = findText(text, "-----END ", start + 5);
  return end < 0 ? null : base64.decodeLenient(slice(text, start + 5, end));
}
