/** The comments of manifests: each stands before the field that it is about, and only where there is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { manifest } from "../../src/deploy/index.js";
import { gateway } from "./support/options.js";

const base = {
  name: "filter",
  code: { kind: "image", image: "registry.example/filter:1", sha256: "0f".repeat(32) },
} as const;

/** Each field that has a comment above it, with the first of its words. */
function commented(options: ManifestOptions): [field: string, words: string][] {
  // The head of a manifest is set off by an empty line.
  const text = manifest(options).replace(/^(?:#.*\n)+\n/, "");
  return [...text.matchAll(/^ *# (\S+ \S+).*\n(?: *#.*\n)*[ -]*(\w+):/gm)].map(([, words, field]) => [
    field!,
    words!,
  ]);
}

/** The comments of what Istio makes a plugin of, by either of its objects. */
const ofIstio = [
  ["selector", "The workloads"],
  ["phase", "AUTHN and"],
  ["priority", "Within a"],
  ["sha256", "The digest"],
  ["imagePullPolicy", "Unset, a"],
  ["imagePullSecret", "A Secret"],
  ["pluginName", "The root"],
  ["pluginConfig", "Arrives in"],
  ["failStrategy", "When the"],
];

test("fields of a WasmPlugin, which stand in its spec, have their comments", () =>
  assert.deepEqual(
    commented({
      ...base,
      target: "istio-wasm-plugin",
      selector: { app: "web" },
      ...{ phase: "AUTHZ", priority: 1, pullPolicy: "Always", pullSecret: "s" },
      ...{ rootId: "a", configuration: "{}" },
    }),
    ofIstio,
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

const [image, local] = [base.code, { kind: "local", file: "/x.wasm" } as const];
const unpinned = { kind: "image", image: "registry.example/filter:1" } as const;
const url = { kind: "url", url: "https://files.example/x.wasm", sha256: "0f".repeat(32) } as const;

test("fields of a TrafficExtension, which stand a level below those of a WasmPlugin, have their comments", () =>
  assert.deepEqual(
    commented({
      ...{
        ...base,
        target: "istio-traffic-extension",
        selector: { app: "web" },
        phase: "STATS",
        priority: 1,
      },
      ...{ pullPolicy: "Always", pullSecret: "s", rootId: "a", configuration: "{}" },
    }),
    ofIstio,
  ));

/** The comments of a plugin's own fields in Envoy's format. */
const own: [string, string][] = [
  ["root_id", "Which of"],
  ["configuration", "Arrives in"],
  ["failure_policy", "When the"],
  ["allow_on_headers_stop_iteration", "Hands on"],
  ["vm_id", "Plugins with"],
];
const never = own.filter(([field]) => field !== "failure_policy");
const discovered: [string, string][] = [
  ["sha256", "The digest"],
  ["initial_fetch_timeout", "Listeners wait"],
  ["type_urls", "The agent"],
];
const all = { name: "a", rootId: "a", configuration: "{}", allowOnHeadersStopIteration: true, vmId: "v" };

for (const [point, code, first, rest] of [
  ["http", image, "The order", [...own, ...discovered]],
  ["tcp", url, "The order", [...own, ...discovered]],
  ["http", local, "The plugin", own],
  ["tcp", local, "The plugin", own],
  ["access-log", local, "One more", own],
  ["service", local, "A proxy", never],
  ["stats-sink", local, "A proxy", own],
] as const)
  test(`fields of an EnvoyFilter have their comments: ${point}, ${code.kind}`, () => {
    const options = { ...all, target: "envoyfilter", point, code, selector: { app: "web" } } as const;
    const above = [
      ["workloadSelector", "The workloads"],
      ["configPatches", first],
    ];
    assert.deepEqual(commented(options), [...above, ...rest]);
  });

for (const [point, above, rest] of [
  ["http", [], own],
  ["tcp", [], own],
  ["access-log", [], own],
  ["service", [["bootstrap_extensions", "Runs once,"]], never],
  ["stats-sink", [["stats_sinks", "Is given"]], own],
] as const)
  test(`fields of Envoy's own configuration have their comments: ${point}`, () => {
    const options = { ...all, target: "envoy", point, upstream: { host: "a", port: 1 } } as const;
    const clusters = ["clusters", "Where requests"];
    const admin = ["admin", "Statistics and"];
    assert.deepEqual(commented({ ...options, code: local }), [admin, ...above, ...rest, clusters]);
    const fetched = [admin, ...above, ...rest, discovered[0], clusters];
    assert.deepEqual(commented({ ...options, code: url }), fetched);
  });

test("a digest is said to be that of a manifest, or of the module, and clusters what they are for", () => {
  const said = (
    field: string,
    options: Partial<ManifestOptions> & Pick<ManifestOptions, "target">,
  ): unknown => new RegExp(`# (.*)\\n[ -]*${field}:`).exec(manifest({ ...base, ...options }))?.[1];
  const [manifests, modules] = [
    "The digest of the image's manifest, not of the module.",
    "The digest of the module.",
  ];
  for (const target of ["istio-wasm-plugin", "istio-traffic-extension", "envoyfilter"] as const) {
    assert.equal(said("sha256", { target, code: image }), manifests);
    assert.equal(said("sha256", { target, code: url }), modules);
  }
  const nil = '"nil" is "not given" to Istio\'s agent.';
  assert.equal(said("sha256", { target: "envoyfilter", code: unpinned }), nil);
  const open = { kind: "url", url: url.url } as const;
  assert.equal(said("sha256", { target: "envoyfilter", code: open }), nil);
  assert.equal(said("sha256", { target: "envoy", code: url }), modules);
  const policy = { target: "envoy-gateway", targetRefs: [gateway] } as const;
  assert.equal(said("sha256", { ...policy, code: image }), manifests);
  assert.equal(said("sha256", { ...policy, code: url }), undefined);
  assert.equal(
    said("failOpen", { ...policy, failStrategy: "FAIL_OPEN" }),
    "Whether requests pass when the module cannot be loaded or traps.",
  );
  const file = "A file in the proxy's own container: mount it there; nothing is fetched.";
  for (const target of ["istio-wasm-plugin", "istio-traffic-extension"] as const) {
    assert.equal(said("url", { target, code: local }), file);
    assert.equal(said("url", { target, code: url }), undefined);
  }
  const [requests, connections, code] = [
    "Where requests go.",
    "Where connections go; --upstream says another address.",
    "wasm_code is where the module comes from.",
  ];
  const upstream = { host: "a", port: 1 };
  for (const [options, sentence] of [
    [{ code: local, upstream }, requests],
    [{ code: local, upstream, point: "tcp" }, requests],
    [{ code: local, point: "tcp" }, connections],
    [{ code: url, point: "tcp" }, `${connections} ${code}`],
    [{ code: url, upstream }, `${requests} ${code}`],
    [{ code: url }, code],
    [{ code: local }, undefined],
  ] as const)
    assert.equal(said("clusters", { target: "envoy", ...options }), sentence);
});
