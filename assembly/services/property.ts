/**
 * The host's properties: what it knows of a request, a connection, an upstream, and what filters leave for each other.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_get_property, proxy_set_property } from "../abi/imports";
import {
  expectBytes,
  expectValue,
  receivedBytes,
  receivedEquals,
  receivedSize,
  receivedText,
  receivedWord,
} from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { findUnit } from "../memory/utf16";
import { DEBUG, SHARED_STREAMS } from "../runtime/build";
import { Subject } from "../runtime/explain";
import { expectBegun, explain, record, refuse } from "../runtime/status";

/** The property at `path`, whose segments are separated by NUL, as text; null when there is none. */
export function readProperty(path: string): string | null {
  const before = mark();
  const text = receiveProperty(path) ? receivedText() : null;
  release(before);
  return text;
}

/** Tells whether the property at `path` is this text. */
export function isPropertyText(path: string, text: string): bool {
  const before = mark();
  const equal = receiveProperty(path) && receivedEquals(text);
  release(before);
  return equal;
}

/** Tells whether there is a property at `path`. It is for guards: the status stays that of the filter's last call. */
export function hasProperty(path: string): bool {
  const before = mark();
  const address = put(path);
  expectValue();
  const status: i32 = proxy_get_property(address, putSize, OUT, OUT + 4);
  release(before);
  return status == Status.Ok;
}

/** The property at `path` as bytes; null when there is none. */
export function readPropertyBytes(path: string): Uint8Array | null {
  const before = mark();
  const address = put(path);
  expectBytes();
  const status = record(proxy_get_property(address, putSize, OUT, OUT + 4), Subject.Property);
  if (!SHARED_STREAMS && status != Status.Ok) expectThere(path);
  const value = receivedBytes();
  release(before);
  return status == Status.Ok ? value : null;
}

/** The whole number at `path`; `otherwise` when there is none, or something else. */
export function readInteger(path: string, otherwise: i64): i64 {
  return <i64>readWord(path, <u64>otherwise);
}

/** The number with a fraction at `path`; `otherwise` when there is none, or something else. */
export function readNumber(path: string, otherwise: f64): f64 {
  return reinterpret<f64>(readWord(path, reinterpret<u64>(otherwise)));
}

/** Eight bytes, lowest first. */
function readWord(path: string, otherwise: u64): u64 {
  const before = mark();
  const word = receiveProperty(path) && receivedSize() == 8 ? receivedWord() : otherwise;
  release(before);
  return word;
}

/** Yes or no at `path`; `otherwise` when there is neither. */
export function readBool(path: string, otherwise: bool): bool {
  const value = readPropertyBytes(path);
  return value !== null && value.length == 1 ? value[0] != 0 : otherwise;
}

/** Throws where a property of the request or the response is read too early; what else a stream knows is there from the beginning. */
function expectThere(path: string): void {
  if (path.startsWith("request\0") || path.startsWith("response\0")) expectBegun();
}

/** Asks the host for a property; true when there is one. */
function receiveProperty(path: string): bool {
  const address = put(path);
  expectValue();
  const status = record(proxy_get_property(address, putSize, OUT, OUT + 4), Subject.Property);
  if (!SHARED_STREAMS && status != Status.Ok) expectThere(path);
  return status == Status.Ok;
}

/**
 * Tells whether the stream has a client. A mirrored request and a call of the host's own have none, and Envoy 1.40 crashes when their
 * upstream logs and upstream filters ask for addresses.
 */
export function hasClient(): bool {
  return hasProperty("connection\0id");
}

/** Tells whether a text has not what separates the segments of a path. */
function isSegment(text: string): bool {
  return findUnit(text, 0, 0, text.length) == text.length;
}

/** The host's form of a path; null when a segment contains what separates them, or it asks for a client that is not there. */
function join(path: string[]): string | null {
  if (path.length > 1 && (path[0] == "source" || path[0] == "destination") && !hasClient()) return null;
  let joined: string | null = null;
  for (let i = 0; i < path.length; i++) {
    const segment = unchecked(path[i]);
    if (!isSegment(segment)) {
      if (DEBUG) explain("property: a segment of the path has a NUL, which separates segments");
      return null;
    }
    joined = joined === null ? segment : joined + "\0" + segment;
  }
  if (DEBUG && joined === null) explain("property: the path has no segment");
  return joined;
}

/**
 * Properties by path, for example `["request", "headers", "user-agent"]`. Those of a request exist in some callbacks only
 * (docs/properties.md has the table of Envoy's); absent is null, and `lastStatus()` is `Status.NotFound`. The host does not
 * say of what type a property is: use the reader for its type, or `proxy-wasm-as/assembly/envoy`, which knows Envoy's.
 * Source: `proxy_get_property`.
 *
 * @example
 * const address = property.text(["source", "address"]);
 */
export namespace property {
  /** A property as text, in which every byte survives; null when absent, `""` when empty. */
  export function text(path: string[]): string | null {
    const joined = join(path);
    if (joined !== null) return readProperty(joined);
    refuse();
    return null;
  }

  /** A property as the bytes that the host keeps; null when absent. */
  export function bytes(path: string[]): Uint8Array | null {
    const joined = join(path);
    if (joined !== null) return readPropertyBytes(joined);
    refuse();
    return null;
  }

  /** A whole number (ports, sizes, status codes, times in nanoseconds); `otherwise` when absent or of another type. */
  export function integerOr(path: string[], otherwise: i64): i64 {
    const joined = join(path);
    if (joined !== null) return readInteger(joined, otherwise);
    refuse();
    return otherwise;
  }

  /** A number with a fraction; `otherwise` when absent or of another type. */
  export function numberOr(path: string[], otherwise: f64): f64 {
    const joined = join(path);
    if (joined !== null) return readNumber(joined, otherwise);
    refuse();
    return otherwise;
  }

  /** Yes or no; `otherwise` when absent or of another type. */
  export function boolOr(path: string[], otherwise: bool): bool {
    const joined = join(path);
    if (joined !== null) return readBool(joined, otherwise);
    refuse();
    return otherwise;
  }

  /** Tells whether there is such a property, be it empty. */
  export function has(path: string[]): bool {
    const joined = join(path);
    if (joined === null) return false;
    const before = mark();
    const found = receiveProperty(joined);
    release(before);
    return found;
  }

  /**
   * Leaves `value` for later callbacks, other filters of the stream and its access log, under a name of one segment: in
   * Envoy `property.text([name])` reads it, and `%FILTER_STATE(wasm.<name>:PLAIN)%` prints it. Refused with
   * `Status.BadArgument`: an empty name, and one with NUL, which could be set but never read. Source:
   * `proxy_set_property`.
   */
  export function set(name: string, value: string): Status {
    const before = mark();
    const address = put(value);
    const status = write(name, address, putSize);
    release(before);
    return status;
  }

  /** `set` with bytes. */
  export function setBytes(name: string, value: Uint8Array): Status {
    return write(name, value.dataStart, value.byteLength);
  }
}

function write(name: string, value: usize, valueSize: usize): Status {
  if (name.length == 0 || !isSegment(name)) {
    if (DEBUG) explain("a property that can be read again has a name of one segment");
    return refuse();
  }
  const before = mark();
  const address = put(name);
  const status = proxy_set_property(address, putSize, value, valueSize);
  release(before);
  return record(status, Subject.Property);
}
