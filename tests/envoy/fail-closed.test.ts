import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { pass } from "../support/wait.js";

const filter = (name: string): Promise<string> => compileFilter(`tests/envoy/filters/${name}.ts`);

envoyTest(
  "respond: the first one wins, with and without fields, also in the callbacks of its own answer",
  async (t) => {
    for (const name of ["guard", "guard-shared"]) {
      const envoy = await startEnvoy(t, { filters: [{ wasm: await filter(name) }] });
      for (const path of ["/", "/health"]) {
        const response = await request(envoy.port, { path });
        assert.equal(response.status, 401, `${name} ${path}`);
        assert.equal(response.body, "who are you?\n");
      }
      const health = await request(envoy.port, { path: "/health", headers: [["x-key", "1"]] });
      assert.equal(health.status, 200);
      assert.equal(health.body, "fine, and the key is 4711\n");
    }
  },
);

envoyTest("respond: an upstream's answer can be replaced, with and without fields", async (t) => {
  const upstream = await startUpstream(t, (_, response) => {
    response.statusCode = 404;
    response.end("not here");
  });
  for (const name of ["guard", "guard-shared"]) {
    const envoy = await startEnvoy(t, { filters: [{ wasm: await filter(name) }], upstream: upstream.port });
    const response = await request(envoy.port, { headers: [["x-key", "1"]] });
    assert.equal(response.status, 200);
    assert.equal(response.body, "a page of its own\n");
  }
});

envoyTest("whole bodies: overriding any callback without calling the base's loses nothing", async (t) => {
  const upstream = await startUpstream(t, ({ path, body }, response) => {
    if (path === "/trailers") {
      response.writeHead(200, { trailer: "x-trailer" });
      response.write(body);
      response.addTrailers({ "x-trailer": "1" });
    }
    response.end(path === "/trailers" ? "" : body);
  });
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await filter("whole-body-overrides") }],
    upstream: upstream.port,
    edit: passTrailers,
  });
  for (const path of ["/", "/trailers"]) {
    const before = upstream.requests.length;
    const trailers = path === "/trailers" ? { trailers: [["x-trailer", "1"]] as [string, string][] } : {};
    const response = await request(envoy.port, { method: "POST", path, body: "my secret", ...trailers });
    assert.equal(upstream.requests[before]!.body, "my ******* *******");
    assert.equal(response.body, "my ******* *******");
    assert.deepEqual(response.all("x-masked"), ["yes"]);
    assert.deepEqual(response.all("content-length"), []);
    const refused = await request(envoy.port, { method: "POST", path, body: "refuse", ...trailers });
    assert.equal(refused.status, 403);
  }
});

envoyTest("body chunks: overriding any callback without calling the base's loses nothing", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await filter("body-chunks-overrides") }],
    upstream: upstream.port,
  });
  const response = await request(envoy.port, { method: "POST", body: "my secret" });
  assert.equal(upstream.requests[0]!.body, "my *** ***");
  assert.equal(response.status, 200);
  assert.deepEqual(response.all("x-masked"), ["yes"]);
  assert.deepEqual(response.all("content-length"), []);
});

/** `body-end` with callbacks for trailers of its own, which go on as the ones that they inherit. */
async function endsItself(): Promise<string> {
  const text = readFileSync(join(root, "tests/envoy/filters/body-end.ts"), "utf8");
  const own = ["Request", "Response"].map(
    (side) =>
      `  on${side}Trailers(trailerCount: u32): FilterTrailersStatus {\n    return super.on${side}Trailers(trailerCount);\n  }\n`,
  );
  return compileFilterText(
    text
      .replace("FilterDataStatus,", "FilterDataStatus, FilterTrailersStatus,")
      .replace("extends HttpContext {\n", (start) => start + own.join("")),
  );
}

const ends: readonly (readonly [name: string, module: () => Promise<string>])[] = [
  ["a check that waits for a body's end is not passed by trailers", () => filter("body-end")],
  ["one with callbacks for trailers, which end in what they inherit, is not passed either", endsItself],
];

for (const [name, module] of ends)
  envoyTest(name, async (t) => {
    const upstream = await startUpstream(t, ({ path, body }, response) => {
      if (path !== "/trailers") return void response.end(body);
      response.writeHead(200, { trailer: "x-trailer" });
      response.write("a secret");
      response.addTrailers({ "x-trailer": "1" });
      response.end();
    });
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await module() }],
      upstream: upstream.port,
      edit: passTrailers,
    });
    const trailers = [["x-trailer", "1"]] as [string, string][];
    for (const more of [{}, { trailers }]) {
      const attack = await request(envoy.port, { method: "POST", body: "an attack", ...more });
      assert.equal(attack.status, 403);
      assert.equal(attack.body, "blocked\n");
      const waits = await request(envoy.port, { method: "POST", body: "a wait", ...more });
      assert.equal(waits.body, "a wait");
      const fine = await request(envoy.port, { method: "POST", body: "fine", ...more });
      assert.equal(fine.body, "fine");
    }
    assert.ok(upstream.requests.every(({ body }) => !body.includes("attack")));
    const leak = await request(envoy.port, { path: "/trailers" });
    assert.equal(leak.complete, false);
    assert.doesNotMatch(leak.raw, /secret/);
  });

envoyTest("a body that cannot be changed does not go on as it was", async (t) => {
  const upstream = await startUpstream(t, ({ path, body }, response) =>
    response.end(path === "/leak" ? "a secret" : body),
  );
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await filter("body-length") }],
    upstream: upstream.port,
  });
  const fine = await request(envoy.port, { method: "POST", body: "fine" });
  assert.equal(fine.body, "fine");
  for (const body of ["a secret", "later"]) {
    const refused = await request(envoy.port, { method: "POST", body });
    assert.equal(refused.status, 500, body);
  }
  const leak = await request(envoy.port, { path: "/leak" });
  assert.equal(leak.complete, false);
  assert.doesNotMatch(leak.raw, /secret/);
  assert.deepEqual(
    upstream.requests.map(({ body }) => body).filter((body) => body !== ""),
    ["fine"],
  );
  assert.match(envoy.log, /a body was not changed, because "content-length" is there; answering 500/);
});

envoyTest("a refused change of a body ends the stream when a side that is not held is resumed", async (t) => {
  const wasm = await compileFilterText(`
    import { FilterDataStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
    class Changing extends HttpContext {
      onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
        if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
        this.after(10, () => {
          this.request.body.set("a text of another length");
          this.resumeResponse();
        });
        return FilterDataStatus.StopIterationAndBuffer;
      }
    }
    registerHttpFilter<Changing>();
  `);
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: (await startUpstream(t)).port });
  assert.equal((await request(envoy.port, { method: "POST", body: "short" })).status, 500);
});

envoyTest(
  "a refused change of a body ends its own stream, not the one that was acted upon last",
  async (t) => {
    const upstream = await startUpstream(t, (_, response) => void response.end("secret"));
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await filter("missed-elsewhere"), allowOnHeadersStopIteration: true }],
      upstream: upstream.port,
    });
    const held = request(envoy.port, { path: "/held" });
    await pass(100, "it is held, and says nothing");
    const masked = await request(envoy.port, { path: "/" });
    assert.equal(masked.status, 500);
    assert.equal((await held).body, "secret");
  },
);
