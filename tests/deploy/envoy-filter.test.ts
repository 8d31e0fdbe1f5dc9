/** What an EnvoyFilter puts where: each kind of plugin beside the filters of its own kind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { manifest } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";

interface Patch {
  readonly applyTo: string;
  readonly match?: unknown;
  readonly patch: { readonly operation: string; readonly value: unknown };
}

/** The patches of the EnvoyFilter in the text. */
function patchesOf(options: Partial<ManifestOptions>): Patch[] {
  const text = manifest({
    target: "envoyfilter",
    name: "filter",
    code: { kind: "image", image: "registry.example/filter:1" },
    ...options,
  });
  const documents = parseAllDocuments(text).map(
    (document) => document.toJS() as { kind?: string; spec?: unknown },
  );
  const filter = documents.find(({ kind }) => kind === "EnvoyFilter")!;
  return (filter.spec as { configPatches: Patch[] }).configPatches;
}

/** All types of messages that a value names, in their order, without the address before them. */
function typesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"type\.googleapis\.com\/([^"]+)"/g)].map(([, type]) => type!);
}

const kinds = [
  { point: "http", place: "HTTP_FILTER", before: "envoy.filters.http.router", other: "network" },
  { point: "tcp", place: "NETWORK_FILTER", before: "envoy.filters.network.tcp_proxy", other: "http" },
] as const;

for (const { point, place, before, other } of kinds)
  test(`${point}: an image's filter is discovered, stands before ${before}, and a refusal by RBAC is of its kind`, () => {
    const [extension, inserted, ...more] = patchesOf({ point });
    assert.equal(more.length, 0);
    assert.equal(extension!.applyTo, "EXTENSION_CONFIG");
    assert.equal(inserted!.applyTo, place);
    assert.match(JSON.stringify(inserted!.match), new RegExp(`"${before}"`));
    assert.equal(inserted!.patch.operation, "INSERT_BEFORE");
    const kind = point === "http" ? "http" : "network";
    // Istio puts an RBAC filter that refuses all in the place of a module that it cannot fetch: another kind's is no filter here.
    assert.deepEqual(typesIn(inserted!.patch.value), [
      `envoy.extensions.filters.${kind}.wasm.v3.Wasm`,
      `envoy.extensions.filters.${kind}.rbac.v3.RBAC`,
    ]);
    assert.ok(typesIn(extension!.patch.value).includes(`envoy.extensions.filters.${kind}.wasm.v3.Wasm`));
    assert.ok(!JSON.stringify([extension, inserted]).includes(`extensions.filters.${other}.rbac`));
  });

/** The EnvoyFilter of a module that is in the proxy's own files, with its comments. */
const local = (options: Partial<ManifestOptions>): string =>
  manifest({
    target: "envoyfilter",
    name: "filter",
    code: { kind: "local", file: "/plugin.wasm" },
    ...options,
  });

test("an EnvoyFilter is for the workloads that its labels choose, and for all without", () => {
  const chosen = parse(local({ selector: { app: "web" } })) as { spec: Record<string, unknown> };
  assert.deepEqual(chosen.spec["workloadSelector"], { labels: { app: "web" } });
  const all = parse(local({})) as { spec: Record<string, unknown> };
  assert.ok(!("workloadSelector" in all.spec));
});

for (const context of ["ANY", "GATEWAY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND"] as const)
  test(`an EnvoyFilter's patches are for ${context}`, () => {
    const [, inserted] = patchesOf({ context });
    assert.equal((inserted!.match as { context: string }).context, context);
  });

test("a patch of the bootstrap says that pods are restarted, and no other does", () => {
  const said = (options: Partial<ManifestOptions>): boolean => local(options).includes("restart the pods");
  assert.ok(said({ point: "service" }));
  assert.ok(said({ point: "stats-sink" }));
  assert.ok(said({ point: "http", statsTags: ["method"] }));
  assert.ok(!said({ point: "http" }));
  assert.ok(!said({ point: "access-log" }));
});

test("an EnvoyFilter says where its patches go", () => {
  const first =
    "The order counts: the first patch defines the plugin, the second one puts it into its place.";
  const before = "The plugin is put before the filter that the match names.";
  const logger = "One more logger for each HTTP connection manager.";
  const image = { kind: "image", image: "registry.example/filter:1" } as const;
  for (const [options, sentence] of [
    [{ point: "http", code: image }, first],
    [{ point: "tcp", code: image }, first],
    [{ point: "http" }, before],
    [{ point: "tcp" }, before],
    [{ point: "access-log" }, logger],
  ] as const)
    assert.deepEqual(
      [first, before, logger].filter((each) => local(options).includes(each)),
      [sentence],
    );
});
