/** Requests that are over, as the local proxy tells of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServedRequest } from "../../src/host/server/index.js";
import { serveHost } from "../../src/host/server/index.js";
import { compileFilter } from "../support/compile.js";
import { startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { becomes } from "../support/wait.js";

test("server: each request that is over is told, with its status, the reason for it and the body's bytes", async (t) => {
  const told: ServedRequest[] = [];
  const upstream = await startUpstream(t, ({ path }, response) => {
    if (path === "/silent") return;
    response.write("two ");
    response.end("pieces");
  });
  const server = await serveHost({
    filters: [{ wasm: await compileFilter("examples/hello/assembly/index.ts") }],
    upstream: upstream.port,
    onRequest: (one) => told.push(one),
  });
  t.after(() => server.close());
  await request(server.port, { path: "/pieces" });
  await request(server.port, { path: "/denied", method: "POST" });
  await request(server.port, { path: "/silent", cutAfter: 50 });
  await becomes(() => told.length, 3);
  for (const { milliseconds } of told) assert.ok(milliseconds > 0 && milliseconds < 60_000);
  assert.deepEqual(
    told.map(({ method, path, status, bytes }) => `${method} ${path} ${status} ${bytes}`),
    ["GET /pieces 200 10", "POST /denied 403 7", "GET /silent undefined 0"],
  );
  assert.deepEqual(
    told.map(({ details }) => details),
    ["via_upstream", "", "downstream_remote_disconnect"],
  );
});
