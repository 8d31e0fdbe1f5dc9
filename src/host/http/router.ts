import type { Body } from "../abi/body.js";
import { HeaderMap } from "../abi/header-map.js";
import { binaryOf, encode, noBytes } from "../abi/text.js";
import type { Environment } from "../environment.js";
import { CONNECTION_REFUSED } from "../services/cluster.js";
import type { Cluster, Fields, ResetReason, UpstreamRequest } from "../services/cluster.js";
import { resetMessage } from "../services/http-call.js";
import { ResponseFlag, flagOfReset, statusOfReset } from "../services/response-flags.js";
import type { Timer } from "../vm/loop.js";
import { DataStatus, HeadersStatus, TrailersStatus } from "./filter.js";
import type { HttpFilter } from "./filter.js";
import { detailsOf, requestProblem, resetDetails } from "./header-checks.js";
import { ownReply } from "./local-reply.js";
import type { HttpStream } from "./stream.js";

/** The route of a request: to a cluster, or to nowhere with an answer of Envoy itself. */
export type Route = ClusterRoute | DirectResponse;

export interface ClusterRoute {
  readonly cluster: string;
  readonly name?: string;
  /** Milliseconds for the response; 15,000 unless given, 0 for no limit. */
  readonly timeout?: number;
}

export interface DirectResponse {
  readonly status: number;
  readonly body?: string | Uint8Array;
  readonly name?: string;
}

const DEFAULT_TIMEOUT = 15_000;

/** The last filter: it sends the request to the upstream and the answer back. */
export class Router implements HttpFilter {
  /** Requests to the upstream. There are two when a filter continues a request that continues by itself, too. */
  private attempts: Attempt[] = [];
  private ended = false;
  private timer: Timer | undefined;
  private timeout = 0;
  private responding = false;

  constructor(
    readonly stream: HttpStream,
    private readonly route: (headers: HeaderMap) => Route | undefined,
  ) {}

  private get environment(): Environment {
    return this.stream.environment;
  }

  /** The names that the route and its cluster have now. */
  chooseRoute(headers: HeaderMap): Route | undefined {
    const { info } = this.stream;
    const isRoutable = headers.has(":path") && headers.has("x-forwarded-proto");
    const route = isRoutable ? this.route(headers) : undefined;
    info.routeName = route === undefined ? undefined : binaryOf(route.name ?? "");
    const name = route === undefined || "status" in route ? "" : binaryOf(route.cluster);
    info.clusterName = this.environment.clusters.has(name) ? name : "";
    return route;
  }

  decodeHeaders(headers: HeaderMap, endStream: boolean): HeadersStatus {
    const { stream } = this;
    const { info } = stream;
    const route = this.chooseRoute(headers);
    if (route === undefined) return this.reply(404, "route_not_found", "", ResponseFlag.NoRoute);
    if ("status" in route) {
      const body = route.body === undefined ? noBytes : encode(route.body);
      const { status } = route;
      stream.sendLocalReply({ status, body, headers: [], grpcStatus: undefined, details: "direct_response" });
      return HeadersStatus.StopIteration;
    }
    const clusterName = binaryOf(route.cluster);
    const cluster = this.environment.clusters.get(clusterName);
    if (cluster === undefined) return this.reply(503, "cluster_not_found", "", ResponseFlag.NoCluster);
    if (cluster.hasEndpoints === false)
      return this.reply(503, "no_healthy_upstream", "no healthy upstream", ResponseFlag.NoHealthyUpstream);
    this.timeout = route.timeout ?? DEFAULT_TIMEOUT;
    if (this.timeout > 0) headers.put("x-envoy-expected-rq-timeout-ms", String(this.timeout));
    info.attempts++;
    if (endStream) this.startTimer();
    const attempt = new Attempt(this, this.environment);
    this.attempts.unshift(attempt);
    stream.onPauseUpstream = (paused) => this.attempts[0]?.pause(paused);
    this.environment.loop.post(() => attempt.open(cluster, headers, endStream));
    return HeadersStatus.StopIteration;
  }

  decodeData(data: Body, endStream: boolean): DataStatus {
    const bytes = data.take();
    if (endStream) this.startTimer();
    this.attempts[0]?.send((upstream) => upstream.data(bytes, endStream));
    return DataStatus.StopNoBuffer;
  }

  decodeTrailers(trailers: HeaderMap): TrailersStatus {
    this.startTimer();
    this.attempts[0]?.sendTrailers(trailers.pairs());
    return TrailersStatus.Stop;
  }

  onDestroy(): void {
    this.end();
  }

  // Events of attempts

  /** A connection is there, but the request cannot be sent on it. */
  onBadRequest(problem: string): void {
    this.end();
    this.stream.info.responseFlags |= ResponseFlag.InvalidRequest;
    const details = `filter_removed_required_request_headers{${detailsOf(problem)}}`;
    this.stream.sendLocalReply(ownReply(503, details, problem));
  }

  onConnected(address: string): void {
    this.stream.info.upstreamAddress = address;
  }

  /** The first answer counts; the other attempt is given up. */
  onHeaders(from: Attempt, fields: Fields, endStream: boolean, latency: number): void {
    for (const other of this.attempts) if (other !== from) other.cancel();
    this.attempts = [from];
    const headers = HeaderMap.of(fields);
    if (!this.environment.rules.passesKeepAlive) headers.remove("keep-alive");
    this.stream.info.upstreamLatency = latency;
    this.stream.info.upstreamTried = true;
    headers.put("x-envoy-upstream-service-time", String(Math.round(latency)));
    this.responding = true;
    if (endStream) this.finish();
    this.stream.respond(headers, endStream);
  }

  /** The upstream takes the request slower than it comes. */
  onFull(isFull: boolean): void {
    this.stream.pauseClient("upstream", isFull);
  }

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (endStream) this.finish();
    this.stream.respondData(bytes, endStream);
  }

  onTrailers(fields: Fields): void {
    this.finish();
    this.stream.respondTrailers(HeaderMap.of(fields));
  }

  onReset(from: Attempt, reason: ResetReason): void {
    this.attempts = this.attempts.filter((attempt) => attempt !== from);
    if (this.attempts.length > 0) return;
    this.finish();
    const { info } = this.stream;
    info.responseFlags |= flagOfReset(reason);
    info.upstreamTried = true;
    if (reason === "remote connection failure") info.upstreamFailure = CONNECTION_REFUSED;
    const details = `{${resetDetails(reason)}}`;
    if (this.responding) {
      this.stream.info.responseCodeDetails = `upstream_reset_after_response_started${details}`;
      this.stream.reset();
    } else {
      const before = `upstream_reset_before_response_started${details}`;
      this.stream.sendLocalReply(
        ownReply(statusOfReset(reason), before, resetMessage(reason, this.environment.rules)),
      );
    }
  }

  private reply(status: number, details: string, body: string, flag: number): HeadersStatus {
    this.stream.info.responseFlags |= flag;
    this.stream.sendLocalReply(ownReply(status, details, body));
    return HeadersStatus.StopIteration;
  }

  private startTimer(): void {
    if (this.timeout === 0 || this.timer !== undefined || this.ended) return;
    this.timer = this.environment.loop.after(this.timeout, () => {
      if (this.ended) return;
      this.end();
      this.stream.info.responseFlags |= ResponseFlag.UpstreamTimeout;
      if (this.responding) this.stream.reset();
      else this.stream.sendLocalReply(ownReply(504, "response_timeout", "upstream request timeout"));
    });
  }

  /** The answer is complete. */
  private finish(): void {
    this.ended = true;
    this.stream.info.upstreamComplete = true;
    this.timer?.cancel();
    for (const attempt of this.attempts) attempt.forget();
    this.onFull(false);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    for (const attempt of this.attempts) attempt.cancel();
    this.onFull(false);
  }
}

/** One request to an upstream. */
class Attempt {
  private upstream: UpstreamRequest | undefined;
  private readonly queued: ((upstream: UpstreamRequest) => void)[] = [];
  private isOver = false;
  private takesTrailers = true;

  constructor(
    private readonly router: Router,
    private readonly environment: Environment,
  ) {}

  open(cluster: Cluster, headers: HeaderMap, endStream: boolean): void {
    if (this.isOver) return;
    this.router.onConnected(cluster.address ?? "127.0.0.1:80");
    const problem = requestProblem(headers);
    if (problem !== undefined) {
      this.isOver = true;
      this.router.onBadRequest(problem);
      return;
    }
    const { loop } = this.environment;
    const sentAt = loop.now();
    const whileOpen =
      <T extends unknown[]>(tell: (...args: T) => void) =>
      (...args: T): void => {
        if (!this.isOver) tell(...args);
      };
    const events = {
      headers: whileOpen((fields: Fields, end: boolean) =>
        this.router.onHeaders(this, fields, end, loop.now() - sentAt),
      ),
      data: whileOpen((bytes: Uint8Array, end: boolean) => this.router.onData(bytes, end)),
      trailers: whileOpen((fields: Fields) => this.router.onTrailers(fields)),
      reset: whileOpen((reason: ResetReason) => this.router.onReset(this, reason)),
      full: whileOpen((isFull: boolean) => this.router.onFull(isFull)),
    };
    this.upstream = cluster.open(events, this.router.stream);
    this.takesTrailers = cluster.http2 === true || !headers.has("content-length");
    this.upstream.headers(framed(headers, endStream, cluster.http2 === true), endStream);
    for (const action of this.queued.splice(0)) action(this.upstream);
  }

  send(action: (upstream: UpstreamRequest) => void): void {
    if (this.isOver) return;
    if (this.upstream === undefined) this.queued.push(action);
    else action(this.upstream);
  }

  /** HTTP/1 has trailers behind chunks only, not behind a body of a given length. */
  sendTrailers(trailers: Fields): void {
    this.send((upstream) =>
      this.takesTrailers ? upstream.trailers(trailers) : upstream.data(noBytes, true),
    );
  }

  pause(paused: boolean): void {
    if (!this.isOver) this.upstream?.pause?.(paused);
  }

  cancel(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.upstream?.reset();
  }

  forget(): void {
    this.isOver = true;
  }
}

const bodiless = new Set(["GET", "HEAD", "DELETE", "CONNECT", "TRACE"]);

/** HTTP/1 says that there is no body where there might be one. */
function framed(headers: HeaderMap, endStream: boolean, http2: boolean): Fields {
  const needsLength = endStream && !http2 && !bodiless.has(headers.get(":method") ?? "");
  if (!needsLength || headers.has("content-length")) return headers.pairs();
  return [...headers.pairs(), ["content-length", "0"]];
}
