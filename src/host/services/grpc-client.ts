import { HeaderMap } from "../abi/header-map.js";
import { concat, noBytes } from "../abi/text.js";
import type { Loop } from "../vm/loop.js";
import type { Cluster, ResetReason, UpstreamRequest } from "./cluster.js";
import { resetDetails } from "../http/header-checks.js";
import { resetMessage } from "./http-call.js";

/** What comes back on a gRPC stream. */
export interface GrpcEvents {
  initialMetadata(metadata: HeaderMap): void;
  message(bytes: Uint8Array): void;
  trailingMetadata(metadata: HeaderMap): void;
  close(status: number, message: string): void;
}

export interface GrpcRequest {
  /** Undefined for a target that is no cluster. */
  readonly clusterName: string | undefined;
  /** What `:authority` says in place of the cluster's name. */
  readonly authority?: string | undefined;
  readonly service: string;
  readonly method: string;
  readonly metadata: HeaderMap;
  /** Milliseconds; undefined for none. */
  readonly timeout?: number;
}

const UNAVAILABLE = 14;

/** The gRPC status for an HTTP status without one. */
export function grpcStatusOf(http: number): number {
  if (http === 200) return 2;
  const known: Readonly<Record<number, number>> = { 400: 13, 401: 16, 403: 7, 404: 12 };
  return known[http] ?? ([429, 502, 503, 504].includes(http) ? UNAVAILABLE : 2);
}

/** A gRPC stream, or a call, on HTTP. */
export class GrpcStream {
  private upstream: UpstreamRequest | undefined;
  private readonly queued: (() => void)[] = [];
  private received: Uint8Array = noBytes;
  private ended = false;
  private localEnd = false;
  private answered = false;
  private readonly timer;

  constructor(
    loop: Loop,
    /** Undefined for a target to which Envoy connects by itself, and where nobody is. */
    cluster: Cluster | undefined,
    request: GrpcRequest,
    private readonly events: GrpcEvents,
  ) {
    if (request.timeout !== undefined && request.timeout > 0)
      this.timer = loop.after(request.timeout, () => {
        this.upstream?.reset();
        this.fail("upstream request timeout{response_timeout}", 504);
      });
    loop.post(() => {
      if (this.ended) return;
      if (cluster !== undefined) this.open(loop, cluster, request);
      else {
        this.events.trailingMetadata(new HeaderMap());
        this.finish(13, "");
      }
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
        if (endStream) this.finish(13, "");
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
    const status = Number(headers.get(":status"));
    if (status !== 200) {
      this.upstream?.reset();
      this.finish(grpcStatusOf(status), "via_upstream");
      return;
    }
    if (endStream) {
      this.onTrailers(headers);
      return;
    }
    this.events.initialMetadata(headers);
  }

  private onData(bytes: Uint8Array): void {
    this.received = concat([this.received, bytes]);
    while (!this.ended && this.received.length >= 5) {
      const length = new DataView(this.received.buffer, this.received.byteOffset).getUint32(1);
      if (this.received.length < 5 + length) return;
      const message = this.received.slice(5, 5 + length);
      this.received = this.received.slice(5 + length);
      this.events.message(message);
    }
  }

  private onTrailers(trailers: HeaderMap): void {
    if (this.ended) return;
    const status = Number(trailers.get("grpc-status") ?? 2);
    const message = decodePercent(trailers.get("grpc-message") ?? "");
    this.events.trailingMetadata(trailers);
    this.finish(status, message === "" ? "via_upstream" : `${message}{via_upstream}`);
  }

  private onReset(reason: ResetReason): void {
    if (this.answered) this.finish(UNAVAILABLE, "");
    else {
      const details = `upstream_reset_before_response_started{${resetDetails(reason)}}`;
      this.fail(`${resetMessage(reason)}{${details}}`, 503);
    }
  }

  /** The answer of Envoy's own router, which is a gRPC response without messages. */
  private fail(message: string, httpStatus: number): void {
    if (this.ended) return;
    if (!this.answered) this.events.initialMetadata(new HeaderMap());
    if (this.ended) return;
    this.events.trailingMetadata(
      HeaderMap.of([
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", String(grpcStatusOf(httpStatus))],
        ["grpc-message", message],
      ]),
    );
    this.finish(UNAVAILABLE, message);
  }

  private finish(status: number, message: string): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.events.close(status, message);
  }
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function base64(text: string): string {
  return btoa(text).replace(/=+$/, "");
}
