/**
 * Header maps: request and response headers and trailers, metadata, and those of a call's answer.
 *
 * @module
 */
import { Status } from "../abi/enums";
import {
  proxy_get_header_map_pairs,
  proxy_get_header_map_size,
  proxy_get_header_map_value,
} from "../abi/imports";
import { handleValue } from "../memory/handle";
import { digits, pairsReader } from "../memory/pairs";
import {
  expectBytes,
  receivedAddress,
  receivedBytes,
  receivedIncludes,
  receivedSize,
  receivedStartsWith,
  receivedText,
  receivedTextBehind,
  receivedU32,
} from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { MANY_READS, PLAIN_REMOVALS } from "../runtime/build";
import { Subject } from "../runtime/explain";
import { record } from "../runtime/status";
import { areAbsent, receiveField, hasValue, readPairs } from "./header-reads";
import { mayReplace, replace } from "./header-replace";
import { remove, removeLength, write } from "./header-writes";

/**
 * A header map of the stream whose callback is running. Names are compared without regard to case; values are text in
 * which every byte survives (see "Bytes" in docs/concepts.md). Take it from `this.request.headers` where you use it.
 *
 * A map can be read and written in its own callback and while it is held; elsewhere readers answer null and
 * `lastStatus()` is `Status.BadArgument`. In `onLog` all headers can be read, none written.
 *
 * @example
 * const headers = this.request.headers;
 * if (!headers.has("authorization")) return this.respond(401);
 * headers.remove("x-internal");
 */
@unmanaged
@final
export class Headers {
  /**
   * The value of the header `name`, the first one when it is repeated: null when absent, `""` when empty. In a request,
   * Envoy joins repeats of well-known headers with ",". Source: `proxy_get_header_map_value`.
   *
   * @example
   * const agent = this.request.headers.get("user-agent");
   */
  get(name: string): string | null {
    const before = mark();
    const text = receiveField(handleValue(this), name) ? receivedText() : null;
    if (!MANY_READS || mark() != before) release(before);
    return text;
  }

  /** @internal The value of the header `name` as a number of digits; 0 when it is absent or something else. */
  decimal(name: string): u32 {
    const before = mark();
    const number = receiveField(handleValue(this), name) ? digits(receivedAddress(), receivedSize()) : 0;
    release(before);
    return number;
  }

  /** @internal The text behind the first such byte in the header `name`; null when there is none. */
  part(name: string, byte: u32): string | null {
    const before = mark();
    const text = receiveField(handleValue(this), name) ? receivedTextBehind(byte) : null;
    release(before);
    return text;
  }

  /** @internal All headers as the host sends them; see `memory/pairs.ts`. */
  block(): Uint8Array {
    expectBytes();
    const status = proxy_get_header_map_pairs(handleValue(this), OUT, OUT + 4);
    const bytes = receivedBytes();
    return record(status) == Status.Ok ? bytes : new Uint8Array(0);
  }

  /** The bytes of the header `name`: null when absent. See `get`. */
  getBytes(name: string): Uint8Array | null {
    if (MANY_READS) return this.copyOf(name);
    if (areAbsent(handleValue(this))) return null;
    const before = mark();
    const address = put(name);
    expectBytes();
    const status = proxy_get_header_map_value(handleValue(this), address, putSize, OUT, OUT + 4);
    const bytes = receivedBytes();
    release(before);
    return record(status, Subject.ReadMap + handleValue(this)) == Status.Ok ? bytes : null;
  }

  /** The same where several headers are read in one callback. */
  private copyOf(name: string): Uint8Array | null {
    const before = mark();
    const bytes = receiveField(handleValue(this), name) ? receivedBytes() : null;
    release(before);
    return bytes;
  }

  /**
   * All values of the header `name`, in order; empty when absent or when the map cannot be read here. Use it where a
   * repeated header matters: `get` sees only the first, which in an access check is a hole. Source:
   * `proxy_get_header_map_pairs`.
   */
  getAll(name: string): string[] {
    const values: string[] = [];
    const before = mark();
    readPairs(handleValue(this));
    const reader = pairsReader();
    while (reader.nextNamed(name)) values.push(reader.valueText());
    release(before);
    return values;
  }

  /** Tells whether the header `name` is there, be it empty. */
  has(name: string): bool {
    const before = mark();
    const found = receiveField(handleValue(this), name);
    release(before);
    return found;
  }

  /**
   * Tells whether the first header `name` is there and has exactly this value. Compares without allocating.
   *
   * @example
   * if (this.request.headers.equals(":path", "/denied")) return this.respond(403);
   */
  equals(name: string, value: string): bool {
    return hasValue(handleValue(this), name, value);
  }

  /**
   * Tells whether the first header `name` is there and begins with `start`. Compares without allocating.
   *
   * @example
   * if (this.response.headers.startsWith(":status", "5")) log.warn("the upstream fails");
   */
  startsWith(name: string, start: string): bool {
    const before = mark();
    const starts = receiveField(handleValue(this), name) && receivedStartsWith(start);
    release(before);
    return starts;
  }

  /**
   * Tells whether the first header `name` is there and contains `part`. Compares without allocating.
   *
   * @example
   * const isPhone = this.request.headers.includes("user-agent", "Mobile");
   */
  includes(name: string, part: string): bool {
    const before = mark();
    const included = receiveField(handleValue(this), name) && receivedIncludes(part);
    release(before);
    return included;
  }

  /**
   * Gives the header `name` this one value, replacing all that were there; Envoy puts it at the end of the map. Refused
   * with `Status.BadArgument`: a name that is no field name, a value with a control character other than tab, and what
   * docs/concepts.md lists under "Headers that stay". `:status` 204, 205 or 304 drops the body. Source:
   * `proxy_replace_header_map_value`.
   *
   * @example
   * this.response.headers.set("cache-control", "no-store");
   */
  set(name: string, value: string): Status {
    return write(handleValue(this), name, value, true);
  }

  /**
   * Adds one more header `name` behind those that are there. Envoy joins the values of well-known headers with "," and
   * pseudo-headers cannot be added (`set` them). Refused as in `set`. Source: `proxy_add_header_map_value`.
   */
  add(name: string, value: string): Status {
    return write(handleValue(this), name, value, false);
  }

  /**
   * Removes all headers `name`; removing an absent one is `Status.Ok`. Removing `content-length` allows the body to change
   * its length. Pseudo-headers and, in a request, `host` and `x-forwarded-proto` are refused with `Status.BadArgument`:
   * Envoy cannot route without them; so are `connection` and `upgrade` of what is upgraded. Source:
   * `proxy_remove_header_map_value`.
   */
  remove(name: string): Status {
    return remove(handleValue(this), name, PLAIN_REMOVALS);
  }

  /** @internal Removes "content-length", so that the body may change its length. */
  removeLength(): Status {
    return removeLength(handleValue(this));
  }

  /** All headers as `[name, value]`, in order; empty when the map cannot be read here. One host call. */
  entries(): string[][] {
    const before = mark();
    const pairs = new Array<string[]>();
    readPairs(handleValue(this));
    const reader = pairsReader();
    while (reader.next()) pairs.push([reader.nameText(), reader.valueText()]);
    release(before);
    return pairs;
  }

  /**
   * Those of the headers `names` that are there, as `[name, value]`: to be passed on with a call. Of a repeated header the
   * first.
   *
   * @example
   * this.fetch("auth", { headers: this.request.headers.pick(["authorization"]) }, (result) => this.onAuth(result));
   */
  pick(names: string[]): string[][] {
    const pairs = new Array<string[]>();
    for (let i = 0; i < names.length; i++) {
      const name = unchecked(names[i]);
      const value = this.get(name);
      if (value !== null) pairs.push([name, value]);
    }
    return pairs;
  }

  /**
   * Replaces the whole map. Headers that the host needs are kept if `pairs` lacks them: pseudo-headers, those about the message's
   * end or the connection and, in a request, `x-forwarded-proto`. Refused with `Status.BadArgument`, and nothing changed, when a
   * pair would be refused by `set`, or when there are more than 1,024 pairs or 1 MiB, which the host would take for none. Source:
   * `proxy_set_header_map_pairs`.
   */
  replaceAll(pairs: string[][]): Status {
    const map = handleValue(this);
    return mayReplace(map, pairs) ? replace(map, this.entries(), pairs) : Status.BadArgument;
  }

  /** The bytes of all names and values together; 0 when the map cannot be read here (also in `onLog`). */
  get byteLength(): u32 {
    if (areAbsent(handleValue(this), true)) return 0;
    return record(proxy_get_header_map_size(handleValue(this), OUT)) == Status.Ok ? receivedU32() : 0;
  }
}
