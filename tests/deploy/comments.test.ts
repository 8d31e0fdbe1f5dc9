/** The comments of manifests: each stands before the field that it is about, and only where there is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { manifest } from "../../src/deploy/index.js";

const base = {
  name: "filter",
  code: { kind: "image", image: "registry.example/filter:1", sha256: "0f".repeat(32) },
} as const;
const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };

/** Each field that has a comment above it, with the first of its words. */
function commented(options: ManifestOptions): [field: string, words: string][] {
  // The head of a manifest is set off by an empty line.
  const text = manifest(options).replace(/^(?:#.*\n)+\n/, "");
  return [...text.matchAll(/^ *# (\S+ \S+).*\n(?: *#.*\n)*[ -]*(\w+):/gm)].map(([, words, field]) => [
    field!,
    words!,
  ]);
}

test("fields of a WasmPlugin, which stand in its spec, have their comments", () =>
  assert.deepEqual(
    commented({
      ...base,
      target: "istio-wasm-plugin",
      selector: { app: "web" },
      ...{ phase: "AUTHZ", priority: 1, pullPolicy: "Always", pullSecret: "s" },
      ...{ rootId: "a", configuration: "{}" },
    }),
    [
      ["selector", "The workloads"],
      ["phase", "AUTHN and"],
      ["priority", "Within a"],
      ["sha256", "The digest"],
      ["imagePullPolicy", "Unset, a"],
      ["imagePullSecret", "A Secret"],
      ["pluginName", "The root"],
      ["pluginConfig", "Arrives in"],
      ["failStrategy", "When the"],
    ],
  ));

test("fields of an EnvoyExtensionPolicy, in lists and below, have their comments", () =>
  assert.deepEqual(commented({ ...base, target: "envoy-gateway", targetRefs: [gateway], rootId: "a" }), [
    ["targetRefs", "Gateways or"],
    ["wasm", "Plugins run"],
    ["rootID", "Which of"],
    ["code", "The controller"],
    ["sha256", "The digest"],
  ]));

test("fields of Envoy's own configuration, at its top and far below, have their comments", () =>
  assert.deepEqual(
    commented({
      ...{ target: "envoy", name: "filter", code: { kind: "local", file: "/x.wasm" } },
      ...{ rootId: "a", upstream: { host: "127.0.0.1", port: 80 }, statsTags: ["method"] },
    }),
    [
      ["admin", "Statistics and"],
      ["stats_config", "Makes labels"],
      ["root_id", "Which of"],
      ["failure_policy", "When the"],
      ["clusters", "Where requests"],
    ],
  ));

test("a plugin that sees no traffic has comments for its place in Envoy's own configuration", () => {
  const options = { target: "envoy", name: "filter", code: { kind: "local", file: "/x.wasm" } } as const;
  assert.match(
    manifest({ ...options, point: "stats-sink" }),
    /\n# Is given all statistics at each flush\.\nstats_sinks:/,
  );
  assert.match(
    manifest({ ...options, point: "service" }),
    /\n# Runs once, in the main thread, and sees no traffic\.\nbootstrap_extensions:/,
  );
});
