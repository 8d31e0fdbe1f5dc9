import assert from "node:assert/strict";
import { compileFilter } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const filter = (): Promise<string> => compileFilter("tests/envoy/filters/respond.ts");

envoyTest("respond: status, body, headers and details arrive, from the request's callbacks", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }], upstream: upstream.port });
  for (const where of ["requestHeaders", "requestBody"]) {
    const response = await request(envoy.port, {
      method: "POST",
      body: "hello",
      headers: [
        ["x-in", where],
        ["x-code", "429"],
        ["x-body", "slow down \xff"],
        ["x-extra", ""],
      ],
    });
    assert.equal(response.status, 429);
    assert.equal(response.body, "slow down \xff");
    assert.deepEqual(response.all("x-extra"), ["1", "2"]);
    assert.deepEqual(response.all("x-odd"), ["\xff"]);
    assert.deepEqual(response.all("x-seen"), ["responseHeaders"], "it runs through the response callbacks");
  }
});

envoyTest(
  "respond: from response callbacks it replaces the response, or resets what has begun",
  async (t) => {
    const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }] });
    const replaced = await request(envoy.port, { headers: [["x-in", "responseHeaders"]] });
    assert.equal(replaced.status, 403);
    assert.equal(replaced.body, "no\n");
    const begun = await request(envoy.port, { headers: [["x-in", "responseBody"]] });
    assert.equal(begun.complete && begun.status === 200 && begun.body === "ok\n", false);
  },
);

envoyTest("respond: only the first answer of a stream counts", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }] });
  const response = await request(envoy.port, {
    headers: [
      ["x-in", "requestHeaders"],
      ["x-times", "3"],
    ],
  });
  assert.equal(response.status, 403);
  await envoy.waitForLog(() => envoy.wasmLogs.length >= 3);
  assert.deepEqual(
    envoy.wasmLogs.map(({ message }) => message),
    ["requestHeaders 0", "requestHeaders 2", "requestHeaders 2"],
  );
});

envoyTest("respond: what cannot be sent is left out or corrected, and the refusal arrives", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }] });
  const send = (headers: [string, string][]) =>
    request(envoy.port, { headers: [["x-in", "requestHeaders"], ...headers] });
  for (const code of ["0", "101", "199", "600", "70000", "-1"]) {
    const response = await send([["x-code", code]]);
    assert.equal(response.status, 500, code);
  }
  for (const code of ["204", "205", "304"]) {
    const response = await send([["x-code", code]]);
    assert.equal(response.status, Number(code));
    assert.equal(response.body, "");
  }
  const bad = await send([["x-bad", ""]]);
  assert.equal(bad.status, 403);
  assert.equal(bad.body, "no\n");
  assert.deepEqual(bad.all("x-good"), ["1"]);
  assert.deepEqual(bad.all("content-length"), ["3"]);
  assert.doesNotMatch(bad.raw, /evil/);
});

envoyTest("respond: a gRPC request is answered with a gRPC status", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }] });
  const response = await request(envoy.port, {
    headers: [
      ["content-type", "application/grpc"],
      ["x-in", "requestHeaders"],
      ["x-grpc", "7"],
    ],
  });
  assert.equal(response.status, 200);
  assert.deepEqual(response.all("grpc-status"), ["7"]);
  assert.deepEqual(response.all("grpc-message"), ["no%0A"]);
});

envoyTest("respond: details reach the access log", async (t) => {
  const seen: string[] = [];
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await filter() }],
    connectionManager: {
      access_log: [
        {
          name: "stderr",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
            log_format: { text_format_source: { inline_string: "details=%RESPONSE_CODE_DETAILS%\n" } },
          },
        },
      ],
    },
    onLog: (text) => seen.push(text),
  });
  await request(envoy.port, {
    headers: [
      ["x-in", "requestHeaders"],
      ["x-details", "no_token"],
    ],
  });
  await envoy.waitForLog(() => seen.join("").includes("details="));
  assert.match(seen.join(""), /details=no_token\n/);
});

envoyTest("respond and reset at the end of a stream are refused, and Envoy stays alive", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }], upstream: upstream.port });
  for (const where of ["log", "done", "delete", "log:reset", "done:reset", "delete:reset"]) {
    const before = envoy.wasmLogs.length;
    const response = await request(envoy.port, { headers: [["x-in", where]] });
    assert.equal(response.status, 200);
    await envoy.waitForLog(() => envoy.wasmLogs.length > before);
    assert.equal(envoy.wasmLogs[before]!.message, `${where} 2`);
    assert.ok(envoy.isAlive);
  }
  assert.equal((await request(envoy.port)).status, 200);
});

envoyTest("resuming a response that has not begun is not passed on, and Envoy stays alive", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }], upstream: upstream.port });
  for (const where of ["requestHeaders:resume", "requestBody:resume"]) {
    const response = await request(envoy.port, { method: "POST", body: "x", headers: [["x-in", where]] });
    assert.equal(response.status, 200);
  }
  assert.ok(envoy.isAlive);
});

envoyTest("reset breaks the connection from every callback of an open stream", async (t) => {
  const upstream = await startUpstream(t, (incoming, response) => {
    if (incoming.path === "/trailers") {
      response.writeHead(200, { trailer: "x-t" });
      response.addTrailers({ "x-t": "1" });
    }
    response.end("response");
  });
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await filter() }],
    upstream: upstream.port,
    edit: passTrailers,
  });
  for (const path of ["/", "/trailers"]) {
    const places = ["requestHeaders", "requestBody", "responseHeaders", "responseBody"];
    if (path === "/trailers") places.push("requestTrailers", "responseTrailers");
    for (const where of places) {
      const response = await request(envoy.port, {
        method: "POST",
        path,
        body: "x",
        headers: [["x-in", `${where}:reset`]],
        ...(path === "/trailers" && { trailers: [["x-t", "1"]] }),
      });
      assert.equal(response.complete, false, where);
      assert.ok(envoy.isAlive, where);
    }
  }
  assert.equal((await request(envoy.port)).status, 200);
});

envoyTest(
  "respond: a filter without state that answers everywhere answers once, and Envoy stays alive",
  async (t) => {
    const wasm = await compileFilter("tests/envoy/filters/respond-shared.ts");
    const envoy = await startEnvoy(t, { filters: [{ wasm }] });
    const instead = await request(envoy.port);
    assert.equal(instead.status, 503);
    assert.equal(instead.body, "instead\n");
    assert.ok(instead.complete);
    const first = await request(envoy.port, { headers: [["x-both", ""]] });
    assert.equal(first.status, 401);
    assert.equal(first.body, "first\n");
    assert.ok(first.complete);
    assert.ok(envoy.isAlive);
  },
);
