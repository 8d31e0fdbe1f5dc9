import { HeaderMap } from "../abi/header-map.js";
import { concat, noBytes } from "../abi/text.js";
import type { EnvoyRules } from "../envoy-rules.js";
import type { Environment } from "../environment.js";
import type { Loop } from "../vm/loop.js";
import type { Cluster, ResetReason, UpstreamRequest } from "./cluster.js";
import { resetDetails } from "../http/header-checks.js";
import { grpcStatusOf } from "./grpc-status.js";
import { resetMessage } from "./http-call.js";
import { statusOfReset } from "./response-flags.js";

/** Receives the events of a gRPC stream. */
export interface GrpcEvents {
  initialMetadata(metadata: HeaderMap): void;
  message(bytes: Uint8Array): void;
  trailingMetadata(metadata: HeaderMap): void;
  close(status: number, message: string): void;
}

export interface GrpcRequest {
  /** Undefined for a target that is no cluster. */
  readonly clusterName: string | undefined;
  /** The value of `:authority`, in place of the cluster's name. */
  readonly authority?: string | undefined;
  readonly service: string;
  readonly method: string;
  readonly metadata: HeaderMap;
  /** Milliseconds; undefined for none. */
  readonly timeout?: number;
}

const UNKNOWN = 2;
const INTERNAL = 13;

/** Why a response is as it is: the upstream sent it so. */
const VIA_UPSTREAM = "via_upstream";

/** A gRPC stream, or a call, on HTTP. */
export class GrpcStream {
  private upstream: UpstreamRequest | undefined;
  private readonly queued: (() => void)[] = [];
  private received: Uint8Array = noBytes;
  private ended = false;
  private localEnd = false;
  private answered = false;
  private readonly timer;
  private readonly rules: EnvoyRules;

  constructor(
    { loop, rules }: Pick<Environment, "loop" | "rules">,
    /** Undefined for a target to which Envoy connects by itself, and where nobody is. */
    cluster: Cluster | undefined,
    request: GrpcRequest,
    private readonly events: GrpcEvents,
  ) {
    this.rules = rules;
    if (request.timeout !== undefined && request.timeout > 0)
      this.timer = loop.after(request.timeout, () => {
        if (this.answered) this.breakOff(INTERNAL, "response_timeout");
        else {
          this.upstream?.reset();
          this.answerItself("upstream request timeout", "response_timeout", 504);
        }
      });
    loop.post(() => {
      if (this.ended) return;
      if (cluster !== undefined) this.open(loop, cluster, request);
      else this.breakOff(INTERNAL, "");
    });
  }

  send(message: Uint8Array, endStream: boolean): void {
    if (this.localEnd) return;
    this.localEnd = endStream;
    const frame = new Uint8Array(5 + message.length);
    new DataView(frame.buffer).setUint32(1, message.length);
    frame.set(message, 5);
    this.whenOpen(() => this.upstream!.data(frame, endStream));
  }

  /** Ends this side of the stream. */
  close(): void {
    if (this.localEnd) return;
    this.localEnd = true;
    this.whenOpen(() => this.upstream!.data(noBytes, true));
  }

  /** Ends the stream at once; nothing more is told. */
  reset(): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.upstream?.reset();
  }

  private whenOpen(action: () => void): void {
    if (this.ended) return;
    if (this.upstream === undefined) this.queued.push(action);
    else action();
  }

  private open(
    loop: Loop,
    cluster: Cluster,
    { clusterName, authority, service, method, metadata, timeout }: GrpcRequest,
  ): void {
    const sentAt = loop.now();
    const headers = HeaderMap.of([
      [":method", "POST"],
      [":path", `/${service}/${method}`],
      [":authority", authority ?? clusterName ?? ""],
      [":scheme", "http"],
      ["te", "trailers"],
    ]);
    headers.add("x-envoy-internal", "true");
    if (timeout !== undefined && timeout > 0) headers.add("x-envoy-expected-rq-timeout-ms", String(timeout));
    if (timeout !== undefined) headers.add("grpc-timeout", `${timeout}m`);
    headers.add("content-type", "application/grpc");
    for (const [name, value] of metadata.pairs())
      headers.add(name, name.endsWith("-bin") ? base64(value) : value);
    this.upstream = cluster.open({
      headers: (fields, endStream) => {
        const answer = HeaderMap.of(fields);
        answer.put("x-envoy-upstream-service-time", String(Math.round(loop.now() - sentAt)));
        this.onHeaders(answer, endStream);
      },
      data: (bytes, endStream) => {
        this.onData(bytes);
        // The end of gRPC is in trailers.
        if (endStream) this.breakOff(UNKNOWN, VIA_UPSTREAM);
      },
      trailers: (fields) => this.onTrailers(HeaderMap.of(fields)),
      reset: (reason) => this.onReset(reason),
    });
    this.upstream.headers(headers.pairs(), false);
    for (const action of this.queued.splice(0)) action();
  }

  private onHeaders(headers: HeaderMap, endStream: boolean): void {
    if (this.ended) return;
    this.answered = true;
    const http = Number(headers.get(":status"));
    this.events.initialMetadata(endStream ? new HeaderMap() : headers);
    if (this.ended) return;
    // A status of gRPC counts more than one of HTTP, where it stands in headers that end the answer.
    if (endStream && (http === 200 || headers.has("grpc-status"))) this.onTrailers(headers);
    else if (http !== 200) this.breakOff(grpcStatusOf(http), VIA_UPSTREAM);
  }

  /** Takes whole messages out of what has come; one that is none spoils all that came with it. */
  private onData(bytes: Uint8Array): void {
    this.received = concat([this.received, bytes]);
    const messages: Uint8Array[] = [];
    let isBad = false;
    while (this.received.length > 0) {
      const flags = this.received[0]!;
      if (flags > 1) {
        this.breakOff(INTERNAL, VIA_UPSTREAM);
        return;
      }
      if (this.received.length < 5) break;
      const length = new DataView(this.received.buffer, this.received.byteOffset).getUint32(1);
      if (this.received.length < 5 + length) break;
      // Envoy does not unpack what is compressed.
      isBad ||= flags === 1 && length > 0;
      if (!isBad) messages.push(this.received.slice(5, 5 + length));
      this.received = this.received.slice(5 + length);
    }
    for (const message of messages) if (!this.ended) this.events.message(message);
    if (isBad) this.breakOff(INTERNAL, VIA_UPSTREAM);
  }

  private onTrailers(trailers: HeaderMap): void {
    if (this.ended) return;
    const status = statusIn(trailers);
    const message = trailers.get("grpc-message") ?? "";
    this.events.trailingMetadata(trailers);
    this.finish(status, withDetails(message, VIA_UPSTREAM));
  }

  private onReset(reason: ResetReason): void {
    const details = resetDetails(reason);
    if (this.answered) this.breakOff(INTERNAL, `upstream_reset_after_response_started{${details}}`);
    else
      this.answerItself(
        resetMessage(reason, this.rules),
        `upstream_reset_before_response_started{${details}}`,
        statusOfReset(reason),
      );
  }

  /** The answer of Envoy's own router, which is a gRPC response without messages. */
  private answerItself(message: string, details: string, httpStatus: number): void {
    if (this.ended) return;
    this.events.initialMetadata(new HeaderMap());
    if (this.ended) return;
    const status = grpcStatusOf(httpStatus);
    this.events.trailingMetadata(
      HeaderMap.of([
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", String(status)],
        ["grpc-message", message],
      ]),
    );
    this.finish(status, withDetails(message, details));
  }

  /** Ends the stream with a status that the upstream did not send. */
  private breakOff(status: number, details: string): void {
    if (this.ended) return;
    this.events.trailingMetadata(new HeaderMap());
    if (this.ended) return;
    this.upstream?.reset();
    this.finish(status, details);
  }

  private finish(status: number, message: string): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.events.close(status, message);
  }
}

/** The status in trailers; what is none is -1, as the module gets it. */
function statusIn(trailers: HeaderMap): number {
  const text = trailers.get("grpc-status");
  if (text === undefined) return UNKNOWN;
  return /^\d+$/.test(text) && Number(text) <= 16 ? Number(text) : 0xffffffff;
}

function withDetails(message: string, details: string): string {
  return message === "" ? details : `${message}{${details}}`;
}

function base64(text: string): string {
  return btoa(text).replace(/=+$/, "");
}
