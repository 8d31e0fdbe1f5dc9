/**
 * Checks for options that hosts refuse, or drop in silence.
 *
 * @module
 */
import { checkEnvoy, checkEnvoyFilter, checkGateway, checkIstio } from "./checks-hosts.js";
import { fail } from "./error.js";
import { exactTarget } from "./options.js";
import type { ManifestOptions, Point } from "./options.js";

const digest = /^[0-9a-f]{64}$/;
/** RFC 1123, as Kubernetes reads it: a label, and labels with dots between them. */
const dnsLabel = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const dnsName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
/** The name part of a label's key, and a label's value. */
const labelText = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** Throws `ManifestError` with a sentence when a manifest with these options would not do what they say. */
export function check(options: ManifestOptions, point: Point): void {
  const { target, name, namespace } = options;
  if (target !== "envoy" && !isName(name))
    fail(
      `The name ${JSON.stringify(name)} is none for Kubernetes: lower-case letters and digits, with "-" and "." between them, at most 253.`,
    );
  if (namespace !== undefined && (!dnsLabel.test(namespace) || namespace.length > 63))
    fail(
      `The namespace ${JSON.stringify(namespace)} is none: lower-case letters and digits, with "-" between them, at most 63.`,
    );
  checkRoot(options, point);
  checkCode(options);
  checkValues(options, point);
  checkPlaces(options);
  if (target === "envoy") checkEnvoy(options);
  else if (target === "envoyfilter") checkEnvoyFilter(options, point);
  else if (target === "envoy-gateway") checkGateway(options, point);
  else checkIstio(options, point);
}

/** A release of Istio, where one is named. */
export function checkRelease({ target, istio }: ManifestOptions): void {
  if (istio === undefined) return;
  if (!/^1\.\d+(\.\d+)?$/.test(istio))
    fail(`A release of Istio is like 1.30, and ${JSON.stringify(istio)} is not.`);
  if (target === "istio-traffic-extension" && exactTarget("istio", istio) !== target)
    fail(
      `Istio ${istio} has no TrafficExtension, which came with 1.30: use --for istio, or --for istio-wasm-plugin.`,
    );
  if (!target.startsWith("istio") && target !== "envoyfilter")
    fail("--istio names a release of Istio: it goes with --for istio.");
}

const isName = (text: string): boolean => dnsName.test(text) && text.length <= 253;

function checkRoot({ module, rootId }: ManifestOptions, point: Point): void {
  if (module === undefined) return;
  const { facts } = module;
  if (facts.abiVersion === undefined)
    fail(
      "The module exports no proxy_abi_version_…, so no host would load it: it is not a Proxy-Wasm module.",
    );
  if (point === "access-log" && !facts.callbacks.includes("proxy_on_log"))
    fail(
      "The module has no onLog, the only callback of an access logger: as access-log it would do nothing.",
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
  // Plugins of registerPlugin may make streams of either kind.
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
  } else if (code.kind === "local" && target.startsWith("istio")) {
    if (!code.file.startsWith("/"))
      fail(
        `Istio's file is one in the proxy's container, by its whole path, and ${JSON.stringify(code.file)} does not begin with "/".`,
      );
  } else if (target !== "envoy" && target !== "envoyfilter") {
    const file = target.startsWith("istio") ? ", or a file that is mounted into the proxy" : "";
    fail(
      `${target} takes the module from an image or a web server${file}: give --image or --url${file === "" ? "" : ", or --file"}.`,
    );
  }
}

function checkValues(options: ManifestOptions, point: Point): void {
  const { priority, environment = {}, hostEnvironment = [], rootId, failStrategy, pullSecret } = options;
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
  if (failStrategy !== undefined && !["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"].includes(failStrategy))
    fail(
      `A fail strategy is FAIL_CLOSE, FAIL_OPEN or FAIL_RELOAD, and ${JSON.stringify(failStrategy)} is not.`,
    );
  if (point === "service" && failStrategy !== undefined && failStrategy !== "FAIL_CLOSE")
    fail(`Envoy has no use for ${failStrategy} there: no policy starts a service anew after a trap.`);
  if (pullSecret !== undefined && !isName(pullSecret))
    fail(
      `A pull secret is the name of a Secret, with 1 to 253 characters, and ${JSON.stringify(pullSecret)} is not.`,
    );
  if (pullSecret !== undefined && options.code.kind === "url")
    fail("A pull secret is for images; an address of a web server takes none.");
  if (options.code.kind === "local" && (pullSecret !== undefined || options.pullPolicy !== undefined))
    fail("A file in the proxy is not fetched: it takes no pull secret and no pull policy.");
}

/** Checks the options that say where the plugin runs. */
function checkPlaces({
  target,
  match = [],
  selector,
  targetRefs = [],
  upstream,
  port,
}: ManifestOptions): void {
  for (const { mode, ports } of match) {
    if (!["CLIENT", "SERVER", "CLIENT_AND_SERVER"].includes(mode))
      fail(`A match has the mode CLIENT, SERVER or CLIENT_AND_SERVER, not ${JSON.stringify(mode)}.`);
    for (const number of ports)
      if (!Number.isInteger(number) || number < 1 || number > 65535)
        fail(`A port is 1 to 65535, and ${number} is not.`);
    if (new Set(ports).size !== ports.length) fail("A match names a port twice.");
  }
  for (const [key, value] of Object.entries(selector ?? {})) {
    if (`${key}${value}`.includes("*")) fail(`A selector takes no wildcards: ${key}=${value}.`);
    const [name, prefix, ...more] = key.split("/").reverse();
    if (!isLabel(name!) || (prefix !== undefined && !isName(prefix)) || more.length > 0)
      fail(`A selector has the name of a label, and ${JSON.stringify(key)} is none.`);
    if (value !== "" && !isLabel(value)) fail(`${JSON.stringify(value)} is no value of a label.`);
  }
  if (targetRefs.length > 16) fail("At most 16 targets can be named.");
  for (const { kind, name, sectionName } of targetRefs)
    if (sectionName !== undefined && (target !== "envoy-gateway" || !isName(sectionName)))
      fail(
        target === "envoy-gateway"
          ? `${JSON.stringify(sectionName)} is no name of a listener or rule.`
          : `Only Envoy Gateway takes a part of a ${kind}: write ${kind}/${name}.`,
      );
  for (const { kind, name } of targetRefs)
    if (!isName(name)) fail(`${JSON.stringify(name)} is no name of a ${kind} in Kubernetes.`);
  if (target !== "envoy" && (upstream !== undefined || port !== undefined))
    fail("--upstream and --port are for Envoy's own bootstrap: --for envoy.");
}

const isLabel = (text: string): boolean => labelText.test(text) && text.length <= 63;
