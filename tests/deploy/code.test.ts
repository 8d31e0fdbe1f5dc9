/** Each target fetches the module that is named, and checks its digest: a manifest that loses it takes whatever a server gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { manifest } from "../../src/deploy/index.js";
import type { Code, ManifestOptions } from "../../src/deploy/index.js";
import { gateway, sha256 } from "./support/options.js";

const image: Code = { kind: "image", image: "oci://registry.example/filter:1", sha256 };
const url: Code = { kind: "url", url: "https://files.example/x.wasm", sha256 };

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

test("Envoy: the cluster of a web server has its host, its port, and TLS where the address says so", () => {
  for (const [address, type, host, port, isTls] of [
    ["https://a.example/x.wasm", "STRICT_DNS", "a.example", 443, true],
    ["https://a.example:8443/x.wasm", "STRICT_DNS", "a.example", 8443, true],
    ["http://a.example/x.wasm", "STRICT_DNS", "a.example", 80, false],
    ["http://127.0.0.1:81/x.wasm", "STATIC", "127.0.0.1", 81, false],
    ["https://[::1]:444/x.wasm", "STATIC", "::1", 444, true],
  ] as const) {
    const code = { kind: "url", url: address, sha256 } as const;
    const { static_resources } = parse(manifest({ target: "envoy", name: "filter", code })) as {
      static_resources: { clusters: Record<string, unknown>[] };
    };
    const [cluster, ...more] = static_resources.clusters;
    assert.equal(more.length, 0);
    assert.deepEqual([cluster!["name"], cluster!["type"]], ["wasm_code", type]);
    const socket_address = { address: host, port_value: port };
    assert.deepEqual(cluster!["load_assignment"], {
      cluster_name: "wasm_code",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address } } }] }],
    });
    const socket = cluster!["transport_socket"] as { typed_config: { sni: string } } | undefined;
    assert.equal(socket?.typed_config.sni, isTls ? host : undefined);
  }
});
