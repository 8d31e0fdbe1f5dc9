/** Options of manifests, in all combinations that make sense. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Code, ManifestOptions, Point, Target, TargetRef } from "../../../src/deploy/index.js";
import { moduleFacts } from "../../../src/deploy/index.js";

const sha256 = "0123456789abcdef".repeat(4);
const configuration = JSON.stringify({ on: "n", y: true, deep: [1, 2.5, { "12:30": "0777" }], empty: null });

export const codes: Code[] = [
  { kind: "image", image: "registry.example:5000/team/filter:1.0.0" },
  { kind: "image", image: `registry.example/filter@sha256:${sha256}`, sha256 },
  { kind: "url", url: "https://files.example/plugin.wasm" },
  { kind: "url", url: "http://files.example:8080/a/plugin.wasm", sha256 },
];

const local: Code = { kind: "local", file: "/etc/envoy/plugin.wasm" };
const bare = {};
const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };

const istio: Partial<ManifestOptions>[] = [
  bare,
  { selector: { app: "on" }, phase: "AUTHZ", priority: -10, configuration, failStrategy: "FAIL_RELOAD" },
  {
    namespace: "istio-system",
    targetRefs: [gateway],
    phase: "STATS",
    match: [
      { mode: "SERVER", ports: [80, 8080] },
      { mode: "CLIENT", ports: [] },
    ],
    environment: { MODE: "yes", EMPTY: "" },
    hostEnvironment: ["POD_NAME"],
    pullPolicy: "Always",
    failStrategy: "FAIL_OPEN",
  },
];

/** Ambient: a waypoint, services behind it, and all waypoints from the root namespace. */
const waypoints: TargetRef[][] = [
  [{ ...gateway, name: "waypoint" }],
  [
    { group: "", kind: "Service", name: "web" },
    { group: "", kind: "Service", name: "cart" },
  ],
  [{ group: "networking.istio.io", kind: "ServiceEntry", name: "outside" }],
];

const envoyFilter: Partial<ManifestOptions>[] = [
  bare,
  {
    namespace: "istio-system",
    selector: { app: "web" },
    context: "SIDECAR_INBOUND",
    configuration: "any text: yes\n",
    vmConfiguration: "vm",
    vmId: "vm",
    failStrategy: "FAIL_RELOAD",
    statsTags: ["method", "status"],
    environment: { MODE: "off" },
  },
  { context: "GATEWAY", configuration, hostEnvironment: ["HOME"] },
];

export interface Entry {
  readonly title: string;
  readonly options: ManifestOptions;
}

/** All entries but those for Envoy itself, which want files that are there. */
export function clusterGrid(): Entry[] {
  const entries: Entry[] = [];
  const add = (target: Target, point: Point, code: Code, more: Partial<ManifestOptions>): void => {
    const what = `${code.kind}${"sha256" in code ? "+sha256" : ""}`;
    const title = `${target} ${point} ${what} ${Object.keys(more).join("+")}`;
    entries.push({ title, options: { target, point, code, name: "my-filter", ...more } });
  };
  for (const target of ["istio-wasm-plugin", "istio-traffic-extension"] as const)
    for (const point of ["http", "tcp"] as const)
      for (const code of [...codes, local])
        for (const more of istio) {
          if (code !== local || more.pullPolicy === undefined) add(target, point, code, more);
        }
  for (const targetRefs of waypoints)
    add("istio", "http", codes[1]!, { targetRefs, istio: "1.30", configuration });
  for (const more of envoyFilter) {
    const without = (...names: string[]): Partial<ManifestOptions> =>
      Object.fromEntries(Object.entries(more).filter(([name]) => !names.includes(name)));
    // A bootstrap has no context, and no service is started anew.
    const special: Partial<Record<Point, Partial<ManifestOptions>>> = {
      service: without("context", "failStrategy"),
      "stats-sink": without("context"),
    };
    for (const point of ["http", "tcp"] as const)
      for (const code of codes) add("envoyfilter", point, code, more);
    for (const point of ["http", "tcp", "access-log", "service", "stats-sink"] as const)
      add("envoyfilter", point, local, special[point] ?? more);
  }
  for (const code of codes) {
    add("envoy-gateway", "http", code, { targetRefs: [gateway] });
    add("envoy-gateway", "http", code, {
      targetRefs: [{ ...gateway, kind: "HTTPRoute", sectionName: "admin" }],
      rootId: "off",
      configuration: '[1, {"on": "n"}]',
      failStrategy: "FAIL_OPEN",
      hostEnvironment: ["HOME"],
      pullPolicy: "IfNotPresent",
      ...(code.kind === "image" && { pullSecret: "regcred" }),
    });
  }
  return entries;
}

/** A module's file as options want it. */
export function moduleOf(file: string): NonNullable<ManifestOptions["module"]> {
  const bytes = new Uint8Array(readFileSync(file));
  return { facts: moduleFacts(bytes), bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}
