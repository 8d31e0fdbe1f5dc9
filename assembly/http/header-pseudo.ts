/**
 * The rules for changing pseudo-headers: they say what kind of message this is, and so where it ends, as seen with Envoy 1.40
 * (docs/rationale.md has the observations).
 *
 * @module
 */
import { HeaderMapType } from "../abi/enums";
import { isToken } from "../memory/field-syntax";
import {
  hasOwnEnd,
  isAuthority,
  isAuthorityName,
  isMethodName,
  isPathName,
  isScheme,
  isSchemeName,
  isStatusName,
  isTarget,
} from "../memory/pseudo";
import { receivedAddress, receivedSize } from "../memory/host-values";
import {
  CHECKS_AUTHORITY,
  CHECKS_METHOD,
  CHECKS_PATH,
  CHECKS_SCHEME,
  CHECKS_STATUS,
  DEBUG,
} from "../runtime/build";
import { explain } from "../runtime/status";
import { receiveField, hasValue } from "./header-reads";
import { mayHaveStatus } from "./header-status";

/** Tells whether every pseudo-header is looked at: otherwise the build knows those that are not to be good. */
const CHECKS_ALL: bool = CHECKS_METHOD && CHECKS_PATH && CHECKS_AUTHORITY && CHECKS_SCHEME && CHECKS_STATUS;

/**
 * Tells whether the pseudo-header (or `host`) at `address` may have this value in this map; says why not in a debug build. A
 * value that it has already is always allowed.
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
  if (CHECKS_PATH && isPathName(address, size)) return isRequest && isTarget(value, valueSize);
  if (CHECKS_AUTHORITY && (size == 4 || isAuthorityName(address, size)))
    return isRequest && isAuthority(value, valueSize);
  if (CHECKS_METHOD && isMethodName(address, size)) return isRequest && isMethod(value, valueSize);
  if (CHECKS_SCHEME && isSchemeName(address, size)) return isRequest && isScheme(value, valueSize);
  if (CHECKS_STATUS && isStatusName(address, size))
    return map == HeaderMapType.ResponseHeaders && mayHaveStatus(value, valueSize);
  return !CHECKS_ALL;
}

/** Tells whether it is a method with which request and response end where they do with the one that is there. */
function isMethod(value: usize, size: usize): bool {
  if (!isToken(value, value + size) || hasOwnEnd(value, size)) return false;
  return (
    receiveField(HeaderMapType.RequestHeaders, ":method") && !hasOwnEnd(receivedAddress(), receivedSize())
  );
}

/** The rule for a pseudo-header, for people. */
function ruleOf(name: string): string {
  if (name == ":path")
    return "a request has one, which begins with '/' and has neither spaces nor control characters";
  if (name == ":method")
    return "a request has one, of token characters; to and from HEAD and CONNECT it cannot change, because the peers would see different ends of the message";
  if (name == ":status")
    return 'a response has one of 200 to 599; one without a body (204, 205, 304) can be set where the filter names ":status" or has a body callback, as long as the body has not been held otherwise than by StopIterationAndBuffer; after 101 it stays';
  if (name == ":authority" || name == "host") return "a request has one: a host, and a port if need be";
  if (name == ":scheme") return "a request has one: http or https";
  return "neither message has such a pseudo-header";
}
