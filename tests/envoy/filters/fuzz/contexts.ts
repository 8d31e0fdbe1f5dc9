// Contexts of all kinds that make random calls in their callbacks. What is held is let go on by a timer, so that nothing may
// hang.
import {
  AccessLogger,
  BodyChunksContext,
  CloseType,
  FailurePolicy,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterMetadataStatus,
  FilterStatus,
  FilterTrailersStatus,
  HttpContext,
  PluginContext,
  SharedQueue,
  StatsReader,
  StatsSink,
  TcpContext,
  WholeBodyContext,
} from "proxy-wasm-as";
import { Caller } from "./caller";
import { callBody, callHeaders } from "./message";

/** Lets go of what is held, every 25 ms. */
function letGo(stream: HttpContext): void {
  stream.resumeRequest();
  stream.resumeResponse();
}

/** After a bug: more calls, a bug in there, and any policy. */
function afterBug(caller: Caller): FailurePolicy {
  caller.some(2);
  return <FailurePolicy>caller.random(2);
}

class Stream extends HttpContext {
  private readonly caller: Caller = new Caller(this);

  onError(error: Error): FailurePolicy {
    return afterBug(this.caller);
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const caller = this.caller;
    caller.read(this.request.headers);
    this.every(25, () => letGo(this));
    caller.some(6);
    return caller.random(3) > 0 ? 0 : <FilterHeadersStatus>caller.random(5);
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.caller.some(5);
    return <FilterDataStatus>this.caller.random(4);
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.caller.some(5);
    return <FilterTrailersStatus>this.caller.random(2);
  }

  onRequestMetadata(elementCount: u32): FilterMetadataStatus {
    this.caller.some(5);
    return FilterMetadataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.caller.someOfResponse(6);
    return this.caller.random(3) > 0 ? 0 : <FilterHeadersStatus>this.caller.random(5);
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.caller.someOfResponse(5);
    return <FilterDataStatus>this.caller.random(4);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.caller.someOfResponse(5);
    return <FilterTrailersStatus>this.caller.random(2);
  }

  onResponseMetadata(elementCount: u32): FilterMetadataStatus {
    this.caller.some(5);
    return FilterMetadataStatus.Continue;
  }

  onLog(): void {
    this.caller.some(4);
  }

  onDone(): void {
    this.caller.some(4);
  }

  onDelete(): void {
    this.caller.some(3);
  }
}

class WholeStream extends WholeBodyContext {
  private readonly caller: Caller = new Caller(this);

  get requestBodyLimit(): u32 {
    return 20000;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.caller.read(this.request.headers);
    this.every(25, () => letGo(this));
    this.caller.some(3);
    return super.onRequestHeaders(headerCount, endOfStream);
  }

  onWholeRequestBody(size: u32): FilterDataStatus {
    this.caller.some(5);
    return <FilterDataStatus>this.caller.random(4);
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.caller.someOfResponse(3);
    return super.onResponseHeaders(headerCount, endOfStream);
  }

  onWholeResponseBody(size: u32): FilterDataStatus {
    this.caller.someOfResponse(5);
    return <FilterDataStatus>this.caller.random(4);
  }
}

class ChunkStream extends BodyChunksContext {
  private readonly caller: Caller = new Caller(this);

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.caller.read(this.request.headers);
    return super.onRequestHeaders(headerCount, endOfStream);
  }

  onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array {
    this.caller.some(4);
    return this.caller.random(2) == 0 ? chunk : this.caller.bytes();
  }

  onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array {
    this.caller.someOfResponse(4);
    return this.caller.random(2) == 0 ? chunk : this.caller.bytes();
  }
}

export class Fuzz extends PluginContext {
  private made: u32 = 0;

  /** With an "e", some calls throw. */
  onConfigure(configuration: string): bool {
    Caller.throws = configuration.includes("e");
    return true;
  }

  createHttpContext(): HttpContext {
    const kind = this.made++ % 8;
    return kind == 6 ? new WholeStream() : kind == 7 ? new ChunkStream() : new Stream();
  }

  onQueueReady(queue: SharedQueue): void {
    queue.dequeue();
    new Caller(this).some(2);
  }
}

class Connection extends TcpContext {
  private readonly caller: Caller = new Caller(this);

  onError(error: Error): FailurePolicy {
    return afterBug(this.caller);
  }

  onNewConnection(): FilterStatus {
    this.every(25, () => {
      this.resumeDownstream();
    });
    this.caller.some(4);
    return <FilterStatus>(this.caller.random(4) == 0 ? 1 : 0);
  }

  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.caller.some(4);
    callBody(this.caller, this.downstreamData);
    return <FilterStatus>this.caller.random(2);
  }

  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.caller.some(4);
    callBody(this.caller, this.upstreamData);
    return <FilterStatus>this.caller.random(2);
  }

  onDownstreamClose(closeType: CloseType): void {
    this.caller.some(4);
  }

  onUpstreamClose(closeType: CloseType): void {
    this.caller.some(4);
  }

  onDone(): void {
    this.caller.some(4);
  }

  onLog(): void {
    this.caller.some(4);
  }

  onDelete(): void {
    this.caller.some(3);
  }
}

export class Connections extends PluginContext {
  onConfigure(configuration: string): bool {
    Caller.throws = configuration.includes("e");
    return true;
  }

  createTcpContext(): TcpContext {
    return new Connection();
  }
}

export class Log extends AccessLogger {
  onConfigure(configuration: string): bool {
    Caller.throws = configuration.includes("e");
    return true;
  }

  onLog(): void {
    const caller = new Caller(this);
    caller.mayThrow(10);
    callHeaders(caller, this.request.headers);
    callHeaders(caller, this.response.trailers);
    callBody(caller, this.request.body);
    callBody(caller, this.response.body);
    caller.some(4);
  }
}

export class Sink extends StatsSink {
  onConfigure(configuration: string): bool {
    Caller.throws = configuration.includes("e");
    return true;
  }

  onStatsUpdate(stats: StatsReader): void {
    const caller = new Caller(this);
    while (stats.next()) if (caller.random(40) == 0) caller.some(1);
  }
}
