import { hmacSha256 as hmac, sha256 as hash } from "../../../../assembly/std/hash";
import { inputAsBytes, patternAsBytes } from "./input";

export { setInput, setPattern } from "./input";

export function sha256(): i32 {
  return hash(inputAsBytes())[0];
}

export function hmacSha256(): i32 {
  return hmac(patternAsBytes(), inputAsBytes())[0];
}
