import { Body } from "../abi/body.js";
import { HeaderMap } from "../abi/header-map.js";
import { encode, noBytes } from "../abi/text.js";
import type { Environment } from "../environment.js";
import type { Cluster, ResetReason, UpstreamRequest } from "../services/cluster.js";
import { resetMessage } from "../services/http-call.js";
import type { Timer } from "../vm/loop.js";
import { DataStatus, HeadersStatus, TrailersStatus } from "./filter.js";
import type { HttpFilter } from "./filter.js";
import { detailsOf, requestProblem } from "./header-checks.js";
import { ownReply } from "./local-reply.js";
import type { HttpStream } from "./stream.js";

/** Where requests go. */
export type Route =
  | {
      readonly cluster: string;
      readonly name?: string;
      /** Milliseconds; 15,000 unless given, 0 for none. */ readonly timeout?: number;
    }
  | { readonly status: number; readonly body?: string | Uint8Array; readonly name?: string };

/** The last filter: it sends the request to the upstream and the answer back. */
export class Router implements HttpFilter {
  private upstream: UpstreamRequest | undefined;
  private ended = false;
  private opened = false;
  private readonly queued: (() => void)[] = [];
  private timer: Timer | undefined;
  private timeout = 0;
  private responding = false;
  private sentAt = 0;

  constructor(
    private readonly stream: HttpStream,
    private readonly route: (headers: HeaderMap) => Route | undefined,
  ) {}

  private get environment(): Environment {
    return this.stream.environment;
  }

  decodeHeaders(headers: HeaderMap, endStream: boolean): HeadersStatus {
    const { stream } = this;
    const { info } = stream;
    const isRoutable = headers.has(":path") && headers.has("x-forwarded-proto");
    const route = isRoutable ? this.route(headers) : undefined;
    if (route === undefined) {
      stream.sendLocalReply(ownReply(404, "route_not_found", ""));
      return HeadersStatus.StopIteration;
    }
    info.routeName = route.name ?? "";
    if ("status" in route) {
      const body = route.body === undefined ? noBytes : encode(route.body);
      stream.sendLocalReply({
        status: route.status,
        body,
        headers: [],
        grpcStatus: undefined,
        details: "direct_response",
      });
      return HeadersStatus.StopIteration;
    }
    const cluster = this.environment.clusters.get(route.cluster);
    if (cluster === undefined) {
      stream.sendLocalReply(ownReply(503, "cluster_not_found", ""));
      return HeadersStatus.StopIteration;
    }
    info.clusterName = route.cluster;
    if (cluster.hasEndpoints === false) {
      stream.sendLocalReply(ownReply(503, "no_healthy_upstream", "no healthy upstream"));
      return HeadersStatus.StopIteration;
    }
    this.timeout = route.timeout ?? 15_000;
    if (this.timeout > 0) headers.put("x-envoy-expected-rq-timeout-ms", String(this.timeout));
    info.attempts = 1;
    if (endStream) this.startTimer();
    this.environment.loop.post(() => this.open(cluster, headers, endStream));
    return HeadersStatus.StopIteration;
  }

  decodeData(data: Body, endStream: boolean): DataStatus {
    const bytes = data.take();
    if (endStream) this.startTimer();
    this.whenOpen(() => this.upstream!.data(bytes, endStream));
    return DataStatus.StopNoBuffer;
  }

  decodeTrailers(trailers: HeaderMap): TrailersStatus {
    this.startTimer();
    this.whenOpen(() => this.upstream!.trailers(trailers.pairs()));
    return TrailersStatus.Stop;
  }

  onDestroy(): void {
    if (this.ended) return;
    this.end();
    this.upstream?.reset();
  }

  private open(cluster: Cluster, headers: HeaderMap, endStream: boolean): void {
    if (this.ended) return;
    const { stream } = this;
    stream.info.upstreamAddress = cluster.address ?? "127.0.0.1:80";
    const problem = requestProblem(headers);
    if (problem !== undefined) {
      this.end();
      const details = `filter_removed_required_request_headers{${detailsOf(problem)}}`;
      stream.sendLocalReply(ownReply(503, details, problem));
      return;
    }
    this.sentAt = this.environment.loop.now();
    stream.pauseUpstream = (paused) => this.upstream?.pause?.(paused);
    const upstream = cluster.open({
      headers: (fields, end) => this.onHeaders(fields, end),
      data: (bytes, end) => {
        if (this.ended) return;
        if (end) this.end();
        stream.respondData(bytes, end);
      },
      trailers: (fields) => {
        if (this.ended) return;
        this.end();
        stream.respondTrailers(HeaderMap.of(fields));
      },
      reset: (reason) => this.onReset(reason),
    });
    this.upstream = upstream;
    this.opened = true;
    upstream.headers(headers.pairs(), endStream);
    for (const action of this.queued.splice(0)) action();
  }

  private onHeaders(fields: Iterable<readonly [string, string]>, endStream: boolean): void {
    if (this.ended) return;
    const headers = HeaderMap.of(fields);
    const { info } = this.stream;
    const latency = this.environment.loop.now() - this.sentAt;
    info.upstreamLatency = latency;
    headers.put("x-envoy-upstream-service-time", String(Math.round(latency)));
    this.responding = true;
    if (endStream) this.end();
    this.stream.respond(headers, endStream);
  }

  private onReset(reason: ResetReason): void {
    if (this.ended) return;
    this.end();
    const details = `{${detailsOf(reason)}}`;
    if (this.responding) {
      this.stream.info.responseCodeDetails = `upstream_reset_after_response_started${details}`;
      this.stream.reset();
    } else
      this.stream.sendLocalReply(
        ownReply(503, `upstream_reset_before_response_started${details}`, resetMessage(reason)),
      );
  }

  private startTimer(): void {
    if (this.timeout === 0 || this.timer !== undefined || this.ended) return;
    this.timer = this.environment.loop.after(this.timeout, () => {
      if (this.ended) return;
      this.end();
      this.upstream?.reset();
      if (this.responding) this.stream.reset();
      else this.stream.sendLocalReply(ownReply(504, "response_timeout", "upstream request timeout"));
    });
  }

  private whenOpen(action: () => void): void {
    if (this.ended) return;
    if (this.opened) action();
    else this.queued.push(action);
  }

  private end(): void {
    this.ended = true;
    this.timer?.cancel();
  }
}
