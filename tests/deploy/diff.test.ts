/** `proxy-wasm-as diff` and `manifest --kustomize`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import { deployedDifferences, manifest } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { cli } from "../cli/support.js";
import { root } from "../support/paths.js";
import { clusterGrid } from "./support/grid.js";

/** An object as a cluster gives it back. */
function deployed(yaml: string): Record<string, unknown> & { spec: Record<string, unknown> } {
  const object = parse(yaml) as { metadata: object; spec: Record<string, unknown> };
  const own = { uid: "1-2", resourceVersion: "7", generation: 3, creationTimestamp: "2026-01-01T00:00:00Z" };
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}" };
  const metadata = { namespace: "default", ...object.metadata, ...own, annotations, labels: { by: "argo" } };
  return { ...object, metadata, status: { conditions: [] } };
}

test("what was applied is as it would be, each of the grid, alone and in a List", () => {
  const texts = clusterGrid().map(({ options }) => manifest(options));
  for (const text of texts)
    for (const given of [deployed(text), { apiVersion: "v1", kind: "List", items: [deployed(text)] }]) {
      const [found] = deployedDifferences(stringify(given), text);
      assert.deepEqual([found!.isDeployed, found!.differences], [true, []], text);
    }
});

test("each field that is changed, added or taken away is found, and no other", () => {
  const options: ManifestOptions = {
    ...{ target: "istio-wasm-plugin", name: "filter", namespace: "shop", selector: { app: "web" } },
    code: { kind: "image", image: "registry.example/filter:1" },
    configuration: '{"a":[1,{"b":2}]}',
  };
  const text = manifest(options);
  const changes: [(spec: Record<string, unknown>) => void, string, unknown, unknown][] = [
    [
      (spec) => (spec["url"] = "oci://registry.example/filter:0"),
      "spec.url",
      "oci://registry.example/filter:0",
      "oci://registry.example/filter:1",
    ],
    [(spec) => (spec["priority"] = 3), "spec.priority", 3, undefined],
    [(spec) => delete spec["failStrategy"], "spec.failStrategy", undefined, "FAIL_RELOAD"],
    [(spec) => (spec["pluginConfig"] = { a: [1, { b: 3 }] }), "spec.pluginConfig.a[1].b", 3, 2],
    [(spec) => (spec["pluginConfig"] = { a: [1] }), "spec.pluginConfig.a[1]", undefined, { b: 2 }],
    [(spec) => (spec["selector"] = null), "spec.selector", null, { matchLabels: { app: "web" } }],
  ];
  for (const [change, path, before, after] of changes) {
    const object = deployed(text);
    change(object.spec);
    assert.deepEqual(deployedDifferences(stringify(object), text), [
      {
        object: "WasmPlugin shop/filter",
        isDeployed: true,
        differences: [{ path, deployed: before, wanted: after }],
      },
    ]);
  }
  const other = stringify(deployed(manifest({ ...options, name: "other" })));
  assert.deepEqual(deployedDifferences(other, text)[0]!.isDeployed, false);
  assert.deepEqual(deployedDifferences("", text)[0]!.isDeployed, false);
  // Another version of the same group is the same object; another group's is not.
  const versioned = (apiVersion: string): string => stringify({ ...deployed(text), apiVersion });
  assert.ok(deployedDifferences(versioned("extensions.istio.io/v1beta9"), text)[0]!.isDeployed);
  assert.ok(!deployedDifferences(versioned("networking.istio.io/v1alpha1"), text)[0]!.isDeployed);
  assert.throws(() => deployedDifferences("a: [", text), /What is deployed is no YAML/);
  assert.throws(() => deployedDifferences("text", text), /is no object of Kubernetes/);
});

test("an object is known by its group, kind, name, and namespace where both have one; not by its version", () => {
  const text = manifest({
    ...{ target: "istio-wasm-plugin", name: "filter", namespace: "shop" },
    code: { kind: "image", image: "registry.example/filter:1" },
  });
  const there = (change: Record<string, unknown>, metadata: Record<string, unknown> = {}): boolean => {
    const object = deployed(text);
    const other = { ...object, ...change, metadata: { ...(object["metadata"] as object), ...metadata } };
    return deployedDifferences(stringify(other), text)[0]!.isDeployed;
  };
  assert.ok(there({}));
  assert.ok(there({ apiVersion: "extensions.istio.io/v2" }));
  assert.ok(there({}, { namespace: undefined }));
  assert.ok(!there({ apiVersion: "other.example/v1alpha1" }));
  assert.ok(!there({ kind: "EnvoyFilter" }));
  assert.ok(!there({}, { name: "another" }));
  assert.ok(!there({}, { namespace: "default" }));
  assert.equal(deployedDifferences("kind: WasmPlugin", text)[0]!.isDeployed, false);
});

test("fields that Envoy Gateway fills in are no differences with its own value, others are", () => {
  const text = manifest({
    ...{ target: "envoy-gateway", name: "filter" },
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" }],
    code: { kind: "image", image: "registry.example/filter:1" },
  });
  const differences = (failOpen: unknown): unknown => {
    const object = deployed(text);
    const { wasm, ...spec } = object.spec as { wasm: object[] };
    const filled = { ...spec, wasm: wasm.map((one) => ({ ...one, failOpen })) };
    return deployedDifferences(stringify({ ...object, spec: filled }), text)[0]!.differences;
  };
  assert.deepEqual(differences(false), []);
  assert.deepEqual(differences(true), [{ path: "spec.wasm[0].failOpen", deployed: true, wanted: undefined }]);
});

test("labels and annotations of others are no differences, those that the manifest names are", () => {
  const [text, other] = ["1", "2"].map((version) =>
    stringify({
      ...{ apiVersion: "extensions.istio.io/v1alpha1", kind: "WasmPlugin" },
      metadata: { name: "filter", labels: { version }, annotations: { owner: "me" } },
    }),
  );
  const given = parse(other!) as { metadata: Record<string, unknown> };
  const shown = { ...given, metadata: { ...given.metadata, annotations: { owner: "me", more: "1" } } };
  assert.deepEqual(deployedDifferences(stringify(shown), text!)[0]!.differences, [
    { path: "metadata.labels.version", deployed: "2", wanted: "1" },
  ]);
});

test("what is no YAML, and no object of Kubernetes, is refused in one line", () => {
  const text = manifest({
    ...{ target: "istio-wasm-plugin", name: "filter" },
    code: { kind: "image", image: "registry.example/filter:1" },
  });
  for (const [given, why] of [
    ["a: [1\nb: 2\n", /^What is deployed is no YAML: [^\n]+$/],
    ["- 1\n", /^What is deployed is no object of Kubernetes\.$/],
    ["7\n", /^What is deployed is no object of Kubernetes\.$/],
    ["a: 1\n", /^What is deployed is no object of Kubernetes\.$/],
    ["kind: 1\n", /^What is deployed is no object of Kubernetes\.$/],
  ] as const)
    assert.throws(() => deployedDifferences(given, text), { name: "ManifestError", message: why });
  assert.throws(() => deployedDifferences(text, "a: 1"), { message: /^The manifest is no object/ });
  assert.equal(deployedDifferences("", text)[0]!.isDeployed, false);
  assert.equal(deployedDifferences("---\n---\n", text)[0]!.isDeployed, false);
});

test("the commands: a manifest in a Kustomize folder, and what would change of it", async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), "proxy-wasm-as-diff-"));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const wasm = await buildExample("hello");
  const options = [wasm, "--for", "istio", "--image", "registry.example/hello:1", "-n", "shop"];
  const kustomize = (...more: string[]): ReturnType<typeof cli> =>
    cli(["manifest", ...options, ...more, "--kustomize", "base"], { cwd });
  assert.match(kustomize().stdout, /^Wrote base\/hello\.yaml: kubectl apply -k base$/m);
  const list = join(cwd, "base", "kustomization.yaml");
  writeFileSync(list, `# ours\n${readFileSync(list, "utf8")}namePrefix: a-\n`);
  assert.equal(kustomize("--name", "second").status, 0);
  assert.equal(kustomize().status, 0);
  assert.match(readFileSync(list, "utf8"), /^# ours\n/);
  assert.deepEqual(parse(readFileSync(list, "utf8")), {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: ["hello.yaml", "second.yaml"],
    namePrefix: "a-",
  });
  writeFileSync(list, "resources: text\n");
  assert.match(
    kustomize().stderr,
    /^base\/kustomization\.yaml is no Kustomization with a list of resources\.$/m,
  );

  const diff = (
    input: string,
    ...more: string[]
  ): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(root, "dist/cli/main.js"), "diff", ...options, ...more], {
      ...{ cwd, input, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    });
  const there = stringify(deployed(readFileSync(join(cwd, "base", "hello.yaml"), "utf8")));
  const same = diff(there);
  assert.deepEqual(
    [same.status, same.stdout],
    [0, "TrafficExtension shop/hello is as it would be.\n"],
    same.stderr,
  );
  const changed = diff(there, "--priority", "5");
  assert.equal(changed.status, 1);
  assert.equal(
    changed.stdout,
    "TrafficExtension shop/hello differs:\n  spec.priority\n    - (none)\n    + 5\n",
  );
  assert.equal(diff("").stdout, "TrafficExtension shop/hello is not deployed.\n");
  assert.equal(diff("a: [").status, 1);
});
