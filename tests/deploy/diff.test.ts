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
