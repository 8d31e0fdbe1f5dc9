// Calls the public API at random: any call with any argument in any callback, also on other streams and on those that are
// gone. The request's `x-seed` begins the numbers. What is held is let go on by a timer, so that nothing may hang.
import {
  Body,
  CallResult,
  Counter,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  Gauge,
  GrpcStatus,
  GrpcStream,
  Headers,
  Histogram,
  HttpContext,
  HttpRequest,
  HttpResponse,
  PluginContext,
  SharedData,
  SharedQueue,
  callForeignFunction,
  clock,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";

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

/** The streams that were made last, those that are gone among them. */
const streams = new Array<Stream>();
const bodies = new Array<Body>();

class Chat extends GrpcStream {
  constructor(readonly owner: Stream) {
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

class Fuzz extends PluginContext {
  createHttpContext(): HttpContext {
    return new Stream();
  }

  onQueueReady(queue: SharedQueue): void {
    queue.dequeue();
  }
}

class Stream extends HttpContext {
  private state: u32 = 1;
  private calls: i32 = 0;
  private chat: Chat | null = null;
  private storedRequest: HttpRequest | null = null;
  private storedResponse: HttpResponse | null = null;

  constructor() {
    super();
    if (streams.length >= 16) streams.shift();
    streams.push(this);
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

  private bytes(): Uint8Array {
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

  private target(): Stream {
    return this.random(4) > 0 ? this : streams[this.random(streams.length)];
  }

  header(headers: Headers): void {
    const name = this.pick(names);
    switch (this.random(11)) {
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
    switch (this.random(12)) {
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

  private anyHeaders(stream: Stream): Headers {
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

  private respondSomehow(stream: Stream): void {
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
    const stream = this.target();
    switch (this.random(44)) {
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
      case 5:
        stream.dispatch(
          this.pick(clusters),
          {
            path: this.value(),
            method: this.value(),
            headers: this.pairs(),
            body: this.value(),
            trailers: this.pairs(),
            timeout: this.random(300),
          },
          (result) => this.answer(result),
        );
        break;
      case 6:
        stream.grpcCall(
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
      case 7:
        if (this.chat === null) this.chat = new Chat(this);
        stream.openGrpcStream(this.pick(clusters), this.value(), this.value(), this.chat!, {
          metadata: this.pairs(),
        });
        break;
      case 8: {
        const chat = this.chat;
        if (chat !== null) {
          if (this.random(2) == 0) chat.cancel();
          else chat.send(this.bytes(), this.random(2) == 0);
        }
        break;
      }
      case 9: {
        const chat = this.chat;
        if (chat !== null) chat.close();
        break;
      }
      case 10:
      case 11:
        stream.after(this.random(30), () => this.some(3));
        break;
      case 12: {
        const timer = stream.every(1 + this.random(20), () => this.some(1));
        if (this.random(2) == 0) timer.stop();
        break;
      }
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
        callForeignFunction(this.pick(foreign), this.bytes());
        break;
      case 18:
        SharedData.set(this.value(), this.value(), this.random(3));
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
        break;
      }
      case 23:
        counter.increment(<i64>this.random(3) - 1);
        break;
      case 24:
        gauge.add(<i64>this.random(9) - 4);
        break;
      case 25:
        histogram.record(<i64>this.random(100) - 5);
        break;
      case 26:
        counter.with([["a", this.value()]]).increment();
        break;
      case 27:
        clock.now();
        break;
      case 28:
        log.debug(this.value());
        break;
      case 29:
        if (this.random(2) == 0) this.storedRequest = stream.request;
        else this.storedResponse = stream.response;
        break;
      case 30: {
        const stored = this.storedRequest;
        if (stored !== null) this.header(stored.headers);
        break;
      }
      case 31: {
        const stored = this.storedResponse;
        if (stored !== null) this.body(stored.body);
        break;
      }
      case 32: {
        const stored = this.storedRequest;
        if (stored !== null) this.body(stored.body);
        break;
      }
      case 33:
        if (bodies.length > 0) this.body(bodies[this.random(bodies.length)]);
        break;
      case 34:
        if (bodies.length < 8) bodies.push(this.random(2) == 0 ? stream.request.body : stream.response.body);
        break;
      case 35:
        (stream.plugin as Fuzz).done();
        break;
      case 36:
        stream.request.headers.remove("content-length");
        break;
      case 37:
        stream.response.headers.remove("content-length");
        break;
      case 38:
        this.body(stream.response.body);
        break;
      case 39:
      case 40:
        this.body(stream.request.body);
        break;
      default:
        this.header(this.anyHeaders(stream));
    }
  }

  private answer(result: CallResult): void {
    result.failure;
    this.header(result.headers);
    this.body(result.body);
    this.header(result.trailers);
    this.some(3);
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const seed = this.request.headers.get("x-seed");
    this.state = seed === null ? 1 : (<u32>parseInt(seed)) | 1;
    this.random(10);
    this.every(25, () => {
      this.resumeRequest();
      this.resumeResponse();
    });
    this.some(6);
    return this.random(3) > 0 ? 0 : <FilterHeadersStatus>this.random(5);
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.some(5);
    return <FilterDataStatus>this.random(4);
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.some(5);
    return <FilterTrailersStatus>this.random(2);
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.some(6);
    return this.random(3) > 0 ? 0 : <FilterHeadersStatus>this.random(5);
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.some(5);
    return <FilterDataStatus>this.random(4);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.some(5);
    return <FilterTrailersStatus>this.random(2);
  }

  onLog(): void {
    this.some(4);
  }

  onDone(): void {
    this.some(4);
  }

  onDelete(): void {
    this.some(3);
  }
}

registerPlugin<Fuzz>();
