/** The words that an option can be, each host's, all of them; and what each host has no field for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { manifest, targets } from "../../src/deploy/index.js";
import type { ManifestOptions, Target } from "../../src/deploy/index.js";
import { image, local } from "./support/options.js";

const web = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };

/** The least that each host takes. */
const least = {
  "istio-wasm-plugin": { target: "istio-wasm-plugin", name: "filter", code: image },
  "istio-traffic-extension": { target: "istio-traffic-extension", name: "filter", code: image },
  envoyfilter: { target: "envoyfilter", name: "filter", code: image },
  "envoy-gateway": { target: "envoy-gateway", name: "filter", code: image, targetRefs: [web] },
  envoy: { target: "envoy", name: "filter", code: local },
} as const satisfies Record<Exclude<Target, "istio">, ManifestOptions>;
type Host = keyof typeof least;
const plugins = ["istio-wasm-plugin", "istio-traffic-extension"] as const;

const refusal = (options: ManifestOptions): string => {
  try {
    manifest(options);
  } catch (error) {
    assert.equal((error as Error).name, "ManifestError");
    return (error as Error).message;
  }
  return "it is taken";
};

/** Hosts, an option with a word, and all words that they take there. */
const words: readonly (readonly [
  hosts: readonly Host[],
  option: (word: string) => Partial<ManifestOptions>,
  taken: readonly string[],
])[] = [
  [plugins, (phase) => ({ phase }), ["AUTHN", "AUTHZ", "STATS"]],
  [[...plugins, "envoy-gateway"], (pullPolicy) => ({ pullPolicy }), ["Always", "IfNotPresent"]],
  [
    [...plugins, "envoyfilter", "envoy"],
    (failStrategy) => ({ failStrategy }),
    ["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"],
  ],
  [["envoy-gateway"], (failStrategy) => ({ failStrategy }), ["FAIL_CLOSE", "FAIL_OPEN"]],
  [plugins, (mode) => ({ match: [{ mode, ports: [] }] }), ["CLIENT", "SERVER", "CLIENT_AND_SERVER"]],
  [["envoyfilter"], (context) => ({ context }), ["ANY", "GATEWAY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND"]],
  [
    [...plugins, "envoyfilter"],
    (kind) => ({ targetRefs: [{ ...web, kind }] }),
    ["Gateway", "GatewayClass", "Service", "ServiceEntry"],
  ],
  [
    ["envoy-gateway"],
    (kind) => ({ targetRefs: [{ ...web, kind }] }),
    ["Gateway", "HTTPRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "TLSRoute"],
  ],
];

for (const [hosts, option, taken] of words)
  for (const host of hosts)
    test(`${host}, ${Object.keys(option("")).join()}: ${taken.join(", ")}, and nothing else`, () => {
      for (const word of taken) {
        const text = manifest({ ...least[host], ...option(word) });
        assert.ok(parse(text) !== null, word);
      }
      for (const word of ["", "NONE", taken[0]!.toLowerCase(), `${taken[0]}S`])
        assert.match(refusal({ ...least[host], ...option(word) }), /\.$/, word);
    });

test("each target is written", () => {
  assert.deepEqual([...targets].sort(), ["istio", ...Object.keys(least)].sort());
  for (const target of targets) {
    const options = target === "istio" ? { ...least["istio-wasm-plugin"], target } : least[target];
    assert.match(manifest(options), /^# filter: a Proxy-Wasm plugin \(http\)\./);
  }
});

const held = "allow_on_headers_stop_iteration";

/** Options that a host has no field for, and its sentence. */
const lacking: readonly (readonly [Host, Partial<ManifestOptions>, sentence: string])[] = [
  ...(
    [
      [{ vmConfiguration: "" }, "configuration of the VM"],
      [{ vmId: "" }, "VM id"],
      [{ allowOnHeadersStopIteration: true }, held],
      [{ statsTags: [] }, "tags for metrics"],
      [{ context: "ANY" }, "context (it has --match)"],
    ] as const
  ).flatMap(([options, what]) => [
    ["istio-wasm-plugin" as const, options, `A WasmPlugin has no ${what}; use --for envoyfilter.`] as const,
    [
      "istio-traffic-extension" as const,
      options,
      `A TrafficExtension has no ${what}; use --for envoyfilter.`,
    ] as const,
  ]),
  ["envoyfilter", { phase: "AUTHN" }, "An EnvoyFilter has no phase; it is inserted before the router."],
  ["envoyfilter", { priority: 0 }, "An EnvoyFilter has no priority for its place among filters."],
  ["envoyfilter", { match: [] }, "An EnvoyFilter has no match by mode; it has --context."],
  [
    "envoyfilter",
    { pullPolicy: "Always" },
    "An EnvoyFilter has no pull policy; write a digest into the image's name.",
  ],
  ...(
    [
      [{ selector: { app: "web" } }, "selector; it has --target-ref"],
      [{ phase: "AUTHN" }, "phase; a list of plugins runs in its order"],
      [{ priority: 0 }, "priority; a list of plugins runs in its order"],
      [{ match: [] }, "match; it has --target-ref"],
      [{ context: "ANY" }, "context; it has --target-ref"],
      [{ vmConfiguration: "" }, "configuration of the VM"],
      [{ vmId: "" }, "VM id: each plugin has a VM of its own"],
      [{ allowOnHeadersStopIteration: true }, held],
      [{ statsTags: [] }, "tags for metrics; set them in the EnvoyProxy's bootstrap"],
    ] as const
  ).map(([options, what]) => ["envoy-gateway", options, `An EnvoyExtensionPolicy has no ${what}.`] as const),
  ...(
    [
      [{ namespace: "a" }, "namespace"],
      [{ selector: {} }, "selector"],
      [{ targetRefs: [] }, "targets"],
      [{ phase: "AUTHN" }, "phase: filters run in their order"],
      [{ priority: 0 }, "priority: filters run in their order"],
      [{ match: [] }, "match"],
      [{ context: "ANY" }, "context"],
    ] as const
  ).map(([options, what]) => ["envoy", options, `Envoy's own configuration has no ${what}.`] as const),
];

for (const [host, options, sentence] of lacking)
  test(`${host}: ${sentence}`, () => assert.equal(refusal({ ...least[host], ...options }), sentence));

test("Envoy itself has no policy and no secret of a cluster, and takes any name", () => {
  const url = { kind: "url", url: "http://a.example/x.wasm", sha256: "0f".repeat(32) } as const;
  const ask = (options: Partial<ManifestOptions>): string => refusal({ ...least.envoy, ...options });
  assert.equal(ask({ code: url, name: "My filter" }), "it is taken");
  const has = "Envoy's own configuration has no";
  assert.equal(ask({ code: url, pullPolicy: "Always" }), `${has} pull policy.`);
  assert.equal(ask({ code: { kind: "inline" }, pullSecret: "s" }), `${has} pull secret.`);
});

test("workloads are chosen by labels or by targets, in each of Istio's objects", () => {
  for (const host of [...plugins, "envoyfilter"] as const) {
    const refusalOf = (targetRefs: (typeof web)[]): string =>
      refusal({ ...least[host], selector: { app: "web" }, targetRefs });
    assert.equal(refusalOf([]), "it is taken");
    const sentence = "--selector and --target-ref exclude each other: Istio refuses a plugin that has both.";
    assert.equal(refusalOf([web]), sentence);
  }
});

test("an EnvoyExtensionPolicy has targets, and no selector beside them", () => {
  const without: ManifestOptions = { ...least["istio-wasm-plugin"], target: "envoy-gateway" };
  const needs = "An EnvoyExtensionPolicy needs a target: --target-ref Gateway/NAME or HTTPRoute/NAME.";
  assert.equal(refusal(without), needs);
  assert.equal(refusal({ ...without, selector: { app: "web" } }), needs);
});

test("what is false where a host cannot say it is taken by the hosts that do nothing else", () => {
  for (const host of [...plugins, "envoy-gateway"] as const) {
    const text = manifest({ ...least[host], allowOnHeadersStopIteration: false });
    assert.doesNotMatch(text, new RegExp(held));
  }
});

test("a root id has no zero character in an object of Istio's", () => {
  for (const host of plugins)
    assert.equal(refusal({ ...least[host], rootId: "a\0b" }), "A root id has no zero character.");
  assert.equal(refusal({ ...least["istio-wasm-plugin"], rootId: "a\u0001b" }), "it is taken");
});

test("headers that a module holds need a setting, which two hosts cannot give", () => {
  const facts = {
    ...{ abiVersion: "0.2.1", sdk: "1.0.0", roots: undefined, rootIds: [], hostFunctions: [], flow: true },
    callbacks: ["proxy_on_request_headers"],
  };
  const holding = (holdsHeaders: boolean): Partial<ManifestOptions> => ({
    module: { facts: { ...facts, holdsHeaders }, bytes: new Uint8Array(8), sha256: "0f".repeat(32) },
  });
  const said = (what: string, remedy: string): string =>
    `The module sets holdHeaders, and requests that it holds hang without ${held}, which ${what} cannot set: ${remedy}, or say --no-allow-on-headers-stop-iteration when this configuration holds none.`;
  for (const [host, what, remedy] of [
    ["istio-wasm-plugin", "a WasmPlugin", "use --for envoyfilter"],
    ["istio-traffic-extension", "a TrafficExtension", "use --for envoyfilter"],
    ["envoy-gateway", "an EnvoyExtensionPolicy", "run it in an Envoy of your own"],
  ] as const) {
    const options = { ...least[host], ...holding(true) };
    assert.equal(refusal(options), said(what, remedy));
    assert.equal(refusal({ ...options, allowOnHeadersStopIteration: false }), "it is taken");
    assert.equal(refusal({ ...least[host], ...holding(false) }), "it is taken");
  }
  for (const host of ["envoyfilter", "envoy"] as const)
    for (const [holds, given, written] of [
      [true, undefined, "true"],
      [true, false, "false"],
      [true, true, "true"],
      [false, true, "true"],
      [false, undefined, undefined],
    ] as const) {
      const text = manifest({
        ...{ ...least[host], ...holding(holds) },
        ...(given !== undefined && { allowOnHeadersStopIteration: given }),
      });
      assert.equal(/allow_on_headers_stop_iteration: (\w+)\n/.exec(text)?.[1], written);
    }
});
