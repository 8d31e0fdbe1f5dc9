import {
  crc32 as crc,
  hmacSha256 as hmac,
  md5 as hashMd5,
  sha1 as hashSha1,
  sha256 as hash,
  sha512 as hashSha512,
} from "../../../../assembly/std/hash";
import { inputAsBytes, patternAsBytes } from "./input";

export { setInput, setPattern } from "./input";

export function sha256(): i32 {
  return hash(inputAsBytes())[0];
}

export function hmacSha256(): i32 {
  return hmac(patternAsBytes(), inputAsBytes())[0];
}

export function sha1(): i32 {
  return hashSha1(inputAsBytes())[0];
}

export function sha512(): i32 {
  return hashSha512(inputAsBytes())[0];
}

export function md5(): i32 {
  return hashMd5(inputAsBytes())[0];
}

export function crc32(): i32 {
  return <i32>(crc(inputAsBytes()) >> 8);
}
