/**
 * A part of a request's body has gone on, and the rest is held. Where Envoy keeps that part, it would send it once more, under the
 * length of one: what is over would be the next request. Judged by what an upstream gets.
 */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Bootstrap } from "../../src/envoy/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { pass, until } from "../support/wait.js";

/** A filter that does `body` in its callback of the request's body, and has `more` members. */
function filter(body: string, more = "", headers = ""): string {
  return `import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Holder extends HttpContext {
  chunks: i32 = 0;
  ${more}
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    ${headers}
    return FilterHeadersStatus.Continue;
  }
  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.chunks++;
    ${body}
    return FilterDataStatus.Continue;
  }
}
registerHttpFilter<Holder>();
`;
}

const later = "this.after(20, () => { this.resumeRequest(); });";

/** The filter; what it lets an upstream have of the body in the end, where nothing is kept; and what the log has of it. */
const holders: Readonly<Record<string, readonly [text: string, body: string]>> = {
  "buffers the second chunk": [
    filter(`if (this.chunks == 2) { ${later} return FilterDataStatus.StopIterationAndBuffer; }`),
    "AAAAAAAABBBBBBBB",
  ],
  "stops reading at the second chunk": [
    filter(`if (this.chunks == 2) { ${later} return FilterDataStatus.StopIterationAndWatermark; }`),
    "AAAAAAAABBBBBBBB",
  ],
  "buffers until the next callback": [
    filter("if (this.chunks == 2) return FilterDataStatus.StopIterationAndBuffer;"),
    "AAAAAAAABBBBBBBB",
  ],
  "holds the end": [
    filter(`if (endOfStream) { ${later} return FilterDataStatus.StopIterationAndBuffer; }`),
    "AAAAAAAABBBBBBBB",
  ],
  "drops a chunk, in chunks of its own": [
    filter(
      `if (this.chunks == 2) { ${later} return FilterDataStatus.StopIterationNoBuffer; }`,
      "",
      'this.request.headers.remove("content-length");',
    ),
    "8\r\nAAAAAAAA\r\n0\r\n\r\n",
  ],
  "writes what it holds": [
    filter(`if (this.chunks == 2)
      this.after(20, () => { this.request.body.set(this.request.body.text().toLowerCase()); this.resumeRequest(); });
    if (this.chunks >= 2) return FilterDataStatus.StopIterationAndBuffer;`),
    "AAAAAAAAbbbbbbbb",
  ],
  "writes what comes while it holds": [
    filter(`if (this.chunks == 2) { ${later} return FilterDataStatus.StopIterationAndWatermark; }
    if (bodySize > 0 && this.chunks > 2) this.request.body.set(this.request.body.text().toLowerCase());`),
    "AAAAAAAABBBBcccc",
  ],
  "is a flow that waits between chunks": [
    `import { Exchange, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x: Exchange): void => {
  while (x.request.chunk() !== null) sleep(20);
  x.next();
});`,
    "AAAAAAAABBBBBBBB",
  ],
};

/** What a route has that makes Envoy keep bodies. */
const keeping: Readonly<Record<string, object>> = {
  "a retry policy": { retry_policy: { retry_on: "5xx", num_retries: 2 } },
  "internal redirects": { internal_redirect_policy: { max_internal_redirects: 2 } },
};

interface Outcome {
  readonly status: string;
  readonly bodies: string[];
  readonly errors: string[];
}

/** Sends `parts`, one after the other; `goesOn`: the filter lets the first go on. Answers what came of them. */
async function send(
  t: TestContext,
  text: string,
  route: object,
  parts: readonly string[],
  behind: readonly string[] = [],
  goesOn = true,
): Promise<Outcome> {
  const got: string[] = [];
  const server = createServer((socket) => {
    const index = got.push("") - 1;
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      got[index] += String(data);
      const [head = "", body = ""] = got[index]!.split("\r\n\r\n");
      const length = /content-length: (\d+)/.exec(head)?.[1];
      // Long enough for what is over to come.
      if (length === undefined ? got[index]!.endsWith("\n0\r\n\r\n") : body.length >= Number(length))
        setTimeout(() => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), 100);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  const filters = await Promise.all(
    [text, ...behind].map(async (one) => ({ wasm: await compileFilterText(one) })),
  );
  const envoy = await startEnvoy(t, {
    filters,
    upstream: (server.address() as AddressInfo).port,
    edit: (config: Bootstrap) => {
      const { typed_config: manager } = config.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!;
      Object.assign(
        (manager as { route_config: { virtual_hosts: { routes: { route: object }[] }[] } }).route_config
          .virtual_hosts[0]!.routes[0]!.route,
        route,
      );
    },
  });
  const socket = connect(envoy.port, "127.0.0.1").setEncoding("latin1");
  const answer = new Promise<string>((resolve) => {
    socket.on("data", (data) => resolve(String(data)));
    socket.on("error", () => undefined).on("close", () => resolve(""));
  });
  let isAnswered = false;
  void answer.then(() => (isAnswered = true));
  const received = (): Promise<number | undefined> => envoy.stat("http.http.downstream_cx_rx_bytes_total");
  let sent = (await received()) ?? 0;
  for (const [index, part] of parts.entries()) {
    if (index > 0) await pass(60, "the client sends part by part");
    // The next part comes behind one that the upstream has.
    if (index === 1 && goesOn) await until(() => got.some((all) => /\r\n\r\n./s.test(all)));
    socket.write(part);
    sent += part.length;
    // One that was answered already is not read to its end.
    await until(async () => isAnswered || ((await received()) ?? 0) >= sent);
  }
  const status = (await answer).slice(9, 12);
  socket.destroy();
  return {
    status,
    bodies: got.map((all) => all.slice(all.indexOf("\r\n\r\n") + 4)),
    errors: envoy.wasmLogs.filter(({ level }) => level === "error").map(({ message }) => message),
  };
}

const post = "POST /one HTTP/1.1\r\nhost: a\r\n";
const withLength = [`${post}content-length: 16\r\n\r\nAAAAAAAA`, "BBBBBBBB"];
const inThree = [`${post}content-length: 16\r\n\r\nAAAAAAAA`, "BBBB", "CCCC"];
const partsOf = (name: string): string[] => (name.startsWith("writes what comes") ? inThree : withLength);

for (const [name, [text, body]] of Object.entries(holders)) {
  envoyTest(`a filter that ${name}: the body goes on once`, async (t) => {
    const { status, bodies, errors } = await send(t, text, {}, partsOf(name));
    assert.deepEqual({ status, bodies, errors }, { status: "200", bodies: [body], errors: [] });
  });
  for (const [what, route] of Object.entries(keeping))
    envoyTest(`a filter that ${name}, and a route with ${what}: no part goes on twice`, async (t) => {
      const { status, bodies, errors } = await send(t, text, route, partsOf(name));
      assert.equal(status, "500");
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, /^held a request that had begun to go on: Envoy would send a part twice/);
      for (const one of bodies) assert.equal(one.split("AAAAAAAA").length, 2, one);
    });
}

for (const first of ["AAA", "A", "AAAAAAAAA"])
  envoyTest(`a flow that has held ${first.length} bytes at first: no part goes on twice`, async (t) => {
    const [text] = holders["is a flow that waits between chunks"]!;
    const parts = [`${post}content-length: ${first.length + 12}\r\n\r\n${first}`, "CCCCCCCCBBBB"];
    const kept = await send(t, text, keeping["a retry policy"]!, parts);
    assert.deepEqual([kept.status, kept.bodies], ["500", [first]]);
    const plain = await send(t, text, {}, parts);
    assert.deepEqual([plain.status, plain.bodies], ["200", [`${first}CCCCCCCCBBBB`]]);
  });

envoyTest("a filter behind that holds the body: no part comes twice", async (t) => {
  const whole = filter("if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;");
  const { status, bodies } = await send(
    t,
    holders["buffers the second chunk"]![0],
    {},
    withLength,
    [whole],
    false,
  );
  assert.equal(status, "500");
  assert.deepEqual(
    bodies.filter((one) => one.split("AAAAAAAA").length > 2),
    [],
  );
});

envoyTest("trailers are held only with what has been held of the body", async (t) => {
  const chunked = [
    `${post}transfer-encoding: chunked\r\n\r\n8\r\nAAAAAAAA\r\n`,
    "8\r\nBBBBBBBB\r\n0\r\nx-t: 1\r\n\r\n",
  ];
  const holds = `onRequestTrailers(trailerCount: u32): FilterTrailersStatus { ${later} return FilterTrailersStatus.StopIteration; }`;
  const gone = await send(t, filter("", holds), {}, chunked);
  assert.equal(gone.status, "500");
  assert.equal(gone.errors.length, 1);
  const holder = filter("return FilterDataStatus.StopIterationAndBuffer;", holds);
  const held = await send(t, holder, {}, chunked, [], false);
  assert.deepEqual([held.status, held.errors], ["200", []]);
  assert.equal(held.bodies.length, 1);
  assert.match(held.bodies[0]!, /^10\r\nAAAAAAAABBBBBBBB\r\n0\r\n/);
});
