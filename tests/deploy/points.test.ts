/** The place at which a module runs, where nobody says it: that of the plugin that is named, or of the one without a name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { manifest } from "../../src/deploy/index.js";
import type { ModuleFacts } from "../../src/deploy/index.js";
import { pointOf } from "../../src/deploy/options.js";

const facts: ModuleFacts = {
  abiVersion: "0.2.1",
  sdk: "1.0.0",
  roots: [
    { rootId: "pages", kind: "http" },
    { rootId: "", kind: "tcp" },
  ],
  rootIds: ["pages"],
  callbacks: ["proxy_on_request_headers", "proxy_on_new_connection"],
  hostFunctions: [],
  flow: false,
  holdsHeaders: false,
};

for (const [rootId, type] of [
  [undefined, "NETWORK"],
  ["", "NETWORK"],
  ["pages", "HTTP"],
] as const)
  test(`of a filter "pages" for HTTP and one without a name for TCP, ${rootId === undefined ? "no root id" : `the root id "${rootId}"`} chooses the one of the type ${type}`, () => {
    const text = manifest({
      target: "istio-wasm-plugin",
      name: "filter",
      code: { kind: "image", image: "registry.example/filter:1" },
      module: { facts, bytes: new Uint8Array(8), sha256: "0f".repeat(32) },
      ...(rootId !== undefined && { rootId }),
    });
    assert.equal((parse(text) as { spec: { type: string } }).spec.type, type);
  });

/** A module without a section: its callbacks tell. */
const points: readonly (readonly [callbacks: readonly string[], point: string])[] = [
  ...["request_headers", "response_headers", "request_body", "response_body"].map(
    (name) => [[`proxy_on_${name}`, "proxy_on_log"], "http"] as const,
  ),
  ...["new_connection", "downstream_data", "upstream_data"].map(
    (name) => [[`proxy_on_${name}`, "proxy_on_log"], "tcp"] as const,
  ),
  [["proxy_on_request_headers", "proxy_on_new_connection"], "http"],
  [["envoy_on_stats_update", "proxy_on_log"], "stats-sink"],
  [["proxy_on_log", "proxy_on_tick"], "access-log"],
  [["proxy_on_tick"], "service"],
];

for (const [callbacks, point] of points)
  test(`a module with ${callbacks.join(" and ")} runs as ${point}`, () => {
    const module = {
      facts: { ...facts, roots: [], callbacks },
      bytes: new Uint8Array(8),
      sha256: "0f".repeat(32),
    };
    assert.equal(pointOf({ target: "envoyfilter", name: "a", code: { kind: "inline" }, module }), point);
    const plugin = {
      ...module,
      facts: { ...module.facts, roots: [{ rootId: "", kind: "plugin" }] as const },
    };
    assert.equal(pointOf({ target: "envoy", name: "a", code: { kind: "inline" }, module: plugin }), point);
    assert.equal(
      pointOf({ target: "envoy", name: "a", code: { kind: "inline" }, module, point: "tcp" }),
      "tcp",
    );
  });

test("without a module, and without a word, a plugin filters HTTP", () =>
  assert.equal(pointOf({ target: "envoy", name: "a", code: { kind: "local", file: "/x.wasm" } }), "http"));

test("the first plugin tells where no root id is given that the module has", () => {
  const roots = [
    { rootId: "a", kind: "tcp" },
    { rootId: "b", kind: "http" },
  ] as const;
  const module = { facts: { ...facts, roots }, bytes: new Uint8Array(8), sha256: "0f".repeat(32) };
  const options = { target: "envoy", name: "a", code: { kind: "inline" }, module } as const;
  assert.equal(pointOf(options), "tcp");
  assert.equal(pointOf({ ...options, rootId: "c" }), "tcp");
  assert.equal(pointOf({ ...options, rootId: "b" }), "http");
});
