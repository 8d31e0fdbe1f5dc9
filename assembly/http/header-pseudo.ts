/**
 * What a filter may make of pseudo-headers: they say what a message is, and with it where it ends, as seen with Envoy 1.40
 * (docs/rationale.md has the observations).
 *
 * @module
 */
import { HeaderMapType } from "../abi/enums";
import { isAuthority, isTarget, isToken, lowerHalf, lowerWord } from "../memory/field";
import { receivedAddress, receivedSize } from "../memory/received";
import {
  CHECKS_AUTHORITY,
  CHECKS_METHOD,
  CHECKS_PATH,
  CHECKS_SCHEME,
  CHECKS_STATUS,
  DEBUG,
} from "../runtime/build";
import { explain } from "../runtime/status";
import { find, hasValue } from "./header-reads";
import { mayHaveStatus } from "./header-status";

/** The names of seven characters, as numbers. */
const METHOD: u64 = 0x646f6874656d3a;
const SCHEME: u64 = 0x656d656863733a;
const STATUS: u64 = 0x7375746174733a;

/** Whether every pseudo-header is looked at: otherwise the build knows those that are not to be good. */
const CHECKS_ALL: bool = CHECKS_METHOD && CHECKS_PATH && CHECKS_AUTHORITY && CHECKS_SCHEME && CHECKS_STATUS;

/**
 * Whether the pseudo-header (or `host`) at `address` may have this value in this map; says why not in a debug build. What it
 * has already it may have.
 */
export function mayChange(
  map: i32,
  name: string,
  address: usize,
  size: usize,
  value: string,
  valueAddress: usize,
  valueSize: usize,
): bool {
  if (isFit(map, address, size, valueAddress, valueSize)) return true;
  if ((CHECKS_METHOD || CHECKS_AUTHORITY || CHECKS_SCHEME) && hasValue(map, name, value)) return true;
  if (DEBUG) explain("'" + name + "' cannot be '" + value + "' here: " + ruleOf(name));
  return false;
}

function isFit(map: i32, address: usize, size: usize, value: usize, valueSize: usize): bool {
  const isRequest = map == HeaderMapType.RequestHeaders;
  if (CHECKS_PATH && size == 5 && lowerHalf(address + 1) == 0x68746170)
    return isRequest && isTarget(value, valueSize);
  if (CHECKS_AUTHORITY && (size == 4 || isAuthorityName(address, size)))
    return isRequest && isAuthority(value, valueSize);
  if ((CHECKS_METHOD || CHECKS_SCHEME || CHECKS_STATUS) && size == 7) {
    const name = lowerWord(address - 1) >> 8;
    if (CHECKS_METHOD && name == METHOD) return isRequest && isMethod(value, valueSize);
    if (CHECKS_SCHEME && name == SCHEME) return isRequest && isScheme(value, valueSize);
    if (CHECKS_STATUS && name == STATUS)
      return map == HeaderMapType.ResponseHeaders && mayHaveStatus(value, valueSize);
  }
  return !CHECKS_ALL;
}

/** Whether a name of a pseudo-header is ":authority"; a shorter one is "host". */
function isAuthorityName(address: usize, size: usize): bool {
  return size == 10 && lowerHalf(address + 1) == 0x68747561 && lowerWord(address + 2) == 0x797469726f687475;
}

/** Whether it is a method with which request and response end where they do with the one that is there. */
function isMethod(value: usize, size: usize): bool {
  if (!isToken(value, value + size) || hasOwnEnd(value, size)) return false;
  return find(HeaderMapType.RequestHeaders, ":method") && !hasOwnEnd(receivedAddress(), receivedSize());
}

/** Whether a response to this method ends otherwise than others: to HEAD it has no body, after CONNECT bytes follow. */
function hasOwnEnd(method: usize, size: usize): bool {
  if (size == 4) return lowerHalf(method) == 0x64616568;
  return size == 7 && lowerWord(method - 1) >> 8 == 0x7463656e6e6f63;
}

function isScheme(value: usize, size: usize): bool {
  if (size - 4 > 1 || load<u32>(value) != 0x70747468) return false;
  return size == 4 || load<u8>(value, 4) == 0x73;
}

/** The rule for a pseudo-header, for people. */
function ruleOf(name: string): string {
  if (name == ":path")
    return "a request has one, which begins with '/' and has neither spaces nor control characters";
  if (name == ":method")
    return "a request has one, of token characters; to and from HEAD and CONNECT it cannot change, because the peers would see different ends of the message";
  if (name == ":status")
    return 'a response has one of 200 to 599; one without a body (204, 205, 304) can be set where the build sees it, by headers.set(":status", \u2026), as long as the body has not been held otherwise than by StopIterationAndBuffer; after 101 it stays';
  if (name == ":authority" || name == "host") return "a request has one: a host, and a port if need be";
  if (name == ":scheme") return "a request has one: http or https";
  return "neither message has such a pseudo-header";
}
