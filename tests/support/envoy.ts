/** Tests that run in a real Envoy. */
import type { TestContext } from "node:test";
import { test } from "node:test";
import { join } from "node:path";
import type { Bootstrap, EnvoyOptions, FoundEnvoy } from "../../src/envoy/index.js";
import { Envoy, findEnvoy } from "../../src/envoy/index.js";
import type { EchoHandler, EchoUpstream } from "../../src/echo.js";
import { startEcho } from "../../src/echo.js";
import { envoyVersions } from "../../src/host/envoy-rules.js";
import type { EnvoyVersion } from "../../src/host/envoy-rules.js";
import { root } from "./paths.js";

/** Where test runs keep an Envoy of their own. */
export const envoyCache = join(root, "node_modules", ".cache", "proxy-wasm-as");

/** The variable by which `npm test` tells all test files which Envoy it has found: looking for it starts it. */
const FOUND = "PROXY_WASM_TEST_ENVOY";

/** The Envoy that was found before, unless the variable `ENVOY` names another one since. */
function foundBefore(): FoundEnvoy | undefined {
  const { named, found: before } = JSON.parse(process.env[FOUND] ?? "{}") as {
    named?: string;
    found?: FoundEnvoy;
  };
  return named === process.env["ENVOY"] ? before : undefined;
}

/** The Envoy that tests start, or why there is none. */
export const found = foundBefore() ?? findEnvoy(envoyCache);

/** Tells it to the processes that this one starts. */
export function tellFoundEnvoy(): void {
  process.env[FOUND] = JSON.stringify({ named: process.env["ENVOY"], found });
}

/** Which of the Envoys that the embedded host can be is found; 1.40 where there is none, or another. */
export const envoyVersion: EnvoyVersion =
  envoyVersions.find((version) => found.path !== undefined && found.version.startsWith(`${version}.`)) ??
  "1.40";

/** The Envoys of running tests. */
const started = new Map<TestContext, Envoy[]>();

/** A test that needs Envoy; without one it is skipped with the reason and the remedy. */
export function envoyTest(name: string, body: (t: TestContext) => Promise<void>): void {
  const skip = found.path === undefined ? found.reason : false;
  void test(name, { skip }, async (t) => {
    started.set(t, []);
    try {
      await body(t);
    } catch (error) {
      const logs = started.get(t)!.map((envoy) => `\nThe end of Envoy's log:\n${envoy.lastLog()}`);
      if (error instanceof Error) error.message += logs.join("");
      throw error;
    } finally {
      started.delete(t);
    }
  });
}

/** Starts an Envoy that ends with the test, and must be alive by then. */
export async function startEnvoy(t: TestContext, options: Omit<EnvoyOptions, "envoy">): Promise<Envoy> {
  const envoy = await Envoy.start({
    ...options,
    envoy: found.path!,
    // After a local response to a client that closes, Envoy would wait a second for the client's last bytes.
    connectionManager: { delayed_close_timeout: "0.02s", ...options.connectionManager },
  });
  started.get(t)!.push(envoy);
  t.after(async () => {
    const died = envoy.hasDied;
    const exit = await envoy.stop();
    if (died) throw new Error(`Envoy died (${exit}):\n${envoy.lastLog()}`);
  });
  return envoy;
}

/** Starts an echo upstream that ends with the test. */
export async function startUpstream(t: TestContext, handler?: EchoHandler): Promise<EchoUpstream> {
  const upstream = await startEcho(handler);
  t.after(() => upstream.close());
  return upstream;
}

/** Lets trailers pass from and to HTTP/1 upstreams, which Envoy does not by itself. */
export function passTrailers(config: Bootstrap): void {
  for (const cluster of config.static_resources.clusters) {
    cluster.typed_extension_protocol_options ??= {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config: { http_protocol_options: { enable_trailers: true } },
      },
    };
  }
}
