/**
 * What hosts refuse, or take and then drop in silence.
 *
 * @module
 */
import { ManifestError } from "./error.js";
import type { ManifestOptions, Point } from "./options.js";

const digest = /^[0-9a-f]{64}$/;
const label = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

function fail(message: string): never {
  throw new ManifestError(message);
}

/** Throws `ManifestError` with a sentence when a manifest with these options would not do what they say. */
export function check(options: ManifestOptions, point: Point): void {
  const { target, name, namespace } = options;
  if (!label.test(name) || name.length > 253)
    fail(
      `The name ${JSON.stringify(name)} is none for Kubernetes: lower-case letters, digits, "-" and ".", at most 253.`,
    );
  if (
    namespace !== undefined &&
    (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(namespace) || namespace.length > 63)
  )
    fail(
      `The namespace ${JSON.stringify(namespace)} is none: lower-case letters, digits and "-", at most 63.`,
    );
  checkRoot(options, point);
  checkCode(options);
  checkValues(options);
  if (target === "envoy") checkEnvoy(options);
  else if (target === "envoyfilter") checkEnvoyFilter(options);
  else if (target === "envoy-gateway") checkGateway(options, point);
  else checkIstio(options, point);
}

function checkRoot({ module, rootId }: ManifestOptions, point: Point): void {
  if (module === undefined) return;
  const { facts } = module;
  if (facts.abiVersion === undefined)
    fail(
      "The module exports no proxy_abi_version_…, so no host would load it: it is not a Proxy-Wasm module.",
    );
  const { roots } = facts;
  if (roots === undefined || roots.length === 0) return;
  const known = roots.map((root) => JSON.stringify(root.rootId)).join(", ");
  const root = roots.find((each) => each.rootId === (rootId ?? ""));
  if (root === undefined)
    fail(
      rootId === undefined
        ? `The module serves no empty root id, so it would refuse its configuration; choose one with --root-id: ${known}.`
        : `The module registers no root id ${JSON.stringify(rootId)}; it has ${known}.`,
    );
  // What registerPlugin registers may make streams of either kind.
  const wrong =
    (point === "http" && root.kind === "tcp") ||
    (point === "tcp" && root.kind === "http") ||
    ((point === "service" || point === "stats-sink") && root.kind !== "plugin");
  if (wrong)
    fail(
      `${JSON.stringify(root.rootId)} is registered as ${root.kind === "http" ? "an HTTP" : "a TCP"} filter, so as ${point} it would do nothing.`,
    );
}

function checkCode({ target, code }: ManifestOptions): void {
  if (code.kind === "image") {
    if (target === "envoy")
      fail(
        "Envoy itself fetches no images: pull the module (proxy-wasm-as pull) and give --file, --inline or --url with --sha256.",
      );
    if (/^https?:\/\//.test(code.image))
      fail(`${code.image} is an address, not an image: give it with --url.`);
    if (code.sha256?.startsWith("sha256:") === true)
      fail(`sha256 is 64 hexadecimal digits without "sha256:" before them: ${code.sha256.slice(7)}.`);
    if (code.sha256 !== undefined && !digest.test(code.sha256))
      fail(`sha256 is 64 lower-case hexadecimal digits, and ${JSON.stringify(code.sha256)} is not.`);
    const inName = /@sha256:([0-9a-f]{64})$/.exec(code.image)?.[1];
    if (inName !== undefined && code.sha256 !== undefined && inName !== code.sha256)
      fail("The digest in the image's name and --sha256 are different; the fetch would fail.");
  } else if (code.kind === "url") {
    if (!/^https?:\/\/[^/]+\/./.test(code.url))
      fail(`${JSON.stringify(code.url)} is no http:// or https:// address of a file.`);
    if (code.sha256 !== undefined && !digest.test(code.sha256))
      fail(
        `sha256 is 64 lower-case hexadecimal digits without "sha256:" before them, and ${JSON.stringify(code.sha256)} is not.`,
      );
    if (target === "envoy" && code.sha256 === undefined)
      fail("Envoy wants the digest of what it fetches: give --sha256, the sha256 of the module itself.");
  } else if (target !== "envoy" && target !== "envoyfilter") {
    fail(`${target} takes the module from an image or a web server: give --image or --url.`);
  }
}

function checkValues(options: ManifestOptions): void {
  const {
    priority,
    environment = {},
    hostEnvironment = [],
    rootId,
    match = [],
    selector,
    targetRefs = [],
  } = options;
  if (priority !== undefined && (!Number.isInteger(priority) || priority < -(2 ** 31) || priority >= 2 ** 31))
    fail(`A priority is an integer of 32 bits, and ${priority} is not.`);
  const names = [...Object.keys(environment), ...hostEnvironment];
  for (const name of names) {
    if (name === "" || name.length > 256 || /[=\0]/.test(name))
      fail(
        `${JSON.stringify(name)} is no name of an environment variable, with 1 to 256 characters and no "=".`,
      );
    if (names.indexOf(name) !== names.lastIndexOf(name))
      fail(`The environment variable ${name} is given twice.`);
    if ((environment[name] ?? "").length > 2048) fail(`The value of ${name} has more than 2048 characters.`);
  }
  if (names.length > 256) fail("At most 256 environment variables can be given.");
  for (const tag of options.statsTags ?? [])
    if (!/^[^;=]+$/.test(tag)) fail(`${JSON.stringify(tag)} is no name of a tag: it has no ";" and no "=".`);
  if (rootId !== undefined && rootId.length > 256) fail("A root id has at most 256 characters.");
  for (const { mode, ports } of match) {
    if (!["CLIENT", "SERVER", "CLIENT_AND_SERVER"].includes(mode))
      fail(`A match has the mode CLIENT, SERVER or CLIENT_AND_SERVER, not ${JSON.stringify(mode)}.`);
    for (const port of ports)
      if (!Number.isInteger(port) || port < 1 || port > 65535)
        fail(`A port is 1 to 65535, and ${port} is not.`);
    if (new Set(ports).size !== ports.length) fail("A match names a port twice.");
  }
  if (selector !== undefined && targetRefs.length > 0)
    fail("--selector and --target-ref exclude each other: Istio refuses a plugin that has both.");
  for (const [key, value] of Object.entries(selector ?? {})) {
    if (`${key}${value}`.includes("*")) fail(`A selector takes no wildcards: ${key}=${value}.`);
    if (key === "") fail("A selector needs a label's name before the =.");
  }
  if (targetRefs.length > 16) fail("At most 16 targets can be named.");
}

/** WasmPlugin and TrafficExtension. */
function checkIstio(options: ManifestOptions, point: Point): void {
  const { target, phase, failStrategy, pullPolicy, pullSecret, rootId } = options;
  const kind = target === "istio" ? "WasmPlugin" : "TrafficExtension";
  if (point !== "http" && point !== "tcp")
    fail(`A ${kind} runs HTTP and network filters only; a ${point} needs --for envoyfilter.`);
  if (phase !== undefined && !["AUTHN", "AUTHZ", "STATS"].includes(phase))
    fail(`A phase is AUTHN, AUTHZ or STATS, and ${JSON.stringify(phase)} is not (the letters' case counts).`);
  if (failStrategy !== undefined && !["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"].includes(failStrategy))
    fail(
      `A fail strategy is FAIL_CLOSE, FAIL_OPEN or FAIL_RELOAD, and ${JSON.stringify(failStrategy)} is not.`,
    );
  checkPull(pullPolicy);
  if (pullSecret !== undefined && (pullSecret === "" || pullSecret.length > 253))
    fail("A pull secret's name has 1 to 253 characters.");
  if (pullSecret !== undefined && options.code.kind === "url")
    fail("A pull secret is for images; an address of a web server takes none.");
  if (rootId?.includes("\0") === true) fail("A root id has no zero character.");
  const lacking: [unknown, string][] = [
    [options.vmConfiguration, "no configuration of the VM"],
    [options.vmId, "no VM id"],
    [options.allowOnHeadersStopIteration, "no allow_on_headers_stop_iteration"],
    [options.statsTags, "no tags for metrics"],
    [options.context, "no context (it has --match)"],
  ];
  for (const [given, what] of lacking)
    if (given !== undefined) fail(`A ${kind} has ${what}; use --for envoyfilter.`);
  for (const name of Object.keys(options.environment ?? {}))
    if (name.startsWith("ISTIO_META_"))
      fail(`Istio's agent takes ${name} out: names that begin with ISTIO_META_ are its own.`);
  checkRefs(options, ["Gateway", "GatewayClass", "Service", "ServiceEntry"]);
}

function checkPull(policy: string | undefined): void {
  if (policy !== undefined && !["Always", "IfNotPresent"].includes(policy))
    fail(
      `A pull policy is Always or IfNotPresent, and ${JSON.stringify(policy)} is not (the letters' case counts).`,
    );
}

function checkRefs({ targetRefs = [] }: ManifestOptions, kinds: readonly string[]): void {
  for (const { kind, name } of targetRefs) {
    if (!kinds.includes(kind)) fail(`A target is one of ${kinds.join(", ")}, not ${JSON.stringify(kind)}.`);
    if (!label.test(name)) fail(`A target needs a name: ${kind}/NAME.`);
  }
}

function checkEnvoyFilter(options: ManifestOptions): void {
  const { context, failStrategy, code } = options;
  if (context !== undefined && !["ANY", "GATEWAY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND"].includes(context))
    fail(
      `A context is ANY, GATEWAY, SIDECAR_INBOUND or SIDECAR_OUTBOUND, and ${JSON.stringify(context)} is not.`,
    );
  if (failStrategy !== undefined && !["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"].includes(failStrategy))
    fail(
      `A fail strategy is FAIL_CLOSE, FAIL_OPEN or FAIL_RELOAD, and ${JSON.stringify(failStrategy)} is not.`,
    );
  const lacking: [unknown, string][] = [
    [options.phase, "phase; it is inserted before the router"],
    [options.priority, "priority for its place among filters"],
    [options.match, "match by mode; it has --context"],
    [options.pullPolicy, "pull policy; write a digest into the image's name"],
  ];
  for (const [given, what] of lacking) if (given !== undefined) fail(`An EnvoyFilter has no ${what}.`);
  if (options.pullSecret !== undefined)
    fail(
      "An EnvoyFilter cannot name a pull secret: the proxy's agent pulls with the credentials of its own image, or use --for istio.",
    );
  const point = pointLoads(options);
  if (code.kind !== "inline" && code.kind !== "local" && !point)
    fail(
      "Istio's agent fetches modules only for HTTP and network filters; for access loggers, services and stats sinks mount the file into the proxy and give --file, or --inline.",
    );
  checkRefs(options, ["Gateway", "GatewayClass", "Service", "ServiceEntry"]);
  checkEnvironment(options);
}

const pointLoads = ({ point }: ManifestOptions): boolean =>
  point === undefined || point === "http" || point === "tcp";

function checkEnvironment({ environment = {}, target }: ManifestOptions): void {
  for (const name of Object.keys(environment))
    if (target === "envoyfilter" && name.startsWith("ISTIO_META_"))
      fail(`Istio's agent takes ${name} out: names that begin with ISTIO_META_ are its own.`);
}

function checkGateway(options: ManifestOptions, point: Point): void {
  if (point !== "http") fail(`An EnvoyExtensionPolicy runs HTTP filters only, not a ${point}.`);
  if ((options.targetRefs ?? []).length === 0)
    fail("An EnvoyExtensionPolicy needs a target: --target-ref Gateway/NAME or HTTPRoute/NAME.");
  checkRefs(options, ["Gateway", "HTTPRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "TLSRoute"]);
  checkPull(options.pullPolicy);
  if (options.failStrategy !== undefined && !["FAIL_CLOSE", "FAIL_OPEN"].includes(options.failStrategy))
    fail("Envoy Gateway knows FAIL_OPEN and FAIL_CLOSE only; it cannot reload a plugin that trapped.");
  const lacking: [unknown, string][] = [
    [options.selector, "selector; it has --target-ref"],
    [options.phase, "phase; a list of plugins runs in its order"],
    [options.priority, "priority; a list of plugins runs in its order"],
    [options.match, "match; it has --target-ref"],
    [options.context, "context; it has --target-ref"],
    [options.vmConfiguration, "configuration of the VM"],
    [options.vmId, "VM id: each plugin has a VM of its own"],
    [options.allowOnHeadersStopIteration, "allow_on_headers_stop_iteration"],
    [options.statsTags, "tags for metrics; set them in the EnvoyProxy's bootstrap"],
  ];
  for (const [given, what] of lacking)
    if (given !== undefined) fail(`An EnvoyExtensionPolicy has no ${what}.`);
  if (Object.keys(options.environment ?? {}).length > 0)
    fail(
      "An EnvoyExtensionPolicy passes on variables of the proxy's environment only: --env-from-host NAME.",
    );
  if (options.pullSecret !== undefined && options.code.kind === "url")
    fail("A pull secret is for images; an address of a web server takes none.");
}

function checkEnvoy(options: ManifestOptions): void {
  const { failStrategy } = options;
  if (failStrategy !== undefined && !["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"].includes(failStrategy))
    fail(
      `A fail strategy is FAIL_CLOSE, FAIL_OPEN or FAIL_RELOAD, and ${JSON.stringify(failStrategy)} is not.`,
    );
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
