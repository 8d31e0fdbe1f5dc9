/** What stands above a manifest: the kind that was chosen, the module, and what to see to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manifest } from "../../src/deploy/index.js";
import type { ManifestOptions, ModuleFacts } from "../../src/deploy/index.js";
import { gateway, sha256 } from "./support/options.js";

const image = "registry.example/filter:1";
const facts: ModuleFacts = {
  ...{ abiVersion: "0.2.1", callbacks: ["proxy_on_request_headers"], hostFunctions: [] },
  ...{ sdk: undefined, roots: undefined, rootIds: [], flow: false, holdsHeaders: false },
};

/** The comment above the manifest, as one line. */
function headOf(options: Partial<ManifestOptions>, more?: Partial<ModuleFacts>): string {
  const text = manifest({
    ...{ target: "istio-wasm-plugin", name: "filter", code: { kind: "image", image, sha256 } },
    ...(more !== undefined && { module: { facts: { ...facts, ...more }, bytes: new Uint8Array(8), sha256 } }),
    ...(more !== undefined && { code: { kind: "local", file: "/x.wasm" } as const }),
    ...options,
  });
  return /^(?:#.*\n)*/.exec(text)![0].replace(/^# ?/gm, "").replace(/\s+/g, " ");
}

test("a module that is fetched and not pinned is said to be so, and no other", () => {
  const pinned: ManifestOptions["code"][] = [
    { kind: "image", image, sha256 },
    { kind: "image", image: `registry.example/filter@sha256:${sha256}` },
    { kind: "url", url: "https://a.example/x.wasm", sha256 },
    { kind: "local", file: "/x.wasm" },
  ];
  const open: ManifestOptions["code"][] = [
    { kind: "image", image },
    { kind: "url", url: "https://a.example/x.wasm" },
  ];
  for (const code of pinned) assert.doesNotMatch(headOf({ code }), /not pinned/);
  for (const code of open) assert.match(headOf({ code }), /The module is not pinned: with a digest/);
  const inline = headOf({ target: "envoyfilter", code: { kind: "inline" } }, {});
  assert.doesNotMatch(inline, /not pinned/);
});

test("a module is described: its size, its ABI, the SDK, and what it waits for", () => {
  assert.match(headOf({}, {}), /Module: 8 bytes, ABI 0\.2\.1\./);
  assert.match(headOf({}, { sdk: "1.2.3" }), /Module: 8 bytes, ABI 0\.2\.1, proxy-wasm-as 1\.2\.3\./);
  assert.doesNotMatch(headOf({}, {}), /waits for other services|calls clusters/);
  assert.match(headOf({}, { flow: true }), /It waits for other services before it answers/);
});

test("calls go to clusters by name, which Istio has names of its own for", () => {
  for (const name of ["proxy_http_call", "proxy_grpc_call"]) {
    const calls = { hostFunctions: [name] };
    for (const target of ["istio-wasm-plugin", "istio-traffic-extension", "envoyfilter"] as const)
      assert.match(headOf({ target }, calls), /Istio's are like outbound\|80\|\|service/);
    assert.match(headOf({ target: "envoy" }, calls), /they must be configured\./);
    const policy = {
      target: "envoy-gateway",
      targetRefs: [gateway],
      code: { kind: "image", image },
    } as const;
    assert.match(headOf(policy, calls), /they must be configured\./);
  }
});

test("the head says which of Istio's kinds was chosen, and why", () => {
  const choose = (istio?: string): string =>
    headOf({ target: "istio", ...(istio !== undefined && { istio }) });
  const extension = /A TrafficExtension, which takes the place of WasmPlugin from Istio 1\.30 on/;
  assert.match(choose(), new RegExp(`${extension.source}: for an older one give --istio 1\\.29\\.`));
  assert.match(choose("1.30"), new RegExp(`${extension.source}\\.`));
  assert.match(
    choose("1.29"),
    /A WasmPlugin: Istio 1\.29 has no TrafficExtension, which takes its place from 1\.30 on\./,
  );
  assert.doesNotMatch(headOf({ target: "istio-wasm-plugin" }), /TrafficExtension/);
});

test("the first line names the plugin, its point, and the command that puts the manifest to use", () => {
  const policy = { targetRefs: [gateway], code: { kind: "image", image, sha256 } } as const;
  const local = { code: { kind: "local", file: "/x.wasm" } } as const;
  for (const [target, point, command, more] of [
    ["istio", "http", "kubectl apply -f FILE (Istio 1.30 and later) A TrafficExtension,", {}],
    ["istio-wasm-plugin", "tcp", "kubectl apply -f FILE", {}],
    ["istio-traffic-extension", "http", "kubectl apply -f FILE (Istio 1.30 and later)", {}],
    ["envoyfilter", "stats-sink", "kubectl apply -f FILE", local],
    ["envoy-gateway", "http", "kubectl apply -f FILE", policy],
    ["envoy", "service", "envoy -c FILE", local],
  ] as const)
    assert.ok(
      headOf({ target, point, ...more }).startsWith(`filter: a Proxy-Wasm plugin (${point}). ${command}`),
      target,
    );
});

test("each sentence of the head stands in a line of its own, as each line of a long comment does", () => {
  const text = manifest({ target: "istio", name: "filter", code: { kind: "image", image } });
  assert.match(text, /^# filter: [^\n]*\n# A TrafficExtension, [^\n]*\n# The module is not pinned[^\n]*\n\n/);
  assert.match(text, /\n {4}# When the module traps: [^\n]*\n {4}# after a second[^\n]*\n {4}failStrategy:/);
});
