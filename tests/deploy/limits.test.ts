/** Options at their limits: the last that is accepted, and the first that is not; and sentences that depend on the host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManifestError, manifest } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { base, ef, eg, gateway, local } from "./support/options.js";

const label = (length: number): string => `a${"-".repeat(length - 2)}b`;
const names = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`N${i}`, ""]));
const refs = (count: number): (typeof gateway)[] =>
  Array.from({ length: count }, (_, i) => ({ ...gateway, name: `g${i}` }));

/** What is accepted, and what is one more or less, and is refused for this reason. */
const limits: readonly (readonly [inside: ManifestOptions, outside: ManifestOptions, why: RegExp])[] = [
  [{ ...base, name: label(253) }, { ...base, name: label(254) }, /at most 253/],
  [{ ...base, name: "a" }, { ...base, name: "" }, /is none for Kubernetes/],
  [{ ...base, name: "0.a-b.c9" }, { ...base, name: "0.a-b.c-" }, /is none for Kubernetes/],
  [{ ...base, namespace: label(63) }, { ...base, namespace: label(64) }, /at most 63/],
  [{ ...base, priority: 2 ** 31 - 1 }, { ...base, priority: 2 ** 31 }, /integer of 32 bits/],
  [{ ...base, priority: -(2 ** 31) }, { ...base, priority: -(2 ** 31) - 1 }, /integer of 32 bits/],
  [
    { ...base, environment: { A: "x".repeat(2048) } },
    { ...base, environment: { A: "x".repeat(2049) } },
    /The value of A has more than 2048/,
  ],
  [
    { ...base, environment: { ["x".repeat(256)]: "" } },
    { ...base, environment: { ["x".repeat(257)]: "" } },
    /no name of an environment variable/,
  ],
  [{ ...base, hostEnvironment: ["A"] }, { ...base, hostEnvironment: [""] }, /"" is no name/],
  [{ ...base, hostEnvironment: ["A", "B"] }, { ...base, hostEnvironment: ["A", "A"] }, /A is given twice/],
  [{ ...base, hostEnvironment: ["A\u0001"] }, { ...base, hostEnvironment: ["A\0"] }, /is no name/],
  [
    { ...base, environment: names(255), hostEnvironment: ["X"] },
    { ...base, environment: names(256), hostEnvironment: ["X"] },
    /At most 256 environment variables/,
  ],
  [{ ...base, rootId: "x".repeat(256) }, { ...base, rootId: "x".repeat(257) }, /at most 256 characters/],
  [
    { ...base, match: [{ mode: "CLIENT", ports: [1, 65535] }] },
    { ...base, match: [{ mode: "CLIENT", ports: [1, 65536] }] },
    /65536 is not/,
  ],
  [
    { ...base, match: [{ mode: "CLIENT_AND_SERVER", ports: [80] }] },
    { ...base, match: [{ mode: "CLIENT_AND_SERVER", ports: [80.5] }] },
    /80\.5 is not/,
  ],
  [{ ...base, targetRefs: refs(16) }, { ...base, targetRefs: refs(17) }, /At most 16 targets/],
  [
    { ...base, selector: { app: label(63) } },
    { ...base, selector: { app: label(64) } },
    /no value of a label/,
  ],
  [{ ...base, selector: { [label(63)]: "" } }, { ...base, selector: { [label(64)]: "" } }, /name of a label/],
  [
    { ...base, selector: { "a.b/C_d": "E.f" } },
    { ...base, selector: { "A.b/C_d": "E.f" } },
    /name of a label/,
  ],
  [
    { ...base, selector: { [`${label(253)}/a`]: "" } },
    { ...base, selector: { [`${label(254)}/a`]: "" } },
    /name of a label/,
  ],
  [{ ...base, pullSecret: label(253) }, { ...base, pullSecret: label(254) }, /1 to 253 characters/],
  [{ ...ef, statsTags: ["a b"] }, { ...ef, statsTags: ["a;b"] }, /no name of a tag/],
  [{ ...ef, statsTags: ["a"] }, { ...ef, statsTags: [""] }, /no name of a tag/],
  [
    { ...ef, point: "service", code: local, failStrategy: "FAIL_CLOSE" },
    { ...ef, point: "service", code: local, failStrategy: "FAIL_OPEN" },
    /no use for FAIL_OPEN there/,
  ],
  [
    { ...base, code: { kind: "url", url: "http://a/b" } },
    { ...base, code: { kind: "url", url: "http://a/" } },
    /no http:\/\/ or https:\/\/ address/,
  ],
  [
    { ...eg, targetRefs: [{ ...gateway, sectionName: "http" }] },
    { ...eg, targetRefs: [{ ...gateway, sectionName: "Http" }] },
    /"Http" is no name of a listener or rule/,
  ],
];

for (const [inside, outside, why] of limits)
  test(`at the limit: ${why.source}`, () => {
    assert.match(manifest(inside), /kind: /);
    assert.throws(
      () => manifest(outside),
      (error) => error instanceof ManifestError && why.test(error.message),
    );
  });

/** Whole sentences, where a host decides what they say. */
const sentences: readonly (readonly [options: ManifestOptions, sentence: string])[] = [
  [
    { ...eg, code: local },
    "envoy-gateway takes the module from an image or a web server: give --image or --url.",
  ],
  [
    { ...base, code: { kind: "inline" } },
    "istio-wasm-plugin takes the module from an image or a web server, or a file that is mounted into the proxy: give --image or --url, or --file.",
  ],
  [
    { ...base, targetRefs: [{ ...gateway, sectionName: "http" }] },
    "Only Envoy Gateway takes a part of a Gateway: write Gateway/web.",
  ],
  [{ ...base, istio: "1" }, 'A release of Istio is like 1.30, and "1" is not.'],
  [{ ...eg, istio: "1.30" }, "--istio names a release of Istio: it goes with --for istio."],
  [
    { ...base, target: "istio-traffic-extension", istio: "1.29" },
    "Istio 1.29 has no TrafficExtension, which came with 1.30: use --for istio, or --for istio-wasm-plugin.",
  ],
  [
    { ...base, point: "service" },
    "A WasmPlugin runs HTTP and network filters only; a service needs --for envoyfilter.",
  ],
];

for (const [options, sentence] of sentences)
  test(`says: ${sentence}`, () => {
    assert.throws(() => manifest(options), { name: "ManifestError", message: sentence });
  });

test("a module in an object of Kubernetes has 700000 bytes at most, in Envoy's own file any number", () => {
  const facts = {
    ...{ abiVersion: "0.2.1", sdk: "1.0.0", roots: undefined, rootIds: [], hostFunctions: [], callbacks: [] },
    ...{ flow: false, holdsHeaders: false },
  };
  const write = (target: "envoy" | "envoyfilter", size: number): string => {
    const module = { facts, bytes: new Uint8Array(size), sha256: "0f".repeat(32) };
    return manifest({ target, name: "filter", point: "http", code: { kind: "inline" }, module });
  };
  const written = `inline_bytes: "${"A".repeat(20)}`;
  assert.ok(write("envoyfilter", 700_000).includes(written));
  assert.ok(write("envoy", 700_001).includes(written));
  assert.throws(() => write("envoyfilter", 700_001), {
    name: "ManifestError",
    message: "A module of 700001 bytes is too large for a Kubernetes object; use an image or a file.",
  });
});
