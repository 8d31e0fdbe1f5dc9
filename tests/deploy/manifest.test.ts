/** Manifests of modules that are there, and the command that writes them. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import { manifest, moduleFacts } from "../../src/deploy/index.js";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { encodeSection, readSection } from "../../src/module-section.js";
import { moduleOf as emptyModule } from "../oci/support/module.js";
import { type Ended, runCommand } from "../support/commands.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { moduleOf } from "./support/grid.js";
import { base, ef, eg, envoy, image, sha256, url } from "./support/options.js";

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
  for (const [parameters, said] of [
    [["envoy", "--inline"], "envoy -c envoy.yaml"],
    [["istio", "--image", "a.b/c"], "kubectl apply -f envoy.yaml"],
    [["istio-wasm-plugin", "--image", "a.b/c"], "kubectl apply -f envoy.yaml"],
  ] as const)
    assert.equal(cli("--for", ...parameters, "-o", "envoy.yaml").stdout, `Wrote envoy.yaml: ${said}\n`);
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
