import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { ServerUnaryCall, ServiceDefinition, sendUnaryData } from "@grpc/grpc-js";
import type { EchoUpstream } from "../../src/echo.js";
import { bootstrap } from "../../src/envoy/index.js";
import type { Envoy, EnvoyOptions, WasmPlugin } from "../../src/envoy/index.js";
import { readSection } from "../../src/module-section.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import type { RawRequest, RawResponse } from "../support/http.js";
import { request } from "../support/http.js";
import { becomes, pass, until } from "../support/wait.js";

interface Setting {
  readonly envoy: Envoy;
  readonly upstream: EchoUpstream;
  readonly side: EchoUpstream;
}

/** The path of a call to "side" says what it does: `/delay/20/text`, `/reset`. */
async function start(
  t: TestContext,
  plugin: Partial<WasmPlugin> = {},
  options: Partial<EnvoyOptions> = {},
): Promise<Setting> {
  const wasm = await compileFilter("tests/envoy/filters/flow.ts");
  const upstream = await startUpstream(t);
  const side = await startUpstream(t, async (incoming, response) => {
    const [, what, number, ...rest] = incoming.path.split("/");
    if (what === "reset") return void response.destroy();
    if (what === "delay") await pass(Number(number), "the upstream is slow");
    response.end(rest.join("/"));
  });
  const envoy = await startEnvoy(t, {
    filters: [{ wasm, ...plugin }],
    upstream: upstream.port,
    clusters: { side: side.port },
    ...options,
  });
  return { envoy, upstream, side };
}

function ask({ envoy }: Setting, what: string, options: RawRequest = {}): Promise<RawResponse> {
  return request(envoy.port, { ...options, headers: [["x-do", what], ...(options.headers ?? [])] });
}

/** How many calls are remembered, and how many flows wait. */
async function open(setting: Setting): Promise<string> {
  return (await ask(setting, "open")).body;
}

/** Waits until the module has logged `text`. */
async function logged({ envoy }: Setting, text: string | RegExp): Promise<void> {
  await envoy.waitForLog((log) => (typeof text === "string" ? log.includes(text) : text.test(log)));
}

envoyTest(
  "a flow waits for calls and timers in a loop, and keeps its locals until the response",
  async (t) => {
    const setting = await start(t);
    const response = await ask(setting, "loop", { path: "/a", headers: [["x-who", "me"]] });
    assert.equal(response.status, 200, response.raw);
    assert.deepEqual(response.all("x-seen"), ["2000me,2001me,2002melast/a200"]);
    const sent = setting.upstream.requests[0]!.headers.find(([name]) => name === "x-checked");
    assert.deepEqual(sent, ["x-checked", "2000me,2001me,2002me"]);
    assert.equal(await open(setting), "0 0");
  },
);

envoyTest("interleaved flows keep apart, and those whose client goes are dropped", async (t) => {
  const setting = await start(t);
  const asked = Array.from({ length: 80 }, (_, index) => index);
  const responses = await Promise.all(
    asked.map((index) =>
      ask(setting, "loop", {
        path: `/${"x".repeat(index % 9)}${index}`,
        headers: [["x-who", `u${index}`]],
        ...(index % 4 === 0 && { cutAfter: 5 + (index % 20) }),
      }),
    ),
  );
  for (const index of asked) {
    const response = responses[index]!;
    if (index % 4 === 0 && response.status === 0) continue;
    const seen = [0, 1, 2].map((i) => `200${i}u${index}`).join(",");
    assert.deepEqual(response.all("x-seen"), [`${seen}last/${"x".repeat(index % 9)}${index}200`]);
  }
  await becomes(() => open(setting), "0 0");
  assert.doesNotMatch(setting.envoy.log, /failed|critical/i);
});

envoyTest("calls in parallel, in whatever order they are answered, and time limits", async (t) => {
  const setting = await start(t);
  assert.equal((await ask(setting, "parallel")).body, "abc10");
  assert.equal((await ask(setting, "race")).body, "1 -1 -1");
  assert.equal((await ask(setting, "fails")).body, "f0/2 f504/1 f503/3");
  await becomes(() => open(setting), "0 0");
});

envoyTest("a request body is waited for after its headers have gone on, and can be changed", async (t) => {
  const setting = await start(t);
  const body = "hello ".repeat(200);
  for (const what of ["upper", "upper-late"]) {
    assert.match((await ask(setting, what, { method: "POST", body })).body, /HELLO HELLO/);
    assert.equal(setting.upstream.requests.at(-1).body, body.toUpperCase());
    await ask(setting, what, { method: "POST", body, trailers: [["x-trailer", "1"]] });
    assert.equal(setting.upstream.requests.at(-1).body, body.toUpperCase());
    assert.equal((await ask(setting, what)).status, 200, "a request without a body");
  }
  await ask(setting, "upper-wait", { method: "POST", body: "abc" });
  assert.equal(setting.upstream.requests.at(-1).body, "abc3");
  assert.equal((await ask(setting, "upper", { method: "POST", body: "x".repeat(6000) })).status, 413);
  assert.equal(await open(setting), "0 0");
});

envoyTest("headers can be held while the body is waited for, where Envoy allows it", async (t) => {
  const setting = await start(t, { configuration: "hold", allowOnHeadersStopIteration: true });
  const module = readFileSync(await compileFilter("tests/envoy/filters/flow.ts"));
  assert.equal(readSection(module)?.holdsHeaders, true, "the generated manifests carry the option");
  for (const what of ["upper", "upper-late"]) {
    const response = await ask(setting, what, { method: "POST", body: "abc" });
    assert.equal(response.status, 200);
    const sent = setting.upstream.requests.at(-1);
    assert.equal(sent.body, "ABC");
    assert.deepEqual(
      sent.headers.find(([name]) => name === "x-held"),
      ["x-held", "0"],
    );
  }
  await ask(setting, "upper-wait", { method: "POST", body: "abc" });
  assert.equal(setting.upstream.requests.at(-1).body, "abc3");
  assert.equal((await ask(setting, "response-upper", { path: "/p" })).all("x-late").length, 1);
  assert.equal((await ask(setting, "loop", { method: "POST", body: "abc" })).status, 200);
  assert.equal(setting.upstream.requests.at(-1).body, "abc");
});

envoyTest("a body of any size passes in chunks", async (t) => {
  const setting = await start(t);
  const body = "x".repeat(3_000_000);
  const response = await ask(setting, "chunks", { method: "POST", body });
  assert.deepEqual(response.all("x-count"), ["3000000"]);
  const sent = setting.upstream.requests.at(-1).body;
  assert.equal(sent.length, body.length);
  assert.equal(sent[0], "!");
  await logged(setting, /response of \d{7}/);
  const slow = "y".repeat(100_000);
  await ask(setting, "slow-chunks", { method: "POST", body: slow });
  assert.equal(setting.upstream.requests.at(-1).body, slow);
  await logged(setting, "request of 100000");
});

envoyTest("a response is waited for, held and changed", async (t) => {
  const setting = await start(t);
  const upper = await ask(setting, "response-upper", { path: "/path" });
  assert.match(upper.body, /^200:GET \/PATH/);
  assert.deepEqual(upper.all("x-late"), [], "its headers have gone on");
  await logged(setting, "late edit: 2");
  assert.deepEqual((await ask(setting, "response-wait")).all("x-slept"), ["1"]);
  assert.ok(Number((await ask(setting, "delete-length")).body.length) > 0);
});

envoyTest("respond ends a request in every phase in which that is possible", async (t) => {
  const setting = await start(t);
  const early = await ask(setting, "respond");
  assert.equal(`${early.status} ${early.body}`, "401 who?\n");
  assert.deepEqual(early.all("x-why"), ["no"]);
  const instead = await ask(setting, "respond-after-next");
  assert.equal(`${instead.status} ${instead.body}`, "418 instead of 200\n");
  assert.equal((await ask(setting, "respond-too-late")).status, 200);
  await logged(setting, "next() or respond() once more, or too late");
  const twice = await ask(setting, "respond-twice");
  assert.equal(`${twice.status} ${twice.body}`, "401 first\n");
  await logged(setting, "next() or respond() once more, or too late");
  await logged(setting, "next() or respond() once more, or too late");
  assert.deepEqual((await ask(setting, "next-twice")).all("x-twice"), ["1"]);
  await logged(setting, "next() or respond() once more, or too late");
  assert.equal(await open(setting), "0 0");
});

/** Comes when a flow waits: only then is it certain that Envoy has made its stream, which can be cut. */
function waits({ envoy }: Setting): Promise<void> {
  return until(async () => ((await envoy.stat("wasmcustom.flow_suspended")) ?? 0) > 0);
}

envoyTest("a flow whose client goes is cancelled: nothing after the wait runs", async (t) => {
  const setting = await start(t);
  await ask(setting, "cancel", { path: "/gone", cutAfter: waits(setting) });
  await logged(setting, "cancelled /gone");
  assert.equal(await open(setting), "0 0");
  assert.doesNotMatch(setting.envoy.log, /not cancelled/);
  const counted = (): Promise<number[]> =>
    Promise.all(
      ["suspended", "resumed", "dropped", "refused"].map(
        async (what) => (await setting.envoy.stat(`wasmcustom.flow_${what}`)) ?? 0,
      ),
    );
  assert.deepEqual(await counted(), [1, 0, 1, 0]);
  await ask(setting, "bytes", { method: "POST", body: "abc" });
  const [suspended = 0, resumed = 0, ...others] = await counted();
  assert.ok(resumed > 0);
  assert.deepEqual([suspended - resumed, ...others], [1, 1, 0]);
});

envoyTest("what is done when the client goes cannot wait, and says so", async (t) => {
  const setting = await start(t);
  await ask(setting, "cancel-wait", { path: "/gone", cutAfter: waits(setting) });
  await logged(setting, "cancelled /gone true");
  await logged(setting, "only a handler can wait");
  assert.equal(await open(setting), "0 0");
  assert.equal((await ask(setting, "loop")).status, 200);
});

envoyTest("both bodies can be read and changed as bytes", async (t) => {
  const setting = await start(t);
  const response = await ask(setting, "bytes", { method: "POST", body: "abc" });
  assert.equal(setting.upstream.requests.at(-1).body, "cba");
  assert.equal([...response.body].reverse().join("").split(" ")[0], "POST");
  assert.equal(await open(setting), "0 0");
});

envoyTest("a flow resets its stream", async (t) => {
  const setting = await start(t);
  const { status, raw } = await ask(setting, "reset");
  assert.deepEqual({ status, raw }, { status: 0, raw: "" });
  await logged(setting, "next() or respond() once more, or too late");
  assert.equal(await open(setting), "0 0");
});

envoyTest("an exchange is waited for by its own flow only", async (t) => {
  const setting = await start(t);
  const kept = ask(setting, "keep");
  await becomes(() => open(setting), "0 1");
  assert.equal((await ask(setting, "foreign-wait")).body, "refused\n");
  // What was refused has left it as it was.
  const response = await kept;
  assert.deepEqual([response.status, response.all("x-kept")], [200, ["1"]]);
  await logged(setting, "only a handler can wait, and for its own exchange");
});

envoyTest("a flow receives from a queue", async (t) => {
  const setting = await start(t);
  const waiting = [ask(setting, "receive"), ask(setting, "receive")];
  await becomes(() => open(setting), "0 2");
  await ask(setting, "send", { path: "/one" });
  const bodies = (await Promise.all(waiting)).map(({ body }) => body).sort();
  assert.deepEqual(bodies, ["got /one\n", "none\n"]);
  await ask(setting, "send", { path: "/two" });
  assert.equal((await ask(setting, "receive")).body, "got /two\n");
});

envoyTest("beyond the limit of waiting requests, the next is answered with 503", async (t) => {
  const setting = await start(t, { configuration: "few" });
  const responses = await Promise.all(Array.from({ length: 5 }, () => ask(setting, "response-wait")));
  const statuses = responses.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 200, 200, 503, 503]);
  assert.equal(responses.find(({ status }) => status === 503)!.body, "overloaded\n");
  await logged(setting, /would exceed maxSuspended$/m);
  assert.equal(await setting.envoy.stat("wasmcustom.flow_refused"), 2);
  assert.equal(await open(setting), "0 0");
});

envoyTest("middleware runs in order around what comes after", async (t) => {
  const setting = await start(t);
  const response = await ask(setting, "use");
  assert.deepEqual(response.all("x-order"), ["wait", "tag"]);
  assert.ok(setting.upstream.requests[0]!.headers.some(([name]) => name === "x-tag"));
  const denied = await ask(setting, "use", { headers: [["x-deny", "1"]] });
  assert.equal(`${denied.status} ${denied.body}`, "403 gate\n");
});

envoyTest("a failure in a flow is one of its request; those that wait go on", async (t) => {
  const setting = await start(t);
  const waiting = ask(setting, "cancel", { path: "/waits", cutAfter: 500 });
  await becomes(() => open(setting), "0 1");
  assert.equal((await ask(setting, "trap")).status, 500);
  await logged(setting, /abort: on purpose at .*flow\.ts/);
  assert.match(await open(setting), / 1$/, "the other waits");
  await waiting;
  assert.match((await ask(setting, "loop")).body, /GET/);
});

envoyTest("two flows of one request that one signal wakes go on one after the other", async (t) => {
  const plugin = { wasm: await compileFilter("tests/envoy/filters/flow.ts"), configuration: "together" };
  const setting = await start(t, {}, { filters: [plugin, plugin] });
  const post = async (pause: number): Promise<string> => {
    const socket = connect(setting.envoy.port, "127.0.0.1");
    t.after(() => socket.destroy());
    let came = "";
    socket.on("error", () => undefined);
    socket.on("data", (data) => (came += data.toString()));
    socket.write("POST / HTTP/1.1\r\nhost: a\r\nx-do: together\r\ncontent-length: 40\r\n\r\n");
    for (let i = 0; i < 10; i++) {
      await pass(pause, "the client sends piece by piece");
      socket.write(`<${i}>\n`);
    }
    await until(() => /<9>| 500 /.test(came));
    return came;
  };
  // Where the second holds what the first has passed on, and that then holds the rest, the first refuses: where pieces come
  // sooner than both have passed the one before.
  let came = await post(15);
  for (let tries = 1; tries < 10 && came.startsWith("HTTP/1.1 500 "); tries++)
    came = await post(15 + tries * 10);
  assert.match(came, /^HTTP\/1.1 200 [^]*<0>\n<1>\n<2>\n<3>\n<4>\n<5>\n<6>\n<7>\n<8>\n<9>/);
});

envoyTest("a client that sends its body slowly, and one that goes in its middle", async (t) => {
  const setting = await start(t);
  const socket = connect(setting.envoy.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("POST / HTTP/1.1\r\nhost: a\r\nx-do: upper\r\ncontent-length: 10\r\n\r\nabc");
  await becomes(() => open(setting), "0 1");
  socket.destroy();
  await becomes(() => open(setting), "0 0");
});

/** How many requests the load test makes: `FLOW_REQUESTS=20000 npx tsx --test tests/envoy/flow.test.ts` for the long run. */
const REQUESTS = Number(process.env["FLOW_REQUESTS"] ?? 3000);
const CONNECTIONS = 200;

envoyTest("under load every answer is right, and memory stays what it was", async (t) => {
  const setting = await start(t);
  const { envoy } = setting;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  t.after(() => agent.destroy());
  let started = 0;
  let right = 0;
  let cut = 0;
  const pages: number[] = [];
  const wrong: string[] = [];
  const one = (n: number): Promise<void> =>
    new Promise((resolve) => {
      const headers = { "x-do": "loop", "x-who": `u${n}` };
      const outgoing = get({ port: envoy.port, path: `/${n}`, headers, agent }, (incoming) => {
        incoming.resume();
        incoming.on("error", () => undefined);
        incoming.on("close", () => {
          if (incoming.headers["x-seen"] === `2000u${n},2001u${n},2002u${n}last/${n}200`) right++;
          else wrong.push(`${n}: ${incoming.statusCode} ${JSON.stringify(incoming.headers)}`);
          resolve();
        });
      });
      outgoing.on("error", () => {
        cut++;
        resolve();
      });
      if (n % 5 === 0) setTimeout(() => outgoing.destroy(new Error("cut")), Math.random() * 40);
    });
  const client = async (): Promise<void> => {
    while (started < REQUESTS) {
      const n = started++;
      if (n % 1000 === 0) pages.push(Number((await ask(setting, "pages")).body));
      await one(n);
    }
  };
  const begun = Date.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const seconds = (Date.now() - begun) / 1000;
  await becomes(() => open(setting), "0 0");
  pages.push(Number((await ask(setting, "pages")).body));
  t.diagnostic(`${right} right, ${cut} cut, ${seconds} s, pages ${pages.join(" ")}`);
  assert.deepEqual(wrong, []);
  // Some are answered before they are cut.
  assert.ok(right >= REQUESTS * 0.8 && right + cut === REQUESTS, `${right} right, ${cut} cut`);
  assert.ok(cut > REQUESTS / 50, `${cut} cut`);
  assert.equal(await open(setting), "0 0");
  // A page may come when more wait at once than before; what stayed of each request would be six for 1,000.
  assert.ok(pages.at(-1) - pages[2]! <= 1, `pages: ${pages.join(" ")}`);
  assert.doesNotMatch(envoy.log, /failed|critical/i);
});

envoyTest("a request that the proxy gives up ends its flow", async (t) => {
  const setting = await start(t);
  const socket = connect(setting.envoy.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const head = "POST /bad HTTP/1.1\r\nhost: a\r\nx-do: wait-body\r\ntransfer-encoding: chunked\r\n\r\n";
  socket.write(`${head}1\r\na\r\n`);
  await becomes(() => open(setting), "0 1");
  socket.write("not a chunk\r\n");
  await logged(setting, "cancelled /bad");
  assert.equal(await open(setting), "0 0");
  assert.doesNotMatch(setting.envoy.log, /not cancelled/);
  socket.destroy();
});

envoyTest("a response that comes before the flow has passed the request on ends the flow", async (t) => {
  const setting = await start(t, {}, { connectionManager: { request_timeout: "0.2s" } });
  const socket = connect(setting.envoy.port, "127.0.0.1");
  let received = "";
  socket.on("error", () => undefined).on("data", (data) => (received += String(data)));
  // Its headers have gone on, its body does not end: after 0.2 s Envoy answers 408.
  socket.write("POST /slow HTTP/1.1\r\nhost: a\r\nx-do: wait-body\r\ncontent-length: 9\r\n\r\nabc");
  await logged(setting, "cancelled /slow");
  await until(() => received !== "");
  assert.match(received, /^HTTP\/1\.1 408 /);
  assert.equal(await open(setting), "0 0");
  socket.destroy();
});

envoyTest("gRPC calls are waited for", async (t) => {
  const server = new Server();
  const pass = (bytes: Buffer): Buffer => bytes;
  const method = (name: string): ServiceDefinition[string] => ({
    path: `/test.Echo/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  });
  server.addService(
    { echo: method("Echo"), refuse: method("Refuse"), slow: method("Slow") },
    {
      echo: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) =>
        answer(null, Buffer.from(`${call.request.toString()} ${call.metadata.get("x-meta").join()}`)),
      refuse: (_: unknown, answer: sendUnaryData<Buffer>) =>
        answer({ code: status.PERMISSION_DENIED, details: "no" }),
      slow: () => undefined,
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  t.after(() => server.forceShutdown());
  const setting = await start(t, {}, { clusters: { "grpc-server": port } });
  // Envoy's time limit answers 14; the server, which is told of it, may be quicker with 4.
  assert.match((await ask(setting, "grpc", { path: "/g" })).body, /^\/g m 0 7 (4|14) 14\n$/);
  assert.equal(await open(setting), "0 0");
});

envoyTest("flows of a configuration that is replaced go on, until the drain ends them", async (t) => {
  const wasm = await compileFilter("tests/envoy/filters/flow.ts");
  const side = await startUpstream(t);
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-flow-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (configuration: string): void => {
    const plugin = { wasm, configuration, vmId: "flow" };
    const [listener] = bootstrap({ filters: [plugin] }).static_resources.listeners;
    listener.address.socket_address.port_value = 0;
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener";
    listener.drain_type = "MODIFY_ONLY";
    writeFileSync(join(folder, "new.json"), JSON.stringify({ resources: [listener] }));
    renameSync(join(folder, "new.json"), join(folder, "lds.json"));
  };
  write("first");
  const envoy = await startEnvoy(t, {
    clusters: { side: side.port },
    edit: (config) => {
      config.static_resources.listeners = [];
      config.node = { id: "node", cluster: "cluster" };
      config.dynamic_resources = {
        lds_config: { path_config_source: { path: join(folder, "lds.json") }, resource_api_version: "V3" },
      };
    },
  });
  const { listener_statuses } = JSON.parse(await envoy.admin("/listeners?format=json")) as {
    listener_statuses: { local_address: { socket_address: { port_value: number } } }[];
  };
  const port = listener_statuses[0]!.local_address.socket_address.port_value;
  // "keep" waits for 0.3 s, "cancel" for 2 s; the drain lasts one.
  const short = request(port, { path: "/short", headers: [["x-do", "keep"]] });
  const long = request(port, { path: "/long", headers: [["x-do", "cancel"]] });
  await pass(50, "both wait, and the admin interface does not say so");
  write("second");
  assert.equal((await short).status, 200, "it goes on in the old configuration");
  await long;
  await envoy.waitForLog((log) => log.includes("cancelled /long"));
  assert.doesNotMatch(envoy.log, /not cancelled|failed|critical/i);
  assert.ok(envoy.isAlive);
});

envoyTest("a proxy that is drained lets its flows end", async (t) => {
  const setting = await start(t);
  const waiting = ask(setting, "keep");
  await becomes(() => open(setting), "0 1");
  await setting.envoy.admin("/healthcheck/fail");
  assert.equal((await waiting).status, 200);
});
