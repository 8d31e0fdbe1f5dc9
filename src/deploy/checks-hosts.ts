/**
 * Checks for options for which one host has no field, or which it drops in silence.
 *
 * @module
 */
import { fail } from "./error.js";
import type { ManifestOptions, Point } from "./options.js";

/** WasmPlugin and TrafficExtension. */
export function checkIstio(options: ManifestOptions, point: Point): void {
  const { target, phase, pullPolicy, rootId } = options;
  const kind = target === "istio-wasm-plugin" ? "WasmPlugin" : "TrafficExtension";
  if (point !== "http" && point !== "tcp")
    fail(`A ${kind} runs HTTP and network filters only; a ${point} needs --for envoyfilter.`);
  if (phase !== undefined && !["AUTHN", "AUTHZ", "STATS"].includes(phase))
    fail(`A phase is AUTHN, AUTHZ or STATS, and ${JSON.stringify(phase)} is not (the letters' case counts).`);
  checkPull(pullPolicy);
  if (rootId?.includes("\0") === true) fail("A root id has no zero character.");
  checkHeld(options, `a ${kind}`, "use --for envoyfilter");
  const lacking: [unknown, string][] = [
    [options.vmConfiguration, "no configuration of the VM"],
    [options.vmId, "no VM id"],
    [options.allowOnHeadersStopIteration || undefined, "no allow_on_headers_stop_iteration"],
    [options.statsTags, "no tags for metrics"],
    [options.context, "no context (it has --match)"],
  ];
  for (const [given, what] of lacking)
    if (given !== undefined) fail(`A ${kind} has ${what}; use --for envoyfilter.`);
  checkEnvironment(options);
  checkIstioRefs(options);
}

/** Flows that hold headers hang where the host cannot be told to hand on bodies meanwhile. */
function checkHeld(
  { module, allowOnHeadersStopIteration: given }: ManifestOptions,
  what: string,
  remedy: string,
): void {
  if (module?.facts.holdsHeaders === true && given === undefined)
    fail(
      `The module sets holdHeaders, and requests that it holds hang without allow_on_headers_stop_iteration, which ${what} cannot set: ${remedy}, or say --no-allow-on-headers-stop-iteration when this configuration holds none.`,
    );
}

function checkPull(policy: string | undefined): void {
  if (policy !== undefined && !["Always", "IfNotPresent"].includes(policy))
    fail(
      `A pull policy is Always or IfNotPresent, and ${JSON.stringify(policy)} is not (the letters' case counts).`,
    );
}

/** The targets of Istio's objects. */
function checkIstioRefs(options: ManifestOptions): void {
  checkRefs(options, ["Gateway", "GatewayClass", "Service", "ServiceEntry"]);
  if (options.selector !== undefined && (options.targetRefs ?? []).length > 0)
    fail("--selector and --target-ref exclude each other: Istio refuses a plugin that has both.");
}

function checkRefs({ targetRefs = [] }: ManifestOptions, kinds: readonly string[]): void {
  for (const { kind } of targetRefs)
    if (!kinds.includes(kind)) fail(`A target is one of ${kinds.join(", ")}, not ${JSON.stringify(kind)}.`);
}

export function checkEnvoyFilter(options: ManifestOptions, point: Point): void {
  const { context, code } = options;
  if (context !== undefined && !["ANY", "GATEWAY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND"].includes(context))
    fail(
      `A context is ANY, GATEWAY, SIDECAR_INBOUND or SIDECAR_OUTBOUND, and ${JSON.stringify(context)} is not.`,
    );
  if (context !== undefined && (point === "service" || point === "stats-sink"))
    fail(`A ${point} is part of the bootstrap, which has no context; choose the workloads with --selector.`);
  const lacking: [unknown, string][] = [
    [options.phase, "phase; it is inserted before the router"],
    [options.priority, "priority for its place among filters"],
    [options.match, "match by mode; it has --context"],
    [options.pullPolicy, "pull policy; write a digest into the image's name"],
  ];
  for (const [given, what] of lacking) if (given !== undefined) fail(`An EnvoyFilter has no ${what}.`);
  if (options.pullSecret !== undefined)
    fail(
      "An EnvoyFilter cannot name a pull secret: the proxy's agent pulls with the docker configuration in its own container. Use --for istio, or mount one there.",
    );
  if (code.kind !== "inline" && code.kind !== "local" && point !== "http" && point !== "tcp")
    fail(
      "Istio's agent fetches modules only for HTTP and network filters; for access loggers, services and stats sinks mount the file into the proxy and give --file, or --inline.",
    );
  checkIstioRefs(options);
  checkEnvironment(options);
}

function checkEnvironment({ environment = {} }: ManifestOptions): void {
  for (const name of Object.keys(environment))
    if (name.startsWith("ISTIO_META_"))
      fail(`Istio's agent takes ${name} out: names that begin with ISTIO_META_ are its own.`);
}

export function checkGateway(options: ManifestOptions, point: Point): void {
  if (point !== "http") fail(`An EnvoyExtensionPolicy runs HTTP filters only, not a ${point}.`);
  if ((options.targetRefs ?? []).length === 0)
    fail("An EnvoyExtensionPolicy needs a target: --target-ref Gateway/NAME or HTTPRoute/NAME.");
  checkRefs(options, ["Gateway", "HTTPRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "TLSRoute"]);
  checkPull(options.pullPolicy);
  if (options.failStrategy === "FAIL_RELOAD")
    fail("Envoy Gateway knows FAIL_OPEN and FAIL_CLOSE only; it cannot reload a plugin that trapped.");
  checkHeld(options, "an EnvoyExtensionPolicy", "run it in an Envoy of your own");
  const lacking: [unknown, string][] = [
    [options.selector, "selector; it has --target-ref"],
    [options.phase, "phase; a list of plugins runs in its order"],
    [options.priority, "priority; a list of plugins runs in its order"],
    [options.match, "match; it has --target-ref"],
    [options.context, "context; it has --target-ref"],
    [options.vmConfiguration, "configuration of the VM"],
    [options.vmId, "VM id: each plugin has a VM of its own"],
    [options.allowOnHeadersStopIteration || undefined, "allow_on_headers_stop_iteration"],
    [options.statsTags, "tags for metrics; set them in the EnvoyProxy's bootstrap"],
  ];
  for (const [given, what] of lacking)
    if (given !== undefined) fail(`An EnvoyExtensionPolicy has no ${what}.`);
  if (Object.keys(options.environment ?? {}).length > 0)
    fail(
      "An EnvoyExtensionPolicy passes on variables of the proxy's environment only: --env-from-host NAME.",
    );
}

export function checkEnvoy(options: ManifestOptions): void {
  const lacking: [unknown, string][] = [
    [options.namespace, "namespace"],
    [options.selector, "selector"],
    [options.targetRefs, "targets"],
    [options.phase, "phase: filters run in their order"],
    [options.priority, "priority: filters run in their order"],
    [options.match, "match"],
    [options.context, "context"],
    [options.pullPolicy, "pull policy"],
    [options.pullSecret, "pull secret"],
  ];
  for (const [given, what] of lacking)
    if (given !== undefined) fail(`Envoy's own configuration has no ${what}.`);
}
