/**
 * The hosts that a project or a command names, and modules held to them.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { hosts } from "../hosts/index.js";
import type { WasmHost } from "../hosts/index.js";
import { heldModule, holdAgainst } from "../inspect/index.js";
import type { HostFinding } from "../inspect/index.js";
import { functionText } from "../places/index.js";
import type { PlaceMap } from "../places/index.js";
import { UserError } from "./error.js";
import { color, wrap } from "./output.js";

/** The result for one host. */
export interface HostReport {
  readonly host: string;
  readonly title: string;
  readonly known: WasmHost["known"];
  /** Tells whether the host loads the module. */
  readonly loads: boolean;
  readonly findings: readonly HostFinding[];
}

/** Names with commas between them, as `--host` takes them. */
export function parseHosts(text: string): WasmHost[] {
  return text.split(",").map((name) => {
    const host = hosts.find((each) => each.name === name.trim());
    if (host === undefined)
      throw new InvalidArgumentError(`Known hosts are ${hosts.map((each) => each.name).join(", ")}.`);
    return host;
  });
}

/** The hosts that a project's package.json names: `"proxyWasm": { "hosts": ["envoy-1.36"] }`. */
export function projectHosts(folder: string): WasmHost[] {
  let text: string;
  try {
    text = readFileSync(join(folder, "package.json"), "utf8");
  } catch {
    return []; // a project need not have one
  }
  let names: unknown;
  try {
    names = (JSON.parse(text) as { proxyWasm?: { hosts?: unknown } } | null)?.proxyWasm?.hosts ?? [];
  } catch {
    return []; // the package manager tells
  }
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string"))
    throw new UserError('package.json: "proxyWasm": { "hosts": [...] } is a list of names of hosts.');
  try {
    return names.length === 0 ? [] : parseHosts(names.join(","));
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new UserError(`package.json: ${error.message}`);
    throw error;
  }
}

/** The oldest release of Istio among the hosts that a project names. */
export function oldestIstio(folder: string): string | undefined {
  const releases = projectHosts(folder).flatMap(({ name }) => /^istio-(.*)$/.exec(name)?.[1] ?? []);
  return releases.sort((a, b) => a.localeCompare(b, "en", { numeric: true }))[0];
}

/** The options with which the compiler leaves out what some of the hosts do not support. */
export function usesFor(list: readonly WasmHost[]): string[] {
  const asks = list.some(({ functions }) =>
    ["missing", "traps", "ignored"].includes(functions["proxy_get_log_level"] ?? ""),
  );
  return [
    ...(asks ? ["PROXY_WASM_NO_LOG_LEVEL=1"] : []),
    ...(list.some(({ lacks }) => lacks.includes("exceptions")) ? ["PROXY_WASM_TRAPS=1"] : []),
    ...(list.some((host) => host.onlyStopIteration === true) ? ["PROXY_WASM_ONE_STOP=1"] : []),
  ];
}

/** Holds a module to hosts; a map tells the places of its functions. */
export async function holdTo(
  wasm: Uint8Array,
  list: readonly WasmHost[],
  map?: PlaceMap,
): Promise<HostReport[]> {
  if (list.length === 0) return [];
  const names = map && {
    nameOf: (index: number) => map.nameOf(index),
    textOf: (index: number) => functionText(map, index),
  };
  const module = await heldModule(wasm, names);
  return list.map((host) => {
    const findings = holdAgainst(module, host);
    const loads = findings.every(({ level }) => level !== "error");
    return { host: host.name, title: host.title, known: host.known, loads, findings };
  });
}

/** A report in lines. */
export function hostLines({ host, title, known, loads, findings }: HostReport): string[] {
  const verdict = loads ? color.green("loads it") : color.red("does not load it");
  return [
    `${color.bold(title)} (${host}, ${known}): ${verdict}`,
    ...findings.map((finding) => {
      const { level } = finding;
      const paint = { error: color.red, warning: color.yellow, note: color.cyan }[level];
      return `  ${paint(`${level}:`)} ${wrap(findingText(finding), 4, level.length + 4)}`;
    }),
  ];
}

/** A finding, and the functions that it is about. */
export function findingText({ message, callers }: HostFinding): string {
  return callers.length === 0 ? message : `${message} (called by ${callers.join(", ")})`;
}
