/** Options that are refused before anything is written, each with the sentence that says why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManifestError, manifest } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";

const sha256 = "0f".repeat(32);
const image = { kind: "image", image: "registry.example/filter:1" } as const;
const url = { kind: "url", url: "https://files.example/x.wasm" } as const;
const local = { kind: "local", file: "/x.wasm" } as const;
const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };

const base: ManifestOptions = { target: "istio-wasm-plugin", name: "filter", code: image };
const eg: ManifestOptions = { ...base, target: "envoy-gateway", targetRefs: [gateway] };
const ef: ManifestOptions = { ...base, target: "envoyfilter" };
const envoy: ManifestOptions = { ...base, target: "envoy", code: local };

const refused: [options: ManifestOptions, why: RegExp][] = [
  [{ ...base, name: "My_Filter" }, /name "My_Filter" is none for Kubernetes/],
  [{ ...base, name: "a..b" }, /name "a\.\.b" is none/],
  [{ ...base, name: "a.-b" }, /is none for Kubernetes/],
  [{ ...base, name: "x".repeat(254) }, /at most 253/],
  [{ ...eg, name: "my_filter" }, /is none for Kubernetes/],
  [{ ...base, namespace: "x".repeat(64) }, /at most 63/],
  [{ ...base, namespace: "a.b" }, /namespace "a\.b" is none/],
  [{ ...base, code: { ...image, image: "https://files.example/x.wasm" } }, /give it with --url/],
  [{ ...base, code: { ...image, sha256: `sha256:${sha256}` } }, /without "sha256:" before them: (0f)+\.$/],
  [{ ...base, code: { ...image, sha256: sha256.toUpperCase() } }, /64 lower-case hexadecimal digits/],
  [{ ...base, code: { kind: "image", image: `a.b/c@sha256:${"1".repeat(64)}`, sha256 } }, /are different/],
  [{ ...base, code: { kind: "url", url: "ftp://a.b/c" } }, /no http:\/\/ or https:\/\/ address/],
  [{ ...base, code: { ...url, sha256: "12" } }, /64 lower-case/],
  [{ ...base, code: { kind: "local", file: "plugin.wasm" } }, /by its whole path/],
  [{ ...base, code: local, pullSecret: "a" }, /is not fetched/],
  [{ ...base, target: "envoy-gateway", code: local }, /from an image or a web server/],
  [{ ...base, code: { kind: "inline" } }, /from an image or a web server/],
  [{ ...base, phase: "authz" }, /AUTHN, AUTHZ or STATS, and "authz" is not \(the letters' case counts\)/],
  [{ ...base, failStrategy: "FAIL_CLOSED" }, /FAIL_CLOSE, FAIL_OPEN or FAIL_RELOAD/],
  [{ ...base, pullPolicy: "always" }, /Always or IfNotPresent, and "always" is not/],
  [{ ...base, pullSecret: "" }, /1 to 253/],
  [{ ...base, pullSecret: "Reg_Cred" }, /name of a Secret/],
  [{ ...base, pullSecret: "s", code: url }, /takes none/],
  [{ ...base, priority: 1.5 }, /integer of 32 bits/],
  [{ ...base, priority: 2 ** 31 }, /integer of 32 bits/],
  [{ ...base, priority: -(2 ** 31) - 1 }, /integer of 32 bits/],
  [{ ...base, priority: Number.NaN }, /integer of 32 bits/],
  [{ ...base, selector: { app: "w*" } }, /no wildcards/],
  [{ ...base, selector: { "": "x" } }, /has the name of a label/],
  [{ ...base, selector: { "a/b/c": "x" } }, /has the name of a label/],
  [{ ...base, selector: { "-a": "x" } }, /has the name of a label/],
  [{ ...base, selector: { app: "a b" } }, /no value of a label/],
  [{ ...base, selector: { app: "x".repeat(64) } }, /no value of a label/],
  [{ ...base, selector: { app: "web" }, targetRefs: [gateway] }, /exclude each other/],
  [{ ...base, targetRefs: Array(17).fill(gateway) as never }, /At most 16 targets/],
  [{ ...base, targetRefs: [{ ...gateway, kind: "Pod" }] }, /A target is one of Gateway/],
  [{ ...base, targetRefs: [{ ...gateway, name: "Web" }] }, /"Web" is no name of a Gateway/],
  [{ ...base, upstream: { host: "a", port: 1 } }, /for Envoy's own bootstrap/],
  [{ ...base, port: 80 }, /for Envoy's own bootstrap/],
  [{ ...base, match: [{ mode: "server", ports: [] }] }, /CLIENT, SERVER or CLIENT_AND_SERVER/],
  [{ ...base, match: [{ mode: "SERVER", ports: [0] }] }, /1 to 65535/],
  [{ ...base, match: [{ mode: "SERVER", ports: [80, 80] }] }, /names a port twice/],
  [{ ...base, environment: { A: "x".repeat(2049) } }, /more than 2048 characters/],
  [{ ...base, environment: { A: "1" }, hostEnvironment: ["A"] }, /A is given twice/],
  [{ ...base, environment: { "A=B": "1" } }, /no name of an environment variable/],
  [{ ...base, environment: { ISTIO_META_X: "1" } }, /ISTIO_META_ are its own/],
  [{ ...base, rootId: "x".repeat(257) }, /at most 256/],
  [{ ...base, configuration: "text" }, /as JSON, and this is none/],
  [{ ...base, configuration: "[1]" }, /only an object/],
  [{ ...base, configuration: '"x"' }, /only an object/],
  [{ ...base, configuration: '{"a":1,\n"a":2}' }, /a key twice \(line 2\)/],
  [{ ...base, configuration: '{"a":9007199254740993}' }, /9007199254740993 would become 9007199254740992/],
  [{ ...base, configuration: '{"a":0.12345678901234567891}' }, /as doubles/],
  [{ ...eg, configuration: "0.12345678901234567891" }, /but integers of 64 bits on as doubles/],
  [{ ...eg, configuration: "[9223372036854775808]" }, /would become 9223372036854776000/],
  [{ ...eg, configuration: "[9007199254740993.0]" }, /write it as text, "9007199254740993\.0"/],
  [{ ...base, configuration: '{"a":1e999}' }, /1e999 would become Infinity/],
  [{ ...base, point: "service" }, /HTTP and network filters only; a service needs --for envoyfilter/],
  [{ ...base, point: "access-log" }, /needs --for envoyfilter/],
  [{ ...base, vmConfiguration: "x" }, /no configuration of the VM; use --for envoyfilter/],
  [{ ...base, vmId: "x" }, /no VM id/],
  [{ ...base, allowOnHeadersStopIteration: true }, /no allow_on_headers_stop_iteration/],
  [{ ...base, statsTags: ["a"] }, /no tags/],
  [{ ...base, context: "GATEWAY" }, /it has --match/],
  [{ ...base, target: "istio-traffic-extension", vmId: "x" }, /A TrafficExtension has no VM id/],
  [{ ...ef, phase: "AUTHZ" }, /no phase/],
  [{ ...ef, priority: 1 }, /no priority/],
  [{ ...ef, match: [] }, /it has --context/],
  [{ ...ef, pullPolicy: "Always" }, /no pull policy/],
  [{ ...ef, pullSecret: "s" }, /cannot name a pull secret/],
  [{ ...ef, context: "SIDECAR" }, /SIDECAR_INBOUND/],
  [{ ...ef, point: "service" }, /fetches modules only for HTTP and network filters/],
  [{ ...ef, context: "GATEWAY", point: "service", code: local }, /bootstrap, which has no context/],
  [{ ...ef, context: "ANY", point: "stats-sink", code: local }, /bootstrap, which has no context/],
  [{ ...ef, statsTags: ["a=b"] }, /no name of a tag/],
  [{ ...ef, environment: { ISTIO_META_X: "1" } }, /are its own/],
  [{ ...eg, targetRefs: [] }, /needs a target/],
  [{ ...eg, targetRefs: [{ ...gateway, kind: "Service" }] }, /A target is one of Gateway, HTTPRoute/],
  [{ ...eg, point: "tcp" }, /HTTP filters only/],
  [{ ...eg, failStrategy: "FAIL_RELOAD" }, /cannot reload/],
  [{ ...eg, environment: { A: "1" } }, /--env-from-host/],
  [{ ...eg, vmId: "x" }, /has no VM id/],
  [{ ...eg, pullSecret: "s", code: url }, /takes none/],
  [{ ...eg, configuration: "x" }, /as JSON/],
  [{ ...envoy, code: image }, /fetches no images/],
  [{ ...envoy, code: url }, /give --sha256/],
  [{ ...envoy, namespace: "a" }, /no namespace/],
  [{ ...envoy, pullSecret: "a" }, /no pull secret/],
  [{ ...envoy, failStrategy: "FAIL_CLOSED" }, /FAIL_CLOSE/],
  [{ ...envoy, code: { kind: "inline" } }, /needs the module's file/],
];

for (const [options, why] of refused) {
  test(`refused: ${why.source}`, () => {
    assert.throws(
      () => manifest(options),
      (error) => error instanceof ManifestError && why.test(error.message) && /\.$/.test(error.message),
    );
  });
}
