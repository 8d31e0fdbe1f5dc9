// Random numbers, and what is made of them: names, values, bytes.

export const names = [
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
/** Numbers that begin with what a request says, and all that is chosen by them. */
export class Random {
  state: u32 = 1;

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

  pick(from: string[]): string {
    return from[this.random(from.length)];
  }

  bytes(): Uint8Array {
    const result = new Uint8Array(this.random(4) == 0 ? this.random(40000) : this.random(20));
    for (let i = 0; i < result.length; i++) result[i] = <u8>this.random(256);
    return result;
  }

  value(): string {
    return this.random(40) == 0 ? "v".repeat(this.random(9000)) : this.pick(values);
  }

  pairs(): string[][] {
    const result: string[][] = [];
    const count: u32 = this.random(30) == 0 ? 1030 : this.random(4);
    for (let i: u32 = 0; i < count; i++) {
      if (this.random(20) == 0) result.push([this.pick(names)]);
      else result.push([this.pick(names), this.value()]);
    }
    return result;
  }
}
