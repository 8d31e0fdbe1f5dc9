/** Text is UTF-8 wherever a test gives or reads it; bytes stay the bytes that they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const wasm = await compileFilterText(`
import {
  Counter, FilterHeadersStatus, HttpContext, PluginContext, log, property, registerPlugin,
} from "proxy-wasm-as";

class Text extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const name = this.request.headers.get("x-name");
    const place = property.text(["place"]);
    log.info("name " + (name === null ? "none" : name) + " at " + (place === null ? "none" : place));
    this.request.headers.set("x-seen", (name === null ? "" : name) + "·" + (place === null ? "" : place));
    new Counter("größe").increment();
    const path = this.request.headers.get(":path");
    if (path !== null && path == "/日本") return this.respond(418, path, { details: "grün" });
    return FilterHeadersStatus.Continue;
  }
}

class Plugin extends PluginContext {
  createHttpContext(): HttpContext | null {
    return new Text();
  }
}

registerPlugin<Plugin>("wurzel-ß");
`);

const start = (upstream = {}): ReturnType<typeof createHost> =>
  createHost({ wasm, rootId: "wurzel-ß", name: "größe", properties: { place: "日本" }, upstream });

test("kit: text is UTF-8 in headers, properties, logs, metrics and names", async () => {
  const host = await start({ headers: { "x-answer": "naïve 日本" }, trailers: { "x-end": "é" } });
  const response = await host.request({ headers: { "x-name": "é" } });
  assert.equal(response.upstream!.headers.get("x-name"), "é");
  assert.deepEqual([...response.upstream!.headers.getBytes("x-name")!], [0xc3, 0xa9]);
  assert.equal(response.upstream!.headers.get("x-seen"), "é·日本");
  assert.equal(response.headers.get("x-answer"), "naïve 日本");
  assert.equal(response.trailers.get("x-end"), "é");
  assert.deepEqual(response.messages, ["name é at 日本"]);
  assert.equal(response.logs[0]!.from, "größe wurzel-ß");
  assert.equal(host.metrics()["größe"], 1);
});

test("kit: bytes are sent and read as they are", async () => {
  const host = await start();
  const { upstream } = await host.request({ headers: { "x-name": Uint8Array.of(0xff, 0xe9) } });
  assert.deepEqual([...upstream!.headers.getBytes("x-name")!], [0xff, 0xe9]);
  assert.equal(upstream!.headers.get("x-name"), "\ufffd\ufffd");
});

test("kit: a path and a local response", async () => {
  const host = await start();
  const response = await host.request({ path: "/日本" });
  assert.deepEqual([response.status, response.body, response.details], [418, "/日本", "grün"]);
});
