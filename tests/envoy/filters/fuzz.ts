// Calls the public API at random: any call with any argument in any callback, also on other streams and on those that are
// gone. The request's `x-seed` begins the numbers. What is held is let go on by a timer, so that nothing may hang.
import {
  AccessLogger,
  Body,
  BodyChunksContext,
  CallResult,
  CloseType,
  Context,
  Counter,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterMetadataStatus,
  FilterStatus,
  FilterTrailersStatus,
  Gauge,
  GrpcStatus,
  GrpcStream,
  Headers,
  Histogram,
  HttpContext,
  HttpRequest,
  HttpResponse,
  LogLevel,
  PluginContext,
  SharedData,
  SharedQueue,
  SharedValue,
  StatsReader,
  StatsSink,
  TcpContext,
  WholeBodyContext,
  callForeignFunction,
  clock,
  environment,
  lastStatus,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";
import {
  Expression,
  LifeSpan,
  PropertyType,
  attributes,
  clearRouteCache,
  compress,
  declareProperty,
  setFilterState,
  sign,
  signByPem,
  uncompress,
  verifySignature,
  verifySignatureByPem,
} from "proxy-wasm-as/assembly/envoy";

const counter = new Counter("fuzz.counter");
const gauge = new Gauge("fuzz.gauge");
const histogram = new Histogram("fuzz.histogram");

const names = [
  ":path",
  ":method",
  ":authority",
  ":scheme",
  ":status",
  ":protocol",
  ":foo",
  "host",
  "content-length",
  "Content-Length",
  "transfer-encoding",
  "connection",
  "upgrade",
  "te",
  "trailer",
  "expect",
  "x-forwarded-proto",
  "x-a",
  "X-A",
  "x-b",
  "cookie",
  "set-cookie",
  "content-type",
  "grpc-status",
  "x-request-id",
  "date",
  "server",
  "",
  ":",
  "x y",
  "x\r\nx-evil: 1",
  "x\0",
  "\udcff",
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-retry-on",
  "x-envoy-original-path",
  "x-envoy-decorator-operation",
];
const values = [
  "",
  "1",
  "0",
  "5",
  "200",
  "204",
  "304",
  "101",
  "999",
  "abc",
  "-1",
  "/",
  "/other",
  "/fuzz/other?x=1",
  "GET",
  "HEAD",
  "CONNECT",
  "OPTIONS",
  "POST",
  "chunked",
  "gzip",
  "close",
  "keep-alive",
  "websocket",
  "trailers",
  "100-continue",
  "example.test",
  "http",
  "https",
  "application/grpc",
  "a\r\nx-evil: 1",
  "a\nx-evil: 1",
  "\0",
  "\x01",
  "\x7f",
  "\t",
  "\udcff\udc80",
  "größe",
  "*",
  " ",
  "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n",
  "18446744073709551616",
];
const clusters = ["side", "closed", "nope", "", "grpc-side", "users", "empty"];
const paths: string[][] = [
  ["request", "path"],
  ["request", "headers"],
  ["response", "code"],
  ["source", "address"],
  ["connection", "mtls"],
  ["plugin_name"],
  ["request"],
  [""],
  [],
  ["a\0b"],
  ["node"],
  ["xds", "route_metadata"],
  ["fuzz"],
  ["upstream", "address"],
  ["response", "headers", "x-a"],
  ["filter_state", "x"],
  ["metadata", "filter_metadata", "x"],
];
const foreign = [
  "verify_signature",
  "sign",
  "compress",
  "uncompress",
  "expr_create",
  "expr_evaluate",
  "expr_delete",
  "declare_property",
  "set_envoy_filter_state",
  "clear_route_cache",
  "nope",
  "",
];

const expressions = ["request.path", "request.headers.size()", "1 / 0", "response.code == 200", "(", ""];

/** The streams that were made last, those that are gone among them; connections likewise. */
const streams = new Array<HttpContext>();
const connections = new Array<TcpContext>();
const bodies = new Array<Body>();
/** Where those begin that have no request to begin with. */
let nextState: u32 = 1;

class Chat extends GrpcStream {
  constructor(readonly owner: Caller) {
    super();
  }

  onInitialMetadata(metadata: Headers): void {
    this.owner.header(metadata);
  }

  onMessage(message: Uint8Array): void {
    this.owner.some(2);
    if ((message.length & 1) != 0) this.cancel();
    else this.send(message, (message.length & 2) != 0);
  }

  onTrailingMetadata(metadata: Headers): void {
    this.owner.header(metadata);
  }

  onClose(status: GrpcStatus, message: string): void {
    this.owner.some(2);
  }
}

/** Makes the calls, for a context of any kind. */
class Caller {
  state: u32 = 1;
  private calls: i32 = 0;
  private chat: Chat | null = null;
  private storedRequest: HttpRequest | null = null;
  private storedResponse: HttpResponse | null = null;
  private expression: Expression | null = null;

  constructor(private readonly context: Context) {
    this.state = (nextState = nextState * 1664525 + 1013904223) | 1;
    const self = context;
    if (self instanceof HttpContext) {
      if (streams.length >= 16) streams.shift();
      streams.push(self as HttpContext);
    } else if (self instanceof TcpContext) {
      if (connections.length >= 16) connections.shift();
      connections.push(self as TcpContext);
    }
  }

  /** Begins with what the request's `x-seed` says. */
  begin(seed: string | null): void {
    if (seed !== null) this.state = (<u32>parseInt(seed)) | 1;
    this.random(10);
  }

  random(below: u32): u32 {
    this.state ^= this.state << 13;
    this.state ^= this.state >> 17;
    this.state ^= this.state << 5;
    return this.state % below;
  }

  private pick(from: string[]): string {
    return from[this.random(from.length)];
  }

  bytes(): Uint8Array {
    const result = new Uint8Array(this.random(4) == 0 ? this.random(40000) : this.random(20));
    for (let i = 0; i < result.length; i++) result[i] = <u8>this.random(256);
    return result;
  }

  private value(): string {
    return this.random(40) == 0 ? "v".repeat(this.random(9000)) : this.pick(values);
  }

  private pairs(): string[][] {
    const result: string[][] = [];
    const count: u32 = this.random(30) == 0 ? 1030 : this.random(4);
    for (let i: u32 = 0; i < count; i++) {
      if (this.random(20) == 0) result.push([this.pick(names)]);
      else result.push([this.pick(names), this.value()]);
    }
    return result;
  }

  /** Mostly the own stream; sometimes another one, or one that is gone. */
  private target(): HttpContext | null {
    const own = this.context;
    if (own instanceof HttpContext && this.random(4) > 0) return own as HttpContext;
    return streams.length > 0 ? streams[this.random(streams.length)] : null;
  }

  header(headers: Headers): void {
    const name = this.pick(names);
    switch (this.random(14)) {
      case 11:
        headers.startsWith(name, this.value());
        break;
      case 12:
        headers.includes(name, this.value());
        break;
      case 13:
        headers.pick([name, this.pick(names)]);
        break;
      case 0:
        headers.get(name);
        break;
      case 1:
        headers.getAll(name);
        break;
      case 2:
        headers.getBytes(name);
        break;
      case 3:
        headers.has(name);
        break;
      case 4:
        headers.equals(name, this.value());
        break;
      case 5:
        headers.set(name, this.value());
        break;
      case 6:
        headers.add(name, this.value());
        break;
      case 7:
        headers.remove(name);
        break;
      case 8:
        headers.entries();
        break;
      case 9:
        headers.replaceAll(this.pairs());
        break;
      default:
        headers.byteLength;
    }
  }

  body(body: Body): void {
    const start = this.random(3) == 0 ? this.random(0xffffffff) : this.random(20);
    const length = this.random(3) == 0 ? this.random(0xffffffff) : this.random(20);
    switch (this.random(14)) {
      case 12:
        body.appendBytes(this.bytes());
        break;
      case 13:
        body.prependBytes(this.bytes());
        break;
      case 0:
        body.size;
        break;
      case 1:
        body.text();
        break;
      case 2:
        body.bytes();
        break;
      case 3:
        body.slice(start, length);
        break;
      case 4:
        body.sliceBytes(start, length);
        break;
      case 5:
        body.set(this.value());
        break;
      case 6:
        body.setBytes(this.bytes());
        break;
      case 7:
        body.append(this.value());
        break;
      case 8:
        body.prepend(this.value());
        break;
      case 9:
        body.splice(start, length, this.value());
        break;
      case 10:
        body.spliceBytes(start, length, this.bytes());
        break;
      default:
        body.clear();
    }
  }

  private anyHeaders(stream: HttpContext): Headers {
    switch (this.random(6)) {
      case 0:
        return stream.request.trailers;
      case 1:
        return stream.response.trailers;
      case 2:
      case 3:
        return stream.response.headers;
      default:
        return stream.request.headers;
    }
  }

  private respondSomehow(stream: HttpContext): void {
    const status = this.random(3) == 0 ? this.random(1200) : 200 + this.random(400);
    if (this.random(2) == 0) stream.respondBytes(status, this.bytes(), { headers: this.pairs() });
    else {
      stream.respond(status, this.value(), {
        headers: this.pairs(),
        details: this.value(),
        grpcStatus: <GrpcStatus>(<i32>this.random(20) - 2),
      });
    }
  }

  /** Makes up to `most` random calls. */
  some(most: u32): void {
    if (this.calls > 400) return;
    const count = this.random(most + 1);
    for (let i: u32 = 0; i < count; i++) this.one();
  }

  private one(): void {
    this.calls++;
    const kind = this.random(60);
    const stream = this.target();
    if (kind < 20 && stream !== null) this.ofStream(stream, kind);
    else if (kind < 30) this.ofContext(this.random(4) == 0 && stream !== null ? stream : this.context);
    else if (kind < 36) this.ofEnvoy();
    else if (kind < 38) this.ofConnection();
    else this.ofHost();
  }

  /** Calls of a stream. */
  private ofStream(stream: HttpContext, kind: u32): void {
    switch (kind) {
      case 0:
        this.respondSomehow(stream);
        break;
      case 1:
        stream.resumeRequest();
        break;
      case 2:
        stream.resumeResponse();
        break;
      case 3:
        if (this.random(6) == 0) stream.reset();
        break;
      case 4:
        if (this.random(2) == 0) this.storedRequest = stream.request;
        else this.storedResponse = stream.response;
        break;
      case 5: {
        const stored = this.storedRequest;
        if (stored !== null) this.header(stored.headers);
        break;
      }
      case 6: {
        const stored = this.storedResponse;
        if (stored !== null) this.body(stored.body);
        break;
      }
      case 7: {
        const stored = this.storedRequest;
        if (stored !== null) this.body(stored.body);
        break;
      }
      case 8:
        if (bodies.length > 0) this.body(bodies[this.random(bodies.length)]);
        break;
      case 9:
        if (bodies.length < 8) bodies.push(this.random(2) == 0 ? stream.request.body : stream.response.body);
        break;
      case 10:
        stream.request.headers.remove("content-length");
        break;
      case 11:
        stream.response.headers.remove("content-length");
        break;
      case 12:
      case 13:
        this.body(stream.response.body);
        break;
      case 14:
      case 15:
        this.body(stream.request.body);
        break;
      default:
        this.header(this.anyHeaders(stream));
    }
  }

  /** Calls of any context: what is sent, and timers. */
  private ofContext(context: Context): void {
    switch (this.random(10)) {
      case 0:
      case 1:
        context.dispatch(
          this.pick(clusters),
          {
            path: this.value(),
            method: this.value(),
            headers: this.pairs(),
            body: this.value(),
            bytes: this.random(2) == 0 ? null : this.bytes(),
            trailers: this.pairs(),
            timeout: this.random(300),
          },
          (result) => this.answer(result),
        );
        break;
      case 2:
        context.grpcCall(
          this.pick(clusters),
          this.value(),
          this.value(),
          this.bytes(),
          {
            metadata: this.pairs(),
            timeout: this.random(300),
            service: this.random(2) == 0 ? null : this.bytes(),
          },
          (result) => this.some(3),
        );
        break;
      case 3:
        if (this.chat === null) this.chat = new Chat(this);
        context.openGrpcStream(this.pick(clusters), this.value(), this.value(), this.chat!, {
          metadata: this.pairs(),
        });
        break;
      case 4: {
        const chat = this.chat;
        if (chat === null) break;
        if (this.random(2) == 0) chat.cancel();
        else if (chat.isOpen || this.random(2) == 0) chat.send(this.bytes(), this.random(2) == 0);
        break;
      }
      case 5: {
        const chat = this.chat;
        if (chat !== null) chat.close();
        break;
      }
      case 6:
      case 7:
        context.after(this.random(30), () => this.some(3));
        break;
      case 8: {
        const timer = context.every(1 + this.random(20), () => this.some(1));
        if (this.random(2) == 0) timer.stop();
        timer.isRunning;
        break;
      }
      default:
        if (this.random(20) == 0) context.plugin.done();
    }
  }

  /** Calls of connections, be they another's. */
  private ofConnection(): void {
    if (connections.length == 0) return;
    const connection = connections[this.random(connections.length)];
    switch (this.random(5)) {
      case 0:
        connection.resumeDownstream();
        break;
      case 1:
        if (this.random(4) == 0) connection.close();
        break;
      case 2:
        this.body(connection.downstreamData);
        break;
      case 3:
        this.body(connection.upstreamData);
        break;
      default:
        if (bodies.length < 8) bodies.push(connection.downstreamData);
    }
  }

  /** What Envoy offers besides the ABI. */
  private ofEnvoy(): void {
    switch (this.random(13)) {
      case 0:
        callForeignFunction(this.pick(foreign), this.bytes());
        break;
      case 1: {
        const packed = compress(this.bytes());
        if (packed !== null) uncompress(packed);
        break;
      }
      case 2:
        uncompress(this.bytes());
        break;
      case 3:
        if (this.expression === null) this.expression = Expression.compile(this.pick(expressions));
        break;
      case 4: {
        const expression = this.expression;
        if (expression === null) break;
        expression.evaluate();
        expression.isTrue();
        if (this.random(4) == 0) expression.dispose();
        break;
      }
      case 5:
        verifySignature(this.value(), this.bytes(), this.bytes(), this.bytes());
        verifySignatureByPem("sha256", this.value(), this.bytes(), this.bytes());
        break;
      case 6:
        sign("sha256", this.bytes(), this.bytes());
        signByPem(this.value(), this.value(), this.bytes());
        break;
      case 7:
        declareProperty(
          this.value(),
          this.random(2) == 0,
          <PropertyType>this.random(5),
          <LifeSpan>this.random(4),
          this.bytes(),
        );
        break;
      case 8:
        setFilterState(
          this.random(2) == 0 ? "envoy.string" : this.value(),
          this.value(),
          <LifeSpan>this.random(4),
        );
        break;
      case 9:
        clearRouteCache();
        break;
      case 10:
        attributes.request.header(this.value());
        attributes.response.trailer(this.value());
        attributes.metadata.text(this.value(), this.value());
        attributes.filterState.bytes(this.value());
        break;
      case 11:
        attributes.upstream.address();
        attributes.connection.requestedServerName();
        attributes.node.metadata(this.value());
        attributes.routeMetadata.number(this.value(), this.value());
        break;
      default:
        environment.entries();
    }
  }

  /** Calls that concern no stream. */
  private ofHost(): void {
    switch (13 + this.random(21)) {
      case 13:
        property.text(paths[this.random(paths.length)]);
        break;
      case 14:
        property.bytes(paths[this.random(paths.length)]);
        break;
      case 15:
        property.integerOr(paths[this.random(paths.length)], 1);
        break;
      case 16:
        property.set(this.value(), this.value());
        break;
      case 17:
        property.setBytes(this.value(), this.bytes());
        property.boolOr(paths[this.random(paths.length)], true);
        property.numberOr(paths[this.random(paths.length)], 1);
        property.has(paths[this.random(paths.length)]);
        break;
      case 18:
        SharedData.set(this.value(), this.value(), this.random(3));
        SharedData.setBytes(this.value(), this.bytes());
        break;
      case 19:
        SharedData.get(this.value());
        break;
      case 20:
        SharedData.add("sum", 1);
        break;
      case 21: {
        const queue = SharedQueue.register("fuzz");
        if (queue !== null) queue.enqueue(this.value());
        break;
      }
      case 22: {
        const queue = SharedQueue.resolve("", this.value());
        if (queue !== null) queue.dequeue();
        new SharedQueue(this.random(4)).enqueueBytes(this.bytes());
        break;
      }
      case 23:
        counter.increment(<i64>this.random(3) - 1);
        counter.value;
        break;
      case 24:
        gauge.add(<i64>this.random(9) - 4);
        gauge.set(<i64>this.random(9) - 4);
        gauge.value;
        break;
      case 25:
        histogram.record(<i64>this.random(100) - 5);
        break;
      case 26:
        counter.with([["a", this.value()]]).increment();
        break;
      case 27:
        clock.now();
        Date.now();
        Math.random();
        break;
      case 28:
        log.debug(this.value());
        log.write(<LogLevel>this.random(8), this.value());
        break;
      case 29:
        SharedData.update(this.value(), (old) => this.changed(old));
        break;
      case 30:
        SharedData.clear(this.value());
        break;
      case 31:
        console.log(this.value());
        trace("trace", 1, 2);
        break;
      case 32:
        lastStatus();
        new SharedQueue(this.random(4)).dequeue();
        break;
      default:
        // Enough memory to make the allocator work, let go of at once.
        for (let i = 0; i < 8; i++) this.bytes();
    }
  }

  /** What shared data becomes; sometimes others write meanwhile. */
  private changed(old: SharedValue | null): Uint8Array | null {
    if (this.random(3) == 0) SharedData.set("1", this.value());
    return old === null || this.random(3) == 0 ? this.bytes() : null;
  }

  private answer(result: CallResult): void {
    result.failure;
    this.header(result.headers);
    this.body(result.body);
    this.header(result.trailers);
    this.some(3);
  }
}

/** Lets go of what is held, every 25 ms. */
function letGo(stream: HttpContext): void {
  stream.resumeRequest();
  stream.resumeResponse();
}

class Stream extends HttpContext {
  private readonly caller: Caller = new Caller(this);

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const caller = this.caller;
    caller.begin(this.request.headers.get("x-seed"));
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
    this.caller.some(6);
    return this.caller.random(3) > 0 ? 0 : <FilterHeadersStatus>this.caller.random(5);
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.caller.some(5);
    return <FilterDataStatus>this.caller.random(4);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.caller.some(5);
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
    this.caller.begin(this.request.headers.get("x-seed"));
    this.every(25, () => letGo(this));
    this.caller.some(3);
    return super.onRequestHeaders(headerCount, endOfStream);
  }

  onWholeRequestBody(size: u32): FilterDataStatus {
    this.caller.some(5);
    return <FilterDataStatus>this.caller.random(4);
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.caller.some(3);
    return super.onResponseHeaders(headerCount, endOfStream);
  }

  onWholeResponseBody(size: u32): FilterDataStatus {
    this.caller.some(5);
    return <FilterDataStatus>this.caller.random(4);
  }
}

class ChunkStream extends BodyChunksContext {
  private readonly caller: Caller = new Caller(this);

  onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array {
    this.caller.some(4);
    return this.caller.random(2) == 0 ? chunk : this.caller.bytes();
  }

  onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array {
    this.caller.some(4);
    return this.caller.random(2) == 0 ? chunk : this.caller.bytes();
  }
}

class Fuzz extends PluginContext {
  private made: u32 = 0;

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

  onNewConnection(): FilterStatus {
    this.every(25, () => {
      this.resumeDownstream();
    });
    this.caller.some(4);
    return <FilterStatus>(this.caller.random(4) == 0 ? 1 : 0);
  }

  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.caller.some(4);
    this.caller.body(this.downstreamData);
    return <FilterStatus>this.caller.random(2);
  }

  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.caller.some(4);
    this.caller.body(this.upstreamData);
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

class Connections extends PluginContext {
  createTcpContext(): TcpContext {
    return new Connection();
  }
}

class Log extends AccessLogger {
  onLog(): void {
    const caller = new Caller(this);
    caller.header(this.request.headers);
    caller.header(this.response.trailers);
    caller.body(this.request.body);
    caller.body(this.response.body);
    caller.some(4);
  }
}

class Sink extends StatsSink {
  onStatsUpdate(stats: StatsReader): void {
    const caller = new Caller(this);
    while (stats.next()) if (caller.random(40) == 0) caller.some(1);
  }
}

registerPlugin<Fuzz>();
registerPlugin<Connections>("connections");
registerPlugin<Log>("log");
registerPlugin<Sink>("sink");
