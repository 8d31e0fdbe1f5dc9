/**
 * The context of a trace, as headers carry it: the trace's id, and the id of the span that calls.
 *
 * @module
 */
import { Headers } from "../../http/headers";
import { random } from "../../services/random";
import { hex } from "../encoding/hex";
import { byteAt, isHex, isId, readState } from "./syntax";

/** The formats of the headers. */
export const enum TraceFormat {
  /** `traceparent` and `tracestate` (W3C Trace Context). */
  W3c,
  /** The header `b3`. */
  B3,
  /** `x-b3-traceid` and so on. */
  B3Multi,
}

const DASH: i32 = 0x2d;
const SAMPLED: u32 = 1;
/** The flag that says that the trace's id is random (level 2 of W3C Trace Context). */
const RANDOM: u32 = 2;

/** Digits of an id that nobody can guess, and that is not zero. */
function newId(bytes: i32): string {
  const id = hex.encode(random.bytes(bytes));
  return isId(id, 0, id.length) ? id : newId(bytes);
}

/** The one value of a header; null when there is none, or more than one, which nobody may choose from. */
function only(headers: Headers, name: string): string | null {
  const values = headers.getAll(name);
  return values.length == 1 ? values[0] : null;
}

/**
 * A trace and the span that others are children of. Headers from strangers are read as strictly as the specification says: any
 * error in them means that there is no context. May be used in every callback, not at module scope.
 *
 * @example
 * const context = TraceContext.of(this.request.headers) ?? TraceContext.create(true);
 * this.fetch("auth", { path: "/check", headers: context.child().headers() }, (result) => this.onAuth(result));
 */
@final
export class TraceContext {
  constructor(
    /** 32 digits in lower case. */
    readonly traceId: string,
    /** 16 digits in lower case; `""` where only B3's decision about recording came, without a span. */
    readonly spanId: string,
    /** True when the trace is recorded. */
    readonly sampled: bool,
    /** `tracestate`, which belongs to those who have written it; `""` for none. */
    readonly state: string = "",
    /** How `headers` says it: as it came. */
    readonly format: TraceFormat = TraceFormat.W3c,
    private readonly flags: u32 = 0,
    /** True when nobody has decided yet about recording; B3 may leave that to later services. */
    readonly undecided: bool = false,
  ) {}

  /** The context of a new trace. */
  static create(sampled: bool, format: TraceFormat = TraceFormat.W3c): TraceContext {
    return new TraceContext(newId(16), newId(8), sampled, "", format, RANDOM);
  }

  /**
   * The context that a message came with; null when it came with none, or with one that is wrong. W3C's is taken before B3's, and
   * `b3` before `x-b3-…`.
   */
  static of(headers: Headers): TraceContext | null {
    if (headers.has("traceparent")) {
      const parent = only(headers, "traceparent");
      return parent === null ? null : TraceContext.parse(parent, headers.getAll("tracestate").join(","));
    }
    if (headers.has("b3")) {
      const b3 = only(headers, "b3");
      return b3 === null ? null : TraceContext.parseB3(b3);
    }
    const decision = headers.has("x-b3-flags") ? only(headers, "x-b3-flags") : only(headers, "x-b3-sampled");
    const sampled = decision !== null && (decision == "1" || decision == "true");
    const id = only(headers, "x-b3-traceid");
    const span = only(headers, "x-b3-spanid");
    const undecided = !headers.has("x-b3-flags") && !headers.has("x-b3-sampled");
    if (id !== null && span !== null) return ofB3(id, span, sampled, undecided, TraceFormat.B3Multi);
    if (decision === null || headers.has("x-b3-traceid") || headers.has("x-b3-spanid")) return null;
    return new TraceContext(newId(16), "", sampled, "", TraceFormat.B3Multi);
  }

  /** Reads `traceparent` and, with "," between them, all `tracestate`; null when the first is wrong. */
  static parse(traceparent: string, tracestate: string = ""): TraceContext | null {
    const length = traceparent.length;
    if (length < 55 || !isHex(traceparent, 0, 2) || traceparent.startsWith("ff")) return null;
    // Later versions may add parts, this one must not.
    if (length > 55 && (traceparent.startsWith("00") || traceparent.charCodeAt(55) != DASH)) return null;
    const hasDashes =
      traceparent.charCodeAt(2) == DASH &&
      traceparent.charCodeAt(35) == DASH &&
      traceparent.charCodeAt(52) == DASH;
    if (!hasDashes || !isId(traceparent, 3, 35) || !isId(traceparent, 36, 52) || !isHex(traceparent, 53, 55))
      return null;
    const flags = byteAt(traceparent, 53);
    return new TraceContext(
      traceparent.substring(3, 35),
      traceparent.substring(36, 52),
      (flags & SAMPLED) != 0,
      readState(tracestate),
      TraceFormat.W3c,
      flags & RANDOM,
    );
  }

  /** Reads the header `b3`; null when it is wrong. */
  static parseB3(b3: string): TraceContext | null {
    if (b3 == "0" || b3 == "1" || b3 == "d")
      return new TraceContext(newId(16), "", b3 != "0", "", TraceFormat.B3);
    if (b3.length > 32 + 1 + 16 + 2 + 17) return null;
    const parts = b3.split("-");
    if (parts.length < 2 || parts.length > 4) return null;
    const decision = parts.length > 2 ? parts[2] : "0";
    if (decision != "0" && decision != "1" && decision != "d") return null;
    if (parts.length == 4 && (parts[3].length != 16 || !isId(parts[3], 0, 16))) return null;
    return ofB3(parts[0], parts[1], decision != "0", parts.length == 2, TraceFormat.B3);
  }

  /** The context of a span below this one. */
  child(): TraceContext {
    return new TraceContext(this.traceId, newId(8), this.sampled, this.state, this.format, this.flags);
  }

  /** @internal The same where the decision about recording has been taken. */
  $decided(sampled: bool): TraceContext {
    return new TraceContext(this.traceId, this.spanId, sampled, this.state, this.format, this.flags);
  }

  /** The same, said in another way. */
  as(format: TraceFormat): TraceContext {
    return new TraceContext(this.traceId, this.spanId, this.sampled, this.state, format, this.flags);
  }

  /** `traceparent`. */
  toString(): string {
    const flags = this.flags | (this.sampled ? SAMPLED : 0);
    return "00-" + this.traceId + "-" + this.spanId + "-0" + flags.toString();
  }

  /** The headers that say it, for `fetch` and gRPC calls; none where there is no span. */
  headers(): string[][] {
    if (this.spanId.length == 0) return [];
    const sampled = this.sampled ? "1" : "0";
    if (this.format == TraceFormat.B3) return [["b3", this.traceId + "-" + this.spanId + "-" + sampled]];
    if (this.format == TraceFormat.B3Multi)
      return [
        ["x-b3-traceid", this.traceId],
        ["x-b3-spanid", this.spanId],
        ["x-b3-sampled", sampled],
      ];
    const headers = [["traceparent", this.toString()]];
    if (this.state.length > 0) headers.push(["tracestate", this.state]);
    return headers;
  }

  /**
   * The names of all headers of traces that a message has: remove them before those of a context are set, so that what comes next
   * reads one context and no other.
   *
   * @example
   * const headers = this.request.headers;
   * for (const name of TraceContext.namesIn(headers)) headers.remove(name);
   * for (const [name, value] of span.context.headers()) headers.set(name, value);
   */
  static namesIn(headers: Headers): string[] {
    const found: string[] = [];
    for (let i = 0; i < NAMES.length; i++) if (headers.has(NAMES[i])) found.push(NAMES[i]);
    return found;
  }

  /** A line of a log, with the trace and the span behind it. */
  inLog(line: string): string {
    return line + " trace_id=" + this.traceId + " span_id=" + this.spanId;
  }
}

/** All that say where a request is. */
const NAMES: string[] = [
  "traceparent",
  "tracestate",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
];

/** The context of B3's ids, of which the trace's may have 16 digits. */
function ofB3(
  traceId: string,
  spanId: string,
  sampled: bool,
  undecided: bool,
  format: TraceFormat,
): TraceContext | null {
  const length = traceId.length;
  if ((length != 32 && length != 16) || !isId(traceId, 0, length)) return null;
  if (spanId.length != 16 || !isId(spanId, 0, 16)) return null;
  return new TraceContext(traceId.padStart(32, "0"), spanId, sampled, "", format, 0, undecided);
}
