/**
 * Calls that wait for a connection which fails. Envoy 1.40 tells them so one after the other, from one list; what begins for the same
 * cluster and ends while it does is taken out of the wrong list, and Envoy dies. So requests go on, and gRPC streams end, in the next tick.
 */
import assert from "node:assert/strict";
import { constants, createServer as createHttp2 } from "node:http2";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { exchange } from "../support/http.js";
import { listen } from "../support/ports.js";
import { until } from "../support/wait.js";

/** Holds each request until the first of its four calls has failed, and then lets it go on to the cluster that failed. */
const holders = {
  "an HTTP call": `class First extends HttpContext {
  left: i32 = 4;
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    for (let i = 0; i < 4; i++)
      this.fetch("upstream", { path: "/" }, () => {
        if (this.left-- == 4) this.resumeRequest();
      });
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<First>("first");
`,
  "a gRPC call": `class First extends HttpContext {
  left: i32 = 4;
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    for (let i = 0; i < 4; i++)
      this.grpcCall("upstream", "a", "b", new Uint8Array(0), {}, () => {
        if (this.left-- == 4) this.resumeRequest();
      });
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<First>("first");
`,
  "a call of the plugin": `class First extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    waiting.push(this);
    plugin!.ask();
    return FilterHeadersStatus.StopIteration;
  }
}
let waiting: First[] = [];
let plugin: FirstPlugin | null = null;
class FirstPlugin extends PluginContext {
  onConfigure(configuration: string): bool {
    plugin = this;
    return true;
  }
  createHttpContext(): HttpContext {
    return new First();
  }
  ask(): void {
    for (let i = 0; i < 4; i++)
      this.fetch("upstream", { path: "/" }, () => {
        const all = waiting;
        waiting = [];
        for (let i = 0; i < all.length; i++) all[i].resumeRequest();
      });
  }
}
registerPlugin<FirstPlugin>("first");
`,
  "a call whose callback has a bug that is to let all pass": `class First extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    for (let i = 0; i < 4; i++)
      this.fetch("upstream", { path: "/" }, () => {
        throw new Error("a bug");
      });
    return FilterHeadersStatus.StopIteration;
  }
  onError(error: Error): FailurePolicy {
    return FailurePolicy.FailOpen;
  }
}
registerHttpFilter<First>("first");
`,
};

const IMPORTS =
  'import { FailurePolicy, FilterDataStatus, FilterHeadersStatus, GrpcStatus, GrpcStream, HttpContext, PluginContext, registerHttpFilter, registerPlugin } from "proxy-wasm-as";\n';

/** Answers when a part of the body comes, which is as soon as the filter before it lets the request go on. */
const GUARD = `
class Guard extends HttpContext {
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.respond(403, "no\\n");
    return FilterDataStatus.StopIterationNoBuffer;
  }
}
registerHttpFilter<Guard>("guard");
`;

const flow = `import { Exchange, fetch, registerFlow } from "proxy-wasm-as/assembly/flow";
registerFlow("first", (x: Exchange) => {
  if (fetch("upstream", { path: "/" }).failed) x.next();
});
`;

const POST = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello";

for (const [what, text] of [...Object.entries(holders), ["a flow's call", flow] as const])
  envoyTest(`${what} fails, and lets a request go on that a filter behind answers`, async (t) => {
    const first = await compileFilterText(text === flow ? text : IMPORTS + text);
    const guard = await compileFilterText(IMPORTS + GUARD);
    const envoy = await startEnvoy(t, {
      filters: [
        { wasm: first, rootId: "first" },
        { wasm: guard, rootId: "guard" },
      ],
      // Nobody listens there.
      upstream: 1,
    });
    for (let i = 0; i < 4; i++) {
      const all = await Promise.all(Array.from({ length: 8 }, () => exchange(envoy.port, POST)));
      assert.ok(envoy.isAlive);
      for (const response of all) assert.ok(response.startsWith("HTTP/1.1 403 "), response);
    }
  });

const bug = `class First extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const isBad = this.request.headers.has("x-bad");
    this.fetch("closed", { path: "/" }, (result) => {
      if (isBad && result.status == 503) throw new Error("a bug");
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<First>();
`;

envoyTest("a bug in a failed call's callback does not hold the requests of others", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilterText(IMPORTS + bug) }],
    upstream: upstream.port,
    clusters: { closed: 1 },
  });
  const bad = POST.replace("host: a", "host: a\r\nx-bad: 1");
  for (let i = 0; i < 2; i++) {
    assert.match(await exchange(envoy.port, bad), /^HTTP\/1.1 500 /);
    assert.match(await exchange(envoy.port, POST, undefined, undefined, 3000), /^HTTP\/1.1 200 /);
  }
});

const streams = `${IMPORTS}
class Again extends GrpcStream {
  constructor(
    readonly owner: Caller,
    readonly isFirst: bool,
  ) {
    super();
  }
  onClose(status: GrpcStatus, message: string): void {
    if (this.isFirst) {
      const other = new Again(this.owner, false);
      this.owner.grpcStream("grpc-closed", "a", "b", other);
      other.cancel();
    }
    if (++this.owner.closed == 4) this.owner.respond(200, "all closed");
  }
}
class Caller extends HttpContext {
  closed: i32 = 0;
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    for (let i = 0; i < 4; i++) this.grpcStream("grpc-closed", "a", "b", new Again(this, i == 0));
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<Caller>();
`;

envoyTest("a gRPC stream fails, and its callback opens another and cancels it", async (t) => {
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilterText(streams) }],
    clusters: { "grpc-closed": 1 },
  });
  for (let i = 0; i < 4; i++) {
    const response = await exchange(envoy.port, POST);
    assert.ok(envoy.isAlive);
    assert.ok(response.endsWith("all closed"), response);
  }
});

envoyTest("a gRPC stream that is cancelled before anything has come of it is broken off", async (t) => {
  const broken: number[] = [];
  const server = createHttp2();
  server.on("stream", (stream) => {
    stream.on("error", () => undefined).on("close", () => broken.push(stream.rstCode));
  });
  const quiet = `${IMPORTS}
class Quiet extends GrpcStream {}
class Caller extends HttpContext {
  private readonly quiet: Quiet = new Quiet();
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.grpcStream("grpc-quiet", "a", "b", this.quiet);
    this.quiet.send(new Uint8Array(1));
    this.after(50, () => {
      const was = this.quiet.isOpen;
      this.quiet.cancel();
      // The stream of the request stays, so that it is not the host which ends the other.
      this.after(600_000, () => this.respond(200, was.toString()));
    });
    return FilterHeadersStatus.StopIteration;
  }
}
registerHttpFilter<Caller>();
`;
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilterText(quiet) }],
    clusters: { "grpc-quiet": await listen(t, server) },
  });
  void exchange(envoy.port, POST, undefined, undefined, 60_000);
  await until(() => broken.length > 0);
  assert.notDeepEqual(broken, [constants.NGHTTP2_NO_ERROR]);
});
