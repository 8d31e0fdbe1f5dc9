/** Generated bootstraps in a real Envoy. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { parse } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import type { Code, ManifestOptions } from "../../src/deploy/index.js";
import { manifest, points } from "../../src/deploy/index.js";
import type { Envoy } from "../../src/envoy/index.js";
import { envoyTest, found, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { moduleOf } from "./support/grid.js";
import { until } from "../support/wait.js";

function options(file: string, code: Code, more: Partial<ManifestOptions> = {}): ManifestOptions {
  return { target: "envoy", name: "my-plugin", module: moduleOf(file), code, ...more };
}

/** Runs a generated bootstrap, on ports that are free; its upstream is known by `cluster` too. */
function run(t: TestContext, given: ManifestOptions, cluster?: string): Promise<Envoy> {
  return startEnvoy(t, {
    edit: (bootstrap) => {
      const generated = parse(manifest(given)) as {
        admin: object;
        static_resources: { listeners: { name: string; address: object }[]; clusters?: object[] };
      };
      const { clusters } = generated.static_resources;
      if (cluster !== undefined)
        clusters!.push(
          JSON.parse(JSON.stringify(clusters![0]).replaceAll('"upstream"', `"${cluster}"`)) as object,
        );
      for (const key of Object.keys(bootstrap)) delete bootstrap[key];
      Object.assign(bootstrap, generated);
      const free = { socket_address: { address: "127.0.0.1", port_value: 0 } };
      bootstrap.admin.address = free;
      const [listener] = generated.static_resources.listeners;
      listener!.address = free;
      listener!.name = given.point === "tcp" ? "tcp" : "http";
    },
  });
}

envoyTest("http: from a file, with configuration, environment, tags and a policy", async (t) => {
  const wasm = await buildExample("hello");
  const upstream = await startUpstream(t);
  const envoy = await run(
    t,
    options(
      wasm,
      { kind: "local", file: wasm },
      {
        upstream: { host: "127.0.0.1", port: upstream.port },
        configuration: '{"any": "text"}',
        vmConfiguration: "vm",
        vmId: "one",
        environment: { MODE: "off" },
        failStrategy: "FAIL_RELOAD",
        allowOnHeadersStopIteration: true,
        statsTags: ["method"],
      },
    ),
  );
  assert.match((await request(envoy.port, { path: "/welcome" })).raw, /x-served-by: proxy-wasm-as/);
});

envoyTest("tcp: tcp-metrics counts connections", async (t) => {
  const wasm = await buildExample("tcp-metrics");
  const upstream = await startUpstream(t);
  const envoy = await run(
    t,
    options(
      wasm,
      { kind: "local", file: wasm },
      { point: "tcp", upstream: { host: "127.0.0.1", port: upstream.port } },
    ),
  );
  await new Promise<void>((resolve, reject) => {
    const socket = connect(envoy.tcpPort, "127.0.0.1", () => socket.end("GET / HTTP/1.0\r\n\r\n"));
    socket
      .on("error", reject)
      .resume()
      .on("close", () => resolve());
  });
  assert.equal(await envoy.stat("wasmcustom.example_tcp_connections_total"), 1);
});

envoyTest("access-log: json-log writes a line; the module itself says that it is a logger", async (t) => {
  const wasm = await buildExample("json-log");
  const given = options(wasm, { kind: "inline" });
  assert.match(manifest(given), /^# my-plugin: a Proxy-Wasm plugin \(access-log\)/);
  const envoy = await run(t, given);
  await request(envoy.port, { path: "/logged" });
  await envoy.waitForLog((log) => log.includes('"/logged"'));
});

envoyTest("service: service-queue's fetcher runs once, without traffic", async (t) => {
  const wasm = await buildExample("service-queue");
  assert.throws(() => manifest(options(wasm, { kind: "inline" })), {
    message: /serves no empty root id.*choose one with --root-id: "fetcher", "filter"/,
  });
  const asked: string[] = [];
  const lists = createServer((message, response) => {
    asked.push(message.url!);
    response.end("bad\n");
  });
  await new Promise<void>((resolve) => lists.listen(0, "127.0.0.1", resolve));
  t.after(() => lists.close());
  const { port } = lists.address() as { port: number };
  const given = options(
    wasm,
    { kind: "inline" },
    { point: "service", rootId: "fetcher", upstream: { host: "127.0.0.1", port } },
  );
  const envoy = await run(t, given, "lists");
  assert.ok(envoy.port > 0);
  await until(() => asked.length > 0);
  assert.equal(asked[0], "/blocked", "its timer runs, and it asks for the list by itself");
});

envoyTest("stats-sink: stats-log is told of what Envoy counts at each flush", async (t) => {
  const wasm = await buildExample("stats-log");
  const given = options(wasm, { kind: "local", file: wasm }, { configuration: ".load_success" });
  assert.match(manifest(given), /\(stats-sink\)/);
  const envoy = await run(t, given);
  await until(() => envoy.log.includes("runtime.load_success"));
  assert.match(envoy.log, /runtime\.load_success \+[1-9]/);
});

envoyTest("remote: Envoy fetches the module, and compares its digest", async (t) => {
  const wasm = await buildExample("hello");
  const bytes = readFileSync(wasm);
  const server = createServer((_, response) => response.end(bytes));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/plugin.wasm`;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const envoy = await run(t, options(wasm, { kind: "url", url, sha256 }));
  assert.match((await request(envoy.port, { path: "/" })).raw, /x-served-by: proxy-wasm-as/);
});

envoyTest("envoy --mode validate takes the bootstraps of a grid", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-validate-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // The compiler takes one program at a time.
  const built: string[] = [];
  for (const name of ["hello", "tcp-metrics", "json-log", "service-queue", "stats-log"])
    built.push(await buildExample(name));
  const [http, tcp, log, service, sink] = built;
  const files = { http, tcp, "access-log": log, service, "stats-sink": sink };
  const texts: string[] = [];
  for (const point of points) {
    const file = files[point]!;
    const rootId = file === service ? { rootId: "fetcher" } : {};
    for (const code of [{ kind: "local", file }, { kind: "inline" }] as const)
      for (const more of [
        {},
        {
          ...{ environment: { A: "on" }, hostEnvironment: ["HOME"] },
          ...(point !== "service" && { failStrategy: "FAIL_OPEN" }),
        },
      ])
        texts.push(manifest(options(file, code, { point, ...rootId, ...more })));
  }
  for (const scheme of ["http", "https"]) {
    const { sha256 } = moduleOf(http!);
    texts.push(manifest(options(http!, { kind: "url", url: `${scheme}://127.0.0.1/x.wasm`, sha256 })));
  }
  const { path } = found;
  for (const [index, text] of texts.entries()) {
    const file = join(folder, `${index}.yaml`);
    writeFileSync(file, text);
    const child = spawn(path!, ["--mode", "validate", "-c", file, "-l", "error"]);
    let said = "";
    child.stderr.on("data", (piece) => (said += String(piece)));
    const status = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(status, 0, `${said}\n${text}`);
  }
});
