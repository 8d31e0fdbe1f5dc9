/**
 * Bytes as text: base64, base64url, hexadecimal digits, UTF-8. Nothing in here traps, whatever the input.
 *
 * @module
 */
export { base64, base64url } from "./encoding/base64";
export { hex } from "./encoding/hex";
export { utf8 } from "./encoding/utf8";
