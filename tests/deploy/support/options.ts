/** What manifests are made of in tests: where modules are, and the least that each host takes. */
import type { ManifestOptions } from "../../../src/deploy/index.js";

export const sha256 = "0f".repeat(32);
export const image = { kind: "image", image: "registry.example/filter:1" } as const;
export const url = { kind: "url", url: "https://files.example/x.wasm" } as const;
export const local = { kind: "local", file: "/x.wasm" } as const;
export const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };

export const base: ManifestOptions = { target: "istio-wasm-plugin", name: "filter", code: image };
export const eg: ManifestOptions = { ...base, target: "envoy-gateway", targetRefs: [gateway] };
export const ef: ManifestOptions = { ...base, target: "envoyfilter" };
export const envoy: ManifestOptions = { ...base, target: "envoy", code: local };
