/**
 * Manifests for the hosts of modules.
 *
 * @module
 */
import { check, checkRelease } from "./checks.js";
import { ManifestError } from "./error.js";
import { envoy } from "./envoy.js";
import { envoyFilter } from "./envoy-filter.js";
import { envoyGateway } from "./envoy-gateway.js";
import { istio } from "./istio.js";
import type { Exact, ManifestOptions, Point, Target } from "./options.js";
import { exactTarget, pointOf } from "./options.js";
import { sentConfiguration } from "./sent.js";
import type { Start } from "./sent.js";

/** How a manifest is put to use. */
export const apply: Readonly<Record<Target, string>> = {
  istio: "kubectl apply -f FILE",
  "istio-traffic-extension": "kubectl apply -f FILE (Istio 1.30 and later)",
  "istio-wasm-plugin": "kubectl apply -f FILE",
  envoyfilter: "kubectl apply -f FILE",
  "envoy-gateway": "kubectl apply -f FILE",
  envoy: "envoy -c FILE",
};

/** Makes a manifest. Throws `ManifestError` when it would not do what the options say. */
export function manifest(given: ManifestOptions): string {
  const { options, point } = settled(given);
  const head = heading(options, point);
  switch (options.target) {
    case "istio-wasm-plugin":
    case "istio-traffic-extension":
      return istio(options, point, head);
    case "envoyfilter":
      return envoyFilter(options, point, head);
    case "envoy-gateway":
      return envoyGateway(options, head);
    case "envoy":
      return envoy(options, point, head);
  }
}

/** How the host that reads this manifest starts the plugin. Throws as `manifest` does. */
export function startOf(given: ManifestOptions): Start {
  const { options, point } = settled(given);
  return {
    point,
    rootId: options.rootId ?? "",
    configuration: sentConfiguration(options.target, options.configuration),
    vmConfiguration: options.vmConfiguration ?? "",
    vmId: options.vmId ?? "",
    environment: options.environment ?? {},
    hostEnvironment: options.hostEnvironment ?? [],
  };
}

/** Options with the object that is written. */
type Settled = ManifestOptions & { readonly target: Exact; readonly chosen: boolean };

/** The options with what follows from the module and from each other, checked. */
function settled(asked: ManifestOptions): { options: Settled; point: Point } {
  checkRelease(asked);
  const target = exactTarget(asked.target, asked.istio);
  const given: Settled = { ...asked, target, chosen: asked.target === "istio" };
  const { module } = given;
  // A module digest where a manifest's belongs makes each fetch fail.
  if (module !== undefined && given.code.kind === "image" && given.code.sha256 === module.sha256)
    throw new ManifestError(
      "--sha256 is the digest of the module, and for an image Istio and Envoy Gateway compare that of its manifest: proxy-wasm-as push and pull --inspect print it.",
    );
  if (
    module !== undefined &&
    given.code.kind === "url" &&
    given.code.sha256 !== undefined &&
    given.code.sha256 !== module.sha256
  )
    throw new ManifestError(
      `--sha256 is not the digest of the module, which is ${module.sha256}; each fetch would fail.`,
    );
  const rooted = withHeldHeaders(withOnlyRoot(given));
  const point = pointOf(rooted);
  const options = withReload(rooted, point);
  check(options, point);
  return { options, point };
}

/** A module with one plugin needs no root id in the call. */
export function withOnlyRoot<Options extends ManifestOptions>(options: Options): Options {
  const roots = options.module?.facts.roots;
  if (options.rootId !== undefined || roots?.length !== 1 || roots[0]!.rootId === "") return options;
  return { ...options, rootId: roots[0]!.rootId };
}

/** Gives a module that holds headers the setting that this needs, if the host has one; `check` refuses the others. */
function withHeldHeaders(options: Settled): Settled {
  const { module, target, allowOnHeadersStopIteration: given } = options;
  const able = target === "envoy" || target === "envoyfilter";
  if (module?.facts.holdsHeaders !== true || !able || given !== undefined) return options;
  return { ...options, allowOnHeadersStopIteration: true };
}

/**
 * After a trap, a new VM: else one bug, or one client that has found it, takes the plugin away until somebody acts. Envoy
 * starts no service anew, and Envoy Gateway has no word for it.
 */
function withReload(options: Settled, point: Point): Settled {
  if (options.failStrategy !== undefined || options.target === "envoy-gateway" || point === "service")
    return options;
  return { ...options, failStrategy: "FAIL_RELOAD" };
}

function heading(options: Settled, point: Point): string {
  const { code, module, target } = options;
  const lines = [`${options.name}: a Proxy-Wasm plugin (${point}). ${apply[target]}`];
  if (options.chosen)
    lines.push(
      target === "istio-traffic-extension"
        ? `A TrafficExtension, which takes the place of WasmPlugin from Istio 1.30 on${options.istio === undefined ? ": for an older one give --istio 1.29" : ""}.`
        : `A WasmPlugin: Istio ${options.istio} has no TrafficExtension, which takes its place from 1.30 on.`,
    );
  if (module !== undefined) {
    const { facts, bytes } = module;
    const sdk = facts.sdk === undefined ? "" : `, proxy-wasm-as ${facts.sdk}`;
    lines.push(`Module: ${bytes.length} bytes, ABI ${facts.abiVersion}${sdk}.`);
    if (facts.flow)
      lines.push(
        "It waits for other services before it answers: routes need a timeout that covers both (Envoy's is 15 s).",
      );
    if (facts.hostFunctions.includes("proxy_http_call") || facts.hostFunctions.includes("proxy_grpc_call"))
      lines.push(
        target.startsWith("istio") || target === "envoyfilter"
          ? "It calls clusters by name; Istio's are like outbound|80||service.namespace.svc.cluster.local."
          : "It calls clusters by name: they must be configured.",
      );
  }
  const isFetched = code.kind === "image" || code.kind === "url";
  const isNamed = code.kind === "image" && code.image.includes("@sha256:");
  if (isFetched && code.sha256 === undefined && !isNamed)
    lines.push(
      "The module is not pinned: with a digest (--sha256, or NAME@sha256:…) each proxy runs the same bytes.",
    );
  return lines.join("\n");
}
