/** The fields of an EnvoyExtensionPolicy: those that the options name, and no others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import type { ManifestOptions } from "../../src/deploy/index.js";
import { manifest } from "../../src/deploy/index.js";
import { gateway, sha256 } from "./support/options.js";

/** The policy's one plugin. */
function plugin(options: Pick<ManifestOptions, "code"> & Partial<ManifestOptions>): unknown {
  const text = manifest({ target: "envoy-gateway", name: "filter", targetRefs: [gateway], ...options });
  const { spec } = parse(text) as { spec: { wasm: unknown[] } };
  assert.equal(spec.wasm.length, 1);
  return spec.wasm[0];
}

test("a plugin from an image has its name without a scheme, and no field that nobody asked for", () =>
  assert.deepEqual(plugin({ code: { kind: "image", image: "oci://registry.example/filter:1" } }), {
    name: "filter",
    code: { type: "Image", image: { url: "registry.example/filter:1" } },
  }));

test("a plugin from a web server has its address and digest, and the names of the proxy's variables", () =>
  assert.deepEqual(
    plugin({
      code: { kind: "url", url: "https://files.example/x.wasm", sha256 },
      hostEnvironment: ["HOME", "POD_NAME"],
      pullPolicy: "Always",
    }),
    {
      name: "filter",
      code: { type: "HTTP", http: { url: "https://files.example/x.wasm", sha256 }, pullPolicy: "Always" },
      env: { hostKeys: ["HOME", "POD_NAME"] },
    },
  ));

test("a plugin has its root id, configuration, secret, and what comes of requests when it fails", () => {
  const code = { kind: "image", image: "registry.example/filter:1", sha256 } as const;
  for (const [failStrategy, failOpen] of [
    ["FAIL_OPEN", true],
    ["FAIL_CLOSE", false],
  ] as const)
    assert.deepEqual(
      plugin({
        code,
        failStrategy,
        rootId: "a",
        pullSecret: "s",
        configuration: '{"n":[1]}',
        pullPolicy: "Always",
      }),
      {
        ...{ name: "filter", rootID: "a", config: { n: [1] }, failOpen },
        code: {
          type: "Image",
          image: { url: "registry.example/filter:1", sha256, pullSecretRef: { name: "s" } },
          pullPolicy: "Always",
        },
      },
    );
});
