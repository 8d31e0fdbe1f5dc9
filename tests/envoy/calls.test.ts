import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { EchoUpstream } from "../../src/echo.js";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { freePort } from "../support/ports.js";
import { startReplaceable } from "../support/replaceable.js";
import { becomes, pass, until } from "../support/wait.js";

interface Setting {
  envoy: Envoy;
  upstream: EchoUpstream;
  side: EchoUpstream;
}

/** An upstream whose path says what it does: `/delay/20/text`, `/status/403/text`, `/reset`, `/late-reset`. */
async function start(t: TestContext): Promise<Setting> {
  const wasm = await compileFilter("tests/envoy/filters/calls.ts");
  const upstream = await startUpstream(t);
  const side = await startUpstream(t, async (incoming, response) => {
    const [, what, number, text = ""] = incoming.path.split("/");
    if (what === "reset") return void response.destroy();
    if (what === "late-reset") {
      response.writeHead(200, { "content-length": 100 });
      response.write("half");
      return void setTimeout(() => response.destroy(), 20);
    }
    if (what === "delay") await pass(Number(number), "the upstream is slow");
    const odd = incoming.headers.find(([name]) => name === "x-odd");
    if (odd !== undefined) response.setHeader("x-echo", odd[1]);
    response.statusCode = what === "status" ? Number(number) : 200;
    response.end(Buffer.from(text));
  });
  const envoy = await startEnvoy(t, {
    filters: [{ wasm }],
    upstream: upstream.port,
    clusters: { side: side.port, closed: await freePort() },
    edit: (config) => {
      config.static_resources.clusters.push({ name: "empty", type: "STATIC" });
    },
  });
  return { envoy, upstream, side };
}

/** Sends a request that makes a call; answers what the filter saw, or the response's status and body. */
async function ask({ envoy, upstream }: Setting, headers: [string, string][]): Promise<string> {
  const before = upstream.requests.length;
  const response = await request(envoy.port, { headers });
  const seen = upstream.requests[before]?.headers.find(([name]) => name === "x-seen");
  return seen?.[1] ?? `${response.status} ${response.body}`;
}

envoyTest("a call carries what it was given, and its answer arrives whole", async (t) => {
  const setting = await start(t);
  assert.equal(await ask(setting, [["x-call", "/status/200/fine"]]), "first 200 0 fine 4 \xff;");
  const [call] = setting.side.requests;
  assert.equal(`${call!.method} ${call!.path} ${call!.body}`, "POST /status/200/fine ask");
  const headers = new Map(call!.headers.map(([name, value]) => [name.toLowerCase(), value]));
  assert.equal(headers.get("host"), "side");
  assert.equal(headers.get("x-odd"), "\xff");
  assert.equal(headers.get("content-length"), "3");
  assert.equal(await ask(setting, [["x-call", "/status/404/deny"]]), "403 first 404 0 deny 4 \xff;");
});

envoyTest("a call whose request line would be another is not sent", async (t) => {
  const setting = await start(t);
  const paths = ["/admin HTTP/1.1", "/a b", "/\t/x", "a", "*", "", "?a", "http://side/x", "x y"];
  for (const path of paths)
    assert.equal(await ask(setting, [["x-call", path]]), "500 not sent: 2", JSON.stringify(path));
  for (const method of ["GET /admin HTTP/1.1", "G T", "", "CONNECT", "connect", "G\tT", "GE(T", "G\xe9"])
    assert.equal(await ask(setting, [["x-call", `${method}|/x`]]), "500 not sent: 2", JSON.stringify(method));
  assert.deepEqual(setting.side.requests, []);
  for (const method of ["HEAD", "PATCH", "PROPFIND"])
    assert.match(await ask(setting, [["x-call", `${method}|/x?a=%20&b=http://x/`]]), /^first 200 0 /);
  assert.equal(setting.side.requests.length, 3);
});

envoyTest("timeouts, refusals and resets are told apart", async (t) => {
  const setting = await start(t);
  const late = await ask(setting, [
    ["x-call", "/delay/1900/x"],
    ["x-timeout", "1500"],
  ]);
  assert.equal(late, "first 504 1 ;");
  assert.equal(
    await ask(setting, [
      ["x-call", "/x"],
      ["x-cluster", "closed"],
    ]),
    "first 503 2 ;",
  );
  assert.equal(await ask(setting, [["x-call", "/reset"]]), "first 503 3 ;");
  assert.equal(await ask(setting, [["x-call", "/late-reset"]]), "first 0 3 ;");
  assert.equal(
    await ask(setting, [
      ["x-call", "/x"],
      ["x-cluster", "nope"],
    ]),
    "500 not sent: 2",
  );
  assert.equal(
    await ask(setting, [
      ["x-call", "/x"],
      ["x-cluster", "empty"],
    ]),
    "500 not sent: 10",
  );
});

envoyTest("several calls of a stream are told apart, in whatever order they are answered", async (t) => {
  const setting = await start(t);
  const second = await ask(setting, [
    ["x-call", "/delay/80/one"],
    ["x-second", "/delay/10/two"],
  ]);
  assert.equal(second, "second two;first 200 0 one 3 \xff;");
});

envoyTest(
  "interleaved streams get their own answers, and those of a stream that is gone go to nobody",
  async (t) => {
    const setting = await start(t);
    const { envoy, upstream, side } = setting;
    const waits = Array.from({ length: 60 }, (_, index) => ({ index, delay: (61 - index) * 3 }));
    /** A stream is cut while it waits: only then is it certain that Envoy has made it. */
    const called = async (path: string): Promise<void> => {
      await until(() => side.requests.some((call) => call.path === path));
    };
    const responses = await Promise.all(
      waits.map(({ index, delay }) =>
        request(envoy.port, {
          path: `/${index}`,
          headers: [["x-call", `/delay/${delay}/answer-${index}`]],
          ...(index % 3 === 0 && { cutAfter: called(`/delay/${delay}/answer-${index}`) }),
        }),
      ),
    );
    for (const { index } of waits) {
      const seen = upstream.requests.find(({ path }) => path === `/${index}`);
      if (index % 3 === 0 && responses[index]!.status === 0) continue;
      const header = seen!.headers.find(([name]) => name === "x-seen")![1];
      assert.equal(header, `first 200 0 answer-${index} ${`answer-${index}`.length} \xff;`);
    }
    await envoy.waitForLog(() => envoy.wasmLogs.length >= 60);
    /** How many calls the module remembers. */
    const open = async (): Promise<string> => {
      await request(envoy.port);
      return upstream.requests.at(-1).headers.find(([name]) => name === "x-open")![1];
    };
    await becomes(open, "0"); // no call is remembered
    assert.ok(envoy.wasmLogs.some(({ message }) => message === "deleted with 1 waiting"));
    assert.doesNotMatch(envoy.log, /failed|critical/i);
  },
);

envoyTest(
  "the answer to a call reaches its stream although the plugin has been replaced meanwhile",
  async (t) => {
    const wasm = await compileFilter("tests/envoy/filters/calls.ts");
    const upstream = await startUpstream(t);
    const side = await startUpstream(t, async (incoming, response) => {
      if (incoming.path === "/slow") await pass(700, "the upstream is slow");
      response.end(incoming.path);
    });
    const { envoy, port, replace } = await startReplaceable(
      t,
      { wasm, configuration: "first" },
      { upstream: upstream.port, clusters: { side: side.port } },
    );
    const waiting = request(port, { headers: [["x-call", "/slow"]] });
    await until(() => side.requests.length > 0);
    replace({ wasm, configuration: "second" });
    await becomes(() => envoy.stat("listener_manager.listener_modified"), 1);
    assert.equal((await request(port, { headers: [["x-call", "/quick"]] })).status, 200);
    assert.equal((await waiting).status, 200);
    const seen = upstream.requests.map(({ headers }) => headers.find(([name]) => name === "x-seen")?.[1]);
    assert.deepEqual(seen, ["first 200 0 /quick 6;", "first 200 0 /slow 5;"]);
  },
);
