/** Each target fetches the module that is named, and checks its digest: a manifest that loses it takes whatever a server gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { manifest } from "../../src/deploy/index.js";
import type { Code, ManifestOptions } from "../../src/deploy/index.js";

const sha256 = "0f".repeat(32);
const image: Code = { kind: "image", image: "oci://registry.example/filter:1", sha256 };
const url: Code = { kind: "url", url: "https://files.example/x.wasm", sha256 };
const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };

const specOf = (options: ManifestOptions): Record<string, unknown> =>
  (parse(manifest(options)) as { spec: Record<string, unknown> }).spec;

test("Envoy Gateway: an image with its pull secret, a file of a web server", () => {
  const codeOf = (code: Code, pullSecret?: string): unknown => {
    const spec = specOf({
      ...{ target: "envoy-gateway", name: "filter", targetRefs: [gateway], code },
      ...(pullSecret !== undefined && { pullSecret }),
      pullPolicy: "Always",
    });
    return (spec["wasm"] as { code: unknown }[])[0]!.code;
  };
  const address = "registry.example/filter:1";
  assert.deepEqual(codeOf(image, "regcred"), {
    ...{ type: "Image", pullPolicy: "Always" },
    image: { url: address, sha256, pullSecretRef: { name: "regcred" } },
  });
  assert.deepEqual(codeOf(image), {
    ...{ type: "Image", pullPolicy: "Always" },
    image: { url: address, sha256 },
  });
  assert.deepEqual(codeOf(url), {
    ...{ type: "HTTP", pullPolicy: "Always" },
    http: { url: "https://files.example/x.wasm", sha256 },
  });
});

test("Istio: an image by its name, a file of a web server, each with its digest", () => {
  for (const [code, address] of [
    [image, "oci://registry.example/filter:1"],
    [url, "https://files.example/x.wasm"],
  ] as const) {
    const plugin = specOf({ target: "istio-wasm-plugin", name: "filter", code });
    assert.deepEqual([plugin["url"], plugin["sha256"]], [address, sha256]);
    const { wasm } = specOf({ target: "istio-traffic-extension", name: "filter", code }) as {
      wasm: Record<string, unknown>;
    };
    assert.deepEqual([wasm["url"], wasm["sha256"]], [address, sha256]);
  }
});
