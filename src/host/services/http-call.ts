import { Body } from "../abi/body.js";
import { HeaderMap } from "../abi/header-map.js";
import type { EnvoyRules } from "../envoy-rules.js";
import type { Environment } from "../environment.js";
import { isGrpcRequest, ownReply, prepareReply } from "../http/local-reply.js";
import type { Loop } from "../vm/loop.js";
import { CONNECTION_REFUSED } from "./cluster.js";
import { statusOfReset } from "./response-flags.js";
import type { Cluster, ResetReason, UpstreamRequest } from "./cluster.js";

/** The answer to an HTTP call. */
export interface HttpCallResponse {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  readonly trailers: HeaderMap | undefined;
}

export interface HttpCallRequest {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  readonly trailers: HeaderMap;
  /** Milliseconds; 0 is no limit. */
  readonly timeout: number;
}

/**
 * Sends a request beside the stream, as Envoy's asynchronous client does: through a router of its own, which answers
 * 502, 503 and 504 itself. Undefined is told after the answer broke off.
 */
export class HttpCall {
  private upstream: UpstreamRequest | undefined;
  private ended = false;
  private readonly timer;
  private readonly rules: EnvoyRules;
  private headers: HeaderMap | undefined;
  private readonly body = new Body();
  private trailers: HeaderMap | undefined;
  private sentAt = 0;
  private readonly isGrpc: boolean;

  constructor(
    { loop, rules }: Pick<Environment, "loop" | "rules">,
    cluster: Cluster,
    request: HttpCallRequest,
    private readonly onEnd: (response: HttpCallResponse | undefined) => void,
  ) {
    this.rules = rules;
    this.isGrpc = isGrpcRequest(request.headers);
    if (request.timeout > 0) this.timer = loop.after(request.timeout, () => this.timeOut());
    loop.post(() => {
      if (!this.ended) this.send(loop, cluster, request);
    });
  }

  cancel(): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.upstream?.reset();
  }

  private send(loop: Loop, cluster: Cluster, { headers, body, trailers, timeout }: HttpCallRequest): void {
    this.sentAt = loop.now();
    const fields = headers.copy();
    if (body.length > 0) fields.put("content-length", String(body.length));
    fields.put("x-envoy-internal", "true");
    if (timeout > 0) fields.put("x-envoy-expected-rq-timeout-ms", String(timeout));
    const upstream = cluster.open({
      headers: (list, endStream) => {
        this.headers = HeaderMap.of(list);
        this.headers.put("x-envoy-upstream-service-time", String(Math.round(loop.now() - this.sentAt)));
        if (endStream) this.finish();
      },
      data: (bytes, endStream) => {
        this.body.append(bytes);
        if (endStream) this.finish();
      },
      trailers: (list) => {
        this.trailers = HeaderMap.of(list);
        this.finish();
      },
      reset: (reason) => this.onReset(reason),
    });
    this.upstream = upstream;
    const hasTrailers = cluster.http2 === true && trailers.size > 0;
    upstream.headers(fields.pairs(), body.length === 0 && !hasTrailers);
    if (body.length > 0) upstream.data(body, !hasTrailers);
    if (hasTrailers) upstream.trailers(trailers.pairs());
  }

  private finish(): void {
    this.end({ headers: this.headers!, body: this.body.take(), trailers: this.trailers });
  }

  private timeOut(): void {
    this.upstream?.reset();
    // A timeout after the headers breaks the answer off.
    this.end(this.headers === undefined ? this.ownAnswer(504, "upstream request timeout") : undefined);
  }

  private onReset(reason: ResetReason): void {
    if (this.headers !== undefined) this.end(undefined);
    else this.end(this.ownAnswer(statusOfReset(reason), resetMessage(reason, this.rules)));
  }

  private ownAnswer(status: number, message: string): HttpCallResponse {
    const { headers, body } = prepareReply(ownReply(status, "", message), this.isGrpc, false);
    return { headers, body, trailers: undefined };
  }

  private end(response: HttpCallResponse | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.onEnd(response);
  }
}

/** The body of the 503 for a request whose connection was lost. */
export function resetMessage(reason: ResetReason, { tellsWhyRefused }: EnvoyRules): string {
  const isTold = tellsWhyRefused && reason === "remote connection failure";
  const why = isTold ? `, transport failure reason: ${CONNECTION_REFUSED}` : "";
  return `upstream connect error or disconnect/reset before headers. reset reason: ${reason}${why}`;
}
