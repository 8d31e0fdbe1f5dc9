/**
 * HTTP calls that a flow waits for.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { CallFailure, CallResult, failureOf } from "../context/call-result";
import { CallOptions } from "../context/http-call";
import { decimalIn, pairsIn, textIn } from "../memory/pairs";
import { decode } from "../memory/text";
import { ANSWER_BODIES, ANSWER_FAILURES, ANSWER_HEADERS } from "./build";
import { current, refuseWait } from "./fiber";
import { Future } from "./future";

/** The answer to a call, to be kept and read as long as you like. */
@final
export class FetchResponse {
  /** The HTTP status; 0 when there is none. Envoy answers 503 or 504 itself; see `failed`. */
  status: u32 = 0;
  /** Why the upstream has not answered by itself. */
  failure: CallFailure = CallFailure.Unreachable;
  /** Tells whether the call was sent: `Status.BadArgument` when the host has no such cluster or an option cannot be sent. */
  sent: Status = Status.Ok;
  /** As the host has sent them. */
  private block: Uint8Array | null = null;
  private pairs: string[][] | null = null;
  private bytes: Uint8Array | null = null;

  /** @internal Takes what can be read in the callback only. */
  take(result: CallResult): void {
    if (ANSWER_HEADERS) {
      const block = result.headers.block();
      this.block = block;
      if (!result.$looksLikeGrpc) result.$status = decimalIn(block, ":status");
    }
    const status = result.status;
    this.status = status;
    if (ANSWER_FAILURES) this.failure = failureOf(result, status);
    if (ANSWER_BODIES && result.bodySize > 0) this.bytes = result.body.bytes();
  }

  /** The headers as `[name, value]`, pseudo-headers among them. */
  get headers(): string[][] {
    const known = this.pairs;
    if (known !== null) return known;
    const block = this.block;
    const pairs: string[][] = block === null ? [] : pairsIn(block);
    this.pairs = pairs;
    return pairs;
  }

  /** The body. */
  get body(): Uint8Array {
    let bytes = this.bytes;
    if (bytes === null) this.bytes = bytes = new Uint8Array(0);
    return bytes;
  }

  /** Tells whether the upstream has not answered by itself: unknown, not reached, broken off or too slow. */
  get failed(): bool {
    return this.failure != CallFailure.None;
  }

  /** Tells whether the upstream has answered with a status from 200 to 299. */
  get ok(): bool {
    return !this.failed && this.status - 200 < 100;
  }

  /** The first header `name`; null when absent. */
  header(name: string): string | null {
    const block = this.block;
    return block === null ? null : textIn(block, name);
  }

  /** The body as text; bytes that are no UTF-8 survive as in every text of this package. */
  get text(): string {
    const bytes = this.bytes;
    return bytes === null ? "" : decode(bytes.dataStart, <usize>bytes.length);
  }
}

/** A call that is under way. */
@final
export class FetchFuture extends Future {
  /** @internal */
  readonly answer: FetchResponse = new FetchResponse();

  /** The answer. Waits for it when it has not come yet. */
  get response(): FetchResponse {
    this.wait();
    return this.answer;
  }

  /** @internal */
  begin(cluster: string, options: CallOptions | null): void {
    const fiber = current;
    if (fiber === null) {
      refuseWait();
      this.answer.sent = Status.BadArgument;
      return this.settle();
    }
    const all = options === null ? new CallOptions() : options;
    const status = fiber.stream.fetchWith<FetchFuture>(cluster, all, this, (self, result) =>
      self.end(result),
    );
    this.answer.sent = status;
    if (status != Status.Ok) this.settle();
  }

  private end(result: CallResult): void {
    this.answer.take(result);
    this.settle();
  }
}

/**
 * Sends an HTTP request to a cluster of the host and waits for the answer; only this stream waits. May be called in a
 * flow. A call that fails has `response.failed`; it never traps.
 *
 * @example
 * const check = fetch("auth", { path: "/check", headers: x.request.headers.pick(["authorization"]), timeout: 500 });
 * if (check.failed) return x.respond(503);
 * if (check.status != 200) return x.respond(403, "denied\n");
 */
export function fetch(cluster: string, options: Partial<CallOptions> | null = null): FetchResponse {
  const future = startFetch(cluster, options as CallOptions | null);
  future.wait();
  return future.answer;
}

/** Sends an HTTP request like `fetch` and goes on; `response` waits for the answer, `all` and `race` for several. */
export function startFetch(cluster: string, options: Partial<CallOptions> | null = null): FetchFuture {
  const future = new FetchFuture();
  future.begin(cluster, options as CallOptions | null);
  return future;
}
