/** Root ids: which of a module's plugins a manifest starts, where it may run, and with what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { exactTarget, manifest, points, startOf } from "../../src/deploy/index.js";
import type { Kind, ManifestOptions, ModuleFacts, Point } from "../../src/deploy/index.js";

type Roots = NonNullable<ModuleFacts["roots"]>;

/** Options of an EnvoyFilter for a module with these facts. */
function optionsOf(facts: Partial<ModuleFacts>, more: Partial<ManifestOptions> = {}): ManifestOptions {
  const whole: ModuleFacts = {
    ...{ abiVersion: "0.2.1", sdk: "1.0.0", roots: undefined, rootIds: [], hostFunctions: [] },
    ...{ callbacks: ["proxy_on_request_headers", "proxy_on_log"], flow: false, holdsHeaders: false },
    ...facts,
  };
  const module = { facts: whole, bytes: new Uint8Array(8), sha256: "0f".repeat(32) };
  return { target: "envoyfilter", name: "filter", code: { kind: "local", file: "/x.wasm" }, module, ...more };
}

/** The root id that is started, or why none is. */
function started(facts: Partial<ModuleFacts>, more?: Partial<ManifestOptions>): string {
  try {
    return `starts ${JSON.stringify(startOf(optionsOf(facts, more)).rootId)}`;
  } catch (error) {
    assert.equal((error as Error).name, "ManifestError");
    return (error as Error).message;
  }
}

const rootsOf = (...ids: string[]): Roots => ids.map((rootId) => ({ rootId, kind: "http" }));

const choices: readonly (readonly [roots: Roots | undefined, rootId: string | undefined, what: string])[] = [
  [undefined, undefined, 'starts ""'],
  [undefined, "any", 'starts "any"'],
  [[], "any", 'starts "any"'],
  [rootsOf(""), undefined, 'starts ""'],
  [rootsOf(""), "", 'starts ""'],
  [rootsOf(""), "a", 'The module registers no root id "a"; it has "".'],
  [rootsOf("a"), undefined, 'starts "a"'],
  [rootsOf("a"), "a", 'starts "a"'],
  [rootsOf("a"), "", 'The module registers no root id ""; it has "a".'],
  [rootsOf("a", "b"), "b", 'starts "b"'],
  [rootsOf("a", ""), undefined, 'starts ""'],
  [
    rootsOf("a", "b"),
    undefined,
    'The module serves no empty root id, so it would refuse its configuration; choose one with --root-id: "a", "b".',
  ],
];

for (const [roots, rootId, what] of choices)
  test(`of ${JSON.stringify(roots?.map((root) => root.rootId))}, ${JSON.stringify(rootId)}: ${what}`, () =>
    assert.equal(started({ roots }, rootId === undefined ? {} : { rootId }), what));

/** The points at which a plugin of each kind does something. */
const places: Readonly<Record<Kind, readonly Point[]>> = {
  http: ["http", "access-log"],
  tcp: ["tcp", "access-log"],
  plugin: points,
};

for (const kind of ["http", "tcp", "plugin"] as const)
  test(`a root id that is registered as ${kind} runs as ${places[kind].join(", ")}`, () => {
    for (const point of points) {
      const what = started({ roots: [{ rootId: "a", kind }] }, { point });
      const sentence = `"a" is registered as ${kind === "http" ? "an HTTP" : "a TCP"} filter, so as ${point} it would do nothing.`;
      assert.equal(what, places[kind].includes(point) ? 'starts "a"' : sentence);
    }
  });

test("a module that no host would load, and a logger that would not log, are refused", () => {
  assert.equal(
    started({ abiVersion: undefined }),
    "The module exports no proxy_abi_version_…, so no host would load it: it is not a Proxy-Wasm module.",
  );
  const silent = { callbacks: ["proxy_on_request_headers"] };
  assert.equal(
    started(silent, { point: "access-log" }),
    "The module has no onLog, the only callback of an access logger: as access-log it would do nothing.",
  );
  assert.equal(started(silent), 'starts ""');
  assert.equal(started({ callbacks: ["proxy_on_log"] }, { point: "access-log" }), 'starts ""');
});

test("a plugin is started with what the manifest says, and with empty values for the rest", () => {
  const none = { vmConfiguration: "", vmId: "", environment: {}, hostEnvironment: [] };
  assert.deepEqual(startOf(optionsOf({})), { point: "http", rootId: "", configuration: "", ...none });
  const all = {
    ...{ rootId: "a", configuration: "text", vmConfiguration: "vm", vmId: "id" },
    ...{ environment: { A: "1" }, hostEnvironment: ["B"] },
    point: "tcp" as const,
  };
  assert.deepEqual(startOf(optionsOf({}, all)), all);
});

test("the one root id of a module stands in its manifest", () => {
  const rootIn = (facts: Partial<ModuleFacts>, rootId?: string): unknown => {
    const more = { target: "envoy", ...(rootId !== undefined && { rootId }) } as const;
    return /root_id: (.+)/.exec(manifest(optionsOf(facts, more)))?.[1];
  };
  assert.equal(rootIn({ roots: rootsOf("a") }), "a");
  assert.equal(rootIn({ roots: rootsOf("") }), undefined);
  assert.equal(rootIn({ roots: rootsOf("a", "b") }, "b"), "b");
});

test("a digest of the module is that of an address, and never that of an image", () => {
  const [own, other] = ["0f".repeat(32), "1e".repeat(32)];
  const image = "registry.example/filter:1";
  const url = "https://files.example/x.wasm";
  assert.equal(started({}, { code: { kind: "url", url, sha256: own } }), 'starts ""');
  assert.equal(started({}, { code: { kind: "url", url } }), 'starts ""');
  assert.equal(started({}, { code: { kind: "image", image, sha256: other } }), 'starts ""');
  assert.equal(
    started({}, { code: { kind: "url", url, sha256: other } }),
    `--sha256 is not the digest of the module, which is ${own}; each fetch would fail.`,
  );
  assert.match(
    started({}, { code: { kind: "image", image, sha256: own } }),
    /^--sha256 is the digest of the module, and for an image .* print it\.$/,
  );
});

test("a release of Istio chooses the object; the objects that have names of their own take any that has them", () => {
  const kindOf = (target: ManifestOptions["target"], istio?: string): unknown => {
    const code = { kind: "image", image: "registry.example/filter:1" } as const;
    const text = manifest({ target, name: "filter", code, ...(istio !== undefined && { istio }) });
    return (parse(text) as { kind: string }).kind;
  };
  for (const [istio, kind] of [
    [undefined, "TrafficExtension"],
    ["1.30", "TrafficExtension"],
    ["1.31.2", "TrafficExtension"],
    ["1.29.9", "WasmPlugin"],
    ["1.2", "WasmPlugin"],
  ] as const)
    assert.equal(kindOf("istio", istio), kind);
  assert.equal(exactTarget("istio", "2.0"), "istio-traffic-extension");
  assert.equal(kindOf("istio-traffic-extension", "1.30"), "TrafficExtension");
  for (const istio of ["1.29", "1.30"]) {
    assert.equal(kindOf("istio-wasm-plugin", istio), "WasmPlugin");
    assert.equal(kindOf("envoyfilter", istio), "EnvoyFilter");
  }
});
