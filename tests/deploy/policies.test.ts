/** What becomes of requests after a trap: what each policy does in Envoy, and which one this package hands out. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { manifest } from "../../src/deploy/index.js";
import type { Envoy, WasmPlugin } from "../../src/envoy/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { pass } from "../support/wait.js";

const TRAP = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Trap extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.headers.equals(":path", "/trap")) unreachable();
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Trap>();
`;

async function statusOf(envoy: Envoy, path: string): Promise<number> {
  return (await request(envoy.port, { path })).status;
}

/** Milliseconds from a trap to the first request that is answered with 200; undefined after three seconds of 503. */
async function recovery(envoy: Envoy): Promise<number | undefined> {
  assert.equal(await statusOf(envoy, "/trap"), 503);
  for (
    const trapped = performance.now();
    performance.now() - trapped < 3000;
    await pass(5, "between two requests")
  ) {
    const status = await statusOf(envoy, "/");
    if (status === 200) return performance.now() - trapped;
    assert.equal(status, 503);
  }
  return undefined;
}

for (const [policy, least, most] of [
  [{ failurePolicy: "FAIL_CLOSED" }, undefined, undefined],
  [{ failurePolicy: "FAIL_OPEN" }, 0, 500],
  [{ failurePolicy: "FAIL_RELOAD" }, 500, 2900],
  [{ failurePolicy: "FAIL_RELOAD", reloadBackoff: 100 }, 20, 700],
] as const satisfies readonly (readonly [Partial<WasmPlugin>, number | undefined, number | undefined])[])
  envoyTest(`a trap under ${JSON.stringify(policy)}`, async (t) => {
    const wasm = await compileFilterText(TRAP, { options: ["--use", "PROXY_WASM_TRAPS=1"] });
    const envoy = await startEnvoy(t, { filters: [{ wasm, name: "trap", ...policy }] });
    assert.equal(await statusOf(envoy, "/"), 200);
    const took = await recovery(envoy);
    if (most === undefined) return assert.equal(took, undefined);
    assert.ok(took !== undefined && took >= least && took <= most, `well again after ${took} ms`);
    // With FAIL_OPEN the filter is gone: what would trap passes, too.
    const again = await statusOf(envoy, "/trap");
    assert.equal(again, policy.failurePolicy === "FAIL_OPEN" ? 200 : 503);
  });

/** Each object of a configuration that is a plugin's, with the type of what stands around it. */
function pluginsIn(value: unknown, type = ""): { type: string; config: Record<string, unknown> }[] {
  if (typeof value !== "object" || value === null) return [];
  const own = value as Record<string, unknown>;
  const here = typeof own["@type"] === "string" ? own["@type"] : type;
  const found = "vm_config" in own ? [{ type: here, config: own }] : [];
  return [...found, ...Object.values(own).flatMap((part) => pluginsIn(part, here))];
}

/** Fails unless each plugin but services, which Envoy does not start anew, is reloaded after a tenth of a second. */
function assertReloads(configuration: unknown, what: string): void {
  const plugins = pluginsIn(configuration);
  assert.ok(plugins.length > 0, what);
  for (const { type, config } of plugins) {
    const isService = type.endsWith(".WasmService");
    assert.equal(config["failure_policy"], isService ? undefined : "FAIL_RELOAD", what);
    const reload = isService ? undefined : { backoff: { base_interval: "0.1s" } };
    assert.deepEqual(config["reload_config"], reload, what);
  }
}

test("templates' and examples' envoy.yaml start a filter anew after a trap", () => {
  const files = ["templates", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !["common", "node_modules"].includes(entry.name))
      .map((entry) => join(root, folder, entry.name, "envoy.yaml")),
  );
  assert.ok(files.length > 30);
  for (const file of files) assertReloads(parse(readFileSync(file, "utf8")), file);
});

test("manifests do so, unless told otherwise, where the host can", () => {
  const code = { kind: "local", file: "/plugin.wasm" } as const;
  const image = { kind: "image", image: "registry.example/filter:1" } as const;
  for (const point of ["http", "tcp", "access-log", "service", "stats-sink"] as const)
    for (const target of ["envoy", "envoyfilter"] as const)
      assertReloads(parse(manifest({ target, point, code, name: "a" })), `${target} ${point}`);
  const istio: ManifestOptions = { target: "istio-wasm-plugin", code: image, name: "a" };
  assert.match(manifest(istio), /failStrategy: FAIL_RELOAD\n/);
  assert.match(manifest({ ...istio, target: "istio-traffic-extension" }), /failStrategy: FAIL_RELOAD\n/);
  assert.match(manifest({ ...istio, failStrategy: "FAIL_CLOSE" }), /failStrategy: FAIL_CLOSE\n/);
  assert.doesNotMatch(manifest({ ...istio, failStrategy: "FAIL_CLOSE" }), /FAIL_RELOAD\n/);
  const target = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };
  assert.doesNotMatch(manifest({ ...istio, target: "envoy-gateway", targetRefs: [target] }), /failOpen/);
  const service: ManifestOptions = { target: "envoy", point: "service", code, name: "a" };
  for (const failStrategy of ["FAIL_RELOAD", "FAIL_OPEN"])
    assert.throws(() => manifest({ ...service, failStrategy }), /no policy starts a service anew/);
});
