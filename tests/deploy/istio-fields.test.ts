/** Whole manifests for Istio, field by field: what is asked for, and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { manifest } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { gateway, sha256 } from "./support/options.js";

const all: Omit<ManifestOptions, "target"> = {
  ...{ name: "filter", namespace: "shop", rootId: "a", configuration: '{"n":[1]}' },
  code: { kind: "image", image: "registry.example/filter:1", sha256 },
  ...{ pullPolicy: "Always", pullSecret: "s", failStrategy: "FAIL_OPEN" },
  ...{ phase: "AUTHZ", priority: -3, environment: { A: "1" }, hostEnvironment: ["B"] },
  match: [
    { mode: "CLIENT", ports: [80, 81] },
    { mode: "CLIENT_AND_SERVER", ports: [82] },
    { mode: "SERVER", ports: [] },
  ],
};
const place = {
  ...{ phase: "AUTHZ", priority: -3 },
  match: [
    { mode: "CLIENT", ports: [{ number: 80 }, { number: 81 }] },
    { mode: "CLIENT_AND_SERVER", ports: [{ number: 82 }] },
    { mode: "SERVER" },
  ],
};
const plugin = {
  ...{ url: "oci://registry.example/filter:1", sha256, imagePullPolicy: "Always", imagePullSecret: "s" },
  ...{ pluginName: "a", pluginConfig: { n: [1] }, failStrategy: "FAIL_OPEN", type: "HTTP" },
  vmConfig: {
    env: [
      { name: "A", value: "1" },
      { name: "B", valueFrom: "HOST" },
    ],
  },
};
const least = { url: "file:///x.wasm", failStrategy: "FAIL_RELOAD" };
const file: Omit<ManifestOptions, "target"> = { name: "filter", code: { kind: "local", file: "/x.wasm" } };

/** Options, and the `spec` of a WasmPlugin and of a TrafficExtension. */
const cases: readonly (readonly [
  what: string,
  options: Omit<ManifestOptions, "target">,
  plugin: object,
  extension: object,
])[] = [
  [
    "all that a plugin can have, for workloads with a label",
    { ...all, selector: { app: "web" } },
    { selector: { matchLabels: { app: "web" } }, ...place, ...plugin },
    { selector: { matchLabels: { app: "web" } }, ...place, wasm: plugin },
  ],
  [
    "a network filter in a file, for a gateway",
    { ...file, point: "tcp", targetRefs: [gateway] },
    { targetRefs: [gateway], ...least, type: "NETWORK" },
    { targetRefs: [gateway], wasm: { ...least, type: "NETWORK" } },
  ],
  [
    "a variable of the proxy, and no other",
    { ...file, hostEnvironment: ["B"] },
    { ...least, type: "HTTP", vmConfig: { env: [{ name: "B", valueFrom: "HOST" }] } },
    { wasm: { ...least, type: "HTTP", vmConfig: { env: [{ name: "B", valueFrom: "HOST" }] } } },
  ],
  [
    "the least that there is",
    { ...file, rootId: "" },
    { ...least, type: "HTTP" },
    { wasm: { ...least, type: "HTTP" } },
  ],
];

for (const [what, options, spec, extension] of cases)
  for (const [target, kind, expected] of [
    ["istio-wasm-plugin", "WasmPlugin", spec],
    ["istio-traffic-extension", "TrafficExtension", extension],
  ] as const)
    test(`${kind}: ${what}`, () => {
      const { name, namespace } = options;
      assert.deepEqual(parse(manifest({ ...options, target })), {
        apiVersion: "extensions.istio.io/v1alpha1",
        kind,
        metadata: { name, ...(namespace !== undefined && { namespace }) },
        spec: expected,
      });
    });
