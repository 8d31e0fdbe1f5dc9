import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import { ManifestError, configurationText, manifest, moduleFacts } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { changedNumbers } from "../../src/deploy/numbers.js";
import { encodeSection, readSection } from "../../src/module-section.js";
import { moduleOf as emptyModule } from "../oci/support/module.js";
import { type Ended, runCommand } from "../support/commands.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { clusterGrid, moduleOf } from "./support/grid.js";

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

test("a module's digest for an image, and another digest for an address, are refused", async () => {
  const module = moduleOf(await buildExample("hello"));
  assert.throws(() => manifest({ ...base, module, code: { ...image, sha256: module.sha256 } }), {
    message: /is the digest of the module, and for an image/,
  });
  assert.throws(() => manifest({ ...base, module, code: { ...url, sha256 } }), {
    message: new RegExp(`the module, which is ${module.sha256}`),
  });
});

test("a root id that the module does not have, and a filter at the wrong place, are refused", async () => {
  const hello = moduleOf(await buildExample("hello"));
  assert.throws(() => manifest({ ...base, module: hello, rootId: "x" }), {
    message: /no root id "x"; it has ""\.$/,
  });
  assert.throws(() => manifest({ ...base, module: hello, point: "tcp" }), {
    message: /registered as an HTTP filter/,
  });
  const bytes = emptyModule(10);
  const module = { facts: moduleFacts(bytes), bytes, sha256 };
  assert.throws(() => manifest({ ...base, module }), { message: /not a Proxy-Wasm module/ });
});

test("each manifest is the same text to YAML 1.1, which Kubernetes reads, and 1.2", () => {
  for (const { title, options } of clusterGrid()) {
    const text = manifest(options);
    assert.deepEqual(parse(text, { version: "1.1" }), parse(text, { version: "1.2" }), title);
  }
});

test("characters that Go's reader refuses, or folds as ends of lines, are written as escapes", () => {
  const value = { "a\u0085": "x\u007f\u0085\u009b\u2028\u2029\ufeff\uffffy" };
  const options = { target: "istio", name: "a", code: { kind: "image", image: "r.example/a:1" } } as const;
  const text = manifest({ ...options, configuration: JSON.stringify(value) });
  assert.doesNotMatch(text, /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/);
  const { spec } = parse(text) as { spec: { wasm: { pluginConfig: unknown } } };
  assert.deepEqual(spec.wasm.pluginConfig, value);
});

test("an image's address always has its scheme, which Istio otherwise drops in silence", () => {
  const text = manifest({ ...base, code: { kind: "image", image: "127.0.0.1:5000/x:1" } });
  assert.equal((parse(text) as { spec: { url: string } }).spec.url, "oci://127.0.0.1:5000/x:1");
});

test("configurations in YAML are taken where YAML 1.1 and 1.2 agree", () => {
  const read = (text: string): string => configurationText("c.yaml", text);
  assert.equal(
    read('a: 1\nb: ["x", 2.5, null, true]\n"on": "n"\n'),
    '{"a":1,"b":["x",2.5,null,true],"on":"n"}',
  );
  assert.equal(read("big: 9007199254740993\n"), '{"big":9007199254740993}');
  for (const text of ["on: 1\n", "n: 1\n", "a: yes\n", "a: 0777\n", "a: 12:30:00\n", "a: 1_000\n"])
    assert.throws(() => read(text), { name: "ManifestError", message: /put it in quotes/ }, text);
  assert.throws(() => read("a: .inf\n"), { message: /JSON has no number Infinity/ });
  assert.throws(() => read("a: [\n"), { name: "ManifestError" });
  assert.equal(configurationText("c.json", '{"a": 1.0}'), '{"a": 1.0}');
});

test("numbers that a double changes are found, others not", () => {
  const changed = (json: string): string[] => changedNumbers(json).map(({ written }) => written);
  assert.deepEqual(changed('[1, 1.0, 0.1, 1e3, -0, 1E+2, 100000000000000000000, "9007199254740993"]'), []);
  assert.deepEqual(changed("[9007199254740993, 1e400, 3.14159265358979323846]"), [
    "9007199254740993",
    "1e400",
    "3.14159265358979323846",
  ]);
});

test("Envoy Gateway's configuration keeps integers of 64 bits, wherever they stand", () => {
  const written = manifest({
    ...eg,
    configuration:
      '{"id": 9007199254740993, "list": [-9223372036854775808, {"__proto__": 9223372036854775807}], "9007199254740993": "9007199254740993", "one": 1}',
  });
  for (const line of [
    "id: 9007199254740993",
    "- -9223372036854775808",
    '- "__proto__": 9223372036854775807',
    '"9007199254740993": "9007199254740993"',
    "one: 1",
  ])
    assert.ok(
      written.split("\n").some((each) => each.trim() === line),
      `${line}\n${written}`,
    );
});

test("a build leaves the section that manifests are made from", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const section = async (name: string): Promise<unknown> =>
    readSection(new Uint8Array(readFileSync(await buildExample(name))));
  assert.deepEqual(await section("hello"), { sdk: version, http: [""] });
  assert.deepEqual(await section("service-queue"), { sdk: version, plugin: ["fetcher", "filter"] });
  assert.deepEqual(await section("tcp-metrics"), { sdk: version, plugin: [""] });
  const factsOf = async (name: string): Promise<readonly string[]> =>
    moduleFacts(new Uint8Array(readFileSync(await buildExample(name)))).rootIds;
  assert.deepEqual(await factsOf("hello"), []);
  assert.deepEqual(await factsOf("service-queue"), ["fetcher", "filter"]);
  const flow = await section("flow-auth-request");
  assert.equal((flow as { flow?: true }).flow, true);
  assert.equal("holdsHeaders" in (flow as object), false);
});

test("a flow that holds headers gets what this needs, or is refused where the host has it not", async () => {
  const module = moduleOf(await compileFilter("tests/deploy/filters/holds-headers.ts"));
  assert.deepEqual([module.facts.flow, module.facts.holdsHeaders], [true, true]);
  for (const options of [envoy, ef])
    assert.match(manifest({ ...options, module }), /allow_on_headers_stop_iteration: true\n/);
  for (const options of [base, eg, { ...base, target: "istio-traffic-extension" as const }]) {
    assert.throws(() => manifest({ ...options, module }), {
      name: "ManifestError",
      message: /sets holdHeaders, and requests that it holds hang without allow_on_headers_stop_iteration/,
    });
    const known = manifest({ ...options, module, allowOnHeadersStopIteration: false });
    assert.doesNotMatch(known, /allow_on_headers/);
  }
  assert.match(
    manifest({ ...envoy, module, allowOnHeadersStopIteration: false }),
    /allow_on_headers_stop_iteration: false\n/,
  );
});

test("a module of another SDK, which has no section, gets its manifest from its exports", async () => {
  const own = readFileSync(await buildExample("hello"));
  const at = own.indexOf("proxy-wasm-as", 0, "latin1"); // the section's name: with another one it is nobody's
  const bytes = new Uint8Array(own);
  bytes[at] = "x".charCodeAt(0);
  const facts = moduleFacts(bytes);
  assert.deepEqual([facts.sdk, facts.roots, facts.rootIds, facts.flow], [undefined, undefined, [], false]);
  assert.deepEqual(facts.callbacks, ["proxy_on_request_headers", "proxy_on_response_headers"]);
  assert.ok(facts.hostFunctions.includes("proxy_send_local_response"));
  const text = manifest({ ...base, module: { facts, bytes, sha256 }, rootId: "any" });
  const { spec } = parse(text) as { spec: Record<string, unknown> };
  assert.deepEqual([spec["type"], spec["pluginName"]], ["HTTP", "any"]);
  assert.match(text, /^# Module: \d+ bytes, ABI 0\.2\.1\.$/m);
});

test("failures are said in one way, which Envoy insists on, and an empty root id in none", () => {
  for (const options of [envoy, ef]) {
    const text = manifest({ ...options, failStrategy: "FAIL_CLOSE" });
    assert.match(text, /failure_policy: FAIL_CLOSED\n/);
    assert.doesNotMatch(text, /fail_open/);
  }
  assert.doesNotMatch(manifest({ ...base, rootId: "" }), /pluginName/);
});

test("a section that is missing, cut or of somebody else is none", () => {
  const name = Buffer.from("\rproxy-wasm-as");
  const module = (content: Uint8Array): Uint8Array => {
    const length = name.length + content.length;
    return new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 0, length, ...name, ...content]);
  };
  const whole = module(encodeSection({ sdk: "1.0.0", http: [null, "é"], flow: true }));
  assert.deepEqual(readSection(whole), { sdk: "1.0.0", http: [null, "é"], flow: true });
  for (let end = 0; end < whole.length; end++) assert.equal(readSection(whole.subarray(0, end)), undefined);
  for (const text of ["", "{", "null", "[]", '{"sdk":1}', "\xff"])
    assert.equal(readSection(module(Buffer.from(text, "latin1"))), undefined);
});

test("the command writes manifests, and refuses with 1 what it was not given right", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-manifest-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wasm = await buildExample("hello");
  const cli = (...parameters: string[]): Ended =>
    runCommand(["manifest", wasm, ...parameters], { cwd: folder, env: { ...process.env, NODE_OPTIONS: "" } });
  writeFileSync(join(folder, "config.yaml"), 'a: "on"\n');
  const options = ["--config-file", "config.yaml", "--selector", "app=web", "--priority", "5", "-n", "team"];
  const { status, stdout, stderr } = cli(
    ...["--for", "istio", "--istio", "1.29", "--image", "localhost:5000/hello:1", ...options],
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /# A WasmPlugin: Istio 1\.29 has no TrafficExtension/);
  assert.deepEqual(parse(stdout), {
    apiVersion: "extensions.istio.io/v1alpha1",
    kind: "WasmPlugin",
    metadata: { name: "hello", namespace: "team" },
    spec: {
      selector: { matchLabels: { app: "web" } },
      priority: 5,
      url: "oci://localhost:5000/hello:1",
      pluginConfig: { a: "on" },
      failStrategy: "FAIL_RELOAD",
      type: "HTTP",
    },
  });
  const named = cli("--for", "istio", "--file", "/filters/hello.wasm");
  assert.match(
    named.stdout,
    /^# A TrafficExtension, which .* from Istio 1\.30 on: for an older one give --istio 1\.29\.$/m,
  );
  assert.equal(
    (parse(named.stdout) as { spec: { wasm: { url: string } } }).spec.wasm.url,
    "file:///filters/hello.wasm",
  );
  writeFileSync(join(folder, "package.json"), '{"proxyWasm":{"hosts":["istio-1.30","istio-1.28"]}}');
  assert.match(cli("--for", "istio", "--image", "a.b/c").stdout, /Istio 1\.28 has no TrafficExtension/);
  rmSync(join(folder, "package.json"));
  assert.equal(cli("--for", "envoy", "--inline", "-o", "envoy.yaml").status, 0);
  assert.deepEqual(readdirSync(folder).sort(), ["config.yaml", "envoy.yaml"]);
  const cases: [string[], number, RegExp][] = [
    [["--for", "istio"], 1, /in one way: --image, --url or --file\.\n$/],
    [["--for", "istio", "--istio", "1.2x", "--image", "a.b/c"], 1, /A release of Istio is like 1\.30/],
    [["--for", "istio-traffic-extension", "--istio", "1.29", "--image", "a.b/c"], 1, /came with 1\.30/],
    [["--for", "istio", "--file", "plugin.wasm"], 1, /by its whole path/],
    [["--for", "istio", "--inline"], 1, /or a file that is mounted into the proxy/],
    [
      ["--for", "istio", "--image", "a.b/c", "--target-ref", "Gateway/a/b"],
      1,
      /Only Envoy Gateway takes a part/,
    ],
    [["--for", "istio", "--image", "a.b/c", "--url", "http://a.b/c"], 1, /in one way/],
    [["--for", "istio", "--image", "hello:1"], 1, /names no registry/],
    [["--for", "istio", "--url", "oci://a.b/c"], 1, /give it with --image/],
    [["--for", "istio", "--image", "a.b/c", "--priority", "high"], 1, /integer of 32 bits/],
    [["--for", "kong"], 2, /Allowed choices are istio/],
    [["--image", "a.b/c"], 2, /required option '--for/],
    [["--for", "istio", "--image", "a.b/c", "--env", "A"], 2, /NAME=VALUE/],
  ];
  for (const [parameters, code, message] of cases) {
    const result = cli(...parameters);
    assert.equal(result.status, code, result.stderr);
    assert.match(result.stderr, message);
  }
});

test("an access logger without onLog is refused, and one with it is not", async () => {
  const optionsOf = async (path: string): Promise<ManifestOptions> => {
    const bytes = new Uint8Array(readFileSync(path));
    return { ...envoy, point: "access-log", module: { facts: moduleFacts(bytes), bytes, sha256 } };
  };
  const without = await optionsOf(await buildExample("hello"));
  assert.throws(() => manifest(without), /The module has no onLog, the only callback of an access logger/);
  assert.match(manifest(await optionsOf(await buildExample("json-log"))), /envoy\.access_loggers\.wasm/);
});
