/**
 * `proxy-wasm-as manifest`: the YAML with which a host runs a module.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, dirname, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Code, ManifestOptions, Point, Target, TargetRef } from "../deploy/index.js";
import {
  ManifestError,
  apply,
  configurationText,
  manifest,
  points,
  startOf,
  targets,
} from "../deploy/index.js";
import { parseReference, writeWhole } from "../oci/index.js";
import { configurationPart, schemaTargets, type Schema } from "../schema/index.js";
import { faultOf } from "../schema/validate.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { shown } from "./output.js";
import { explained, factsOf } from "./pack.js";
import { oldestIstio } from "./hosts.js";
import { writeResource } from "./kustomize.js";
import { list, pair } from "./parse.js";
import { refusalText, tryStart } from "./try-start.js";

/** The options of `manifest` and `diff`. */
export interface ManifestFlags {
  readonly for: Target;
  readonly image?: string;
  readonly url?: string;
  readonly file?: string;
  readonly inline?: true;
  readonly sha256?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly point?: Point;
  readonly rootId?: string;
  readonly config?: string;
  readonly configFile?: string;
  readonly schema?: string;
  readonly vmConfig?: string;
  readonly vmId?: string;
  readonly env?: Record<string, string>;
  readonly envFromHost?: string[];
  readonly selector?: Record<string, string>;
  readonly targetRef?: TargetRef[];
  readonly istio?: string;
  readonly phase?: string;
  readonly priority?: number;
  readonly failStrategy?: string;
  readonly pullPolicy?: string;
  readonly pullSecret?: string;
  readonly match?: { mode: string; ports: number[] }[];
  readonly context?: string;
  readonly allowOnHeadersStopIteration?: boolean;
  readonly statsTag?: string[];
  readonly upstream?: { host: string; port: number };
  readonly port?: number;
  readonly untried?: true;
  readonly output?: string;
  readonly kustomize?: string;
}

export function manifestCommand(): Command {
  const command = new Command("manifest")
    .description("Write the YAML with which Istio, Envoy Gateway or Envoy runs a module.")
    .argument("<module>", "the module's file, which says what the host must do");
  return addManifestOptions(command)
    .option("-o, --output <file>", "a file instead of standard output")
    .option("--kustomize <folder>", "NAME.yaml in a folder, named in its kustomization.yaml")
    .addHelpText(
      "after",
      "\nExample:\n  $ proxy-wasm-as manifest build/plugin.wasm --for istio \\\n      --image registry.example/filter:1.0.0 --selector app=web",
    )
    .action((file: string, options: ManifestFlags) =>
      explained(async () => {
        const { output, kustomize } = options;
        if (output !== undefined && kustomize !== undefined)
          throw new UserError("--output and --kustomize exclude each other.");
        const text = await manifestText(file, options);
        if (output === undefined && kustomize === undefined) {
          process.stdout.write(text);
          return;
        }
        if (kustomize !== undefined) {
          const written = writeResource(kustomize, options.name ?? nameOf(file), text);
          console.log(`Wrote ${written}: kubectl apply -k ${kustomize}`);
        } else if (output !== undefined) {
          writeWhole(output, Buffer.from(text));
          console.log(`Wrote ${output}: ${apply[options.for].replace("FILE", output)}`);
        }
      }),
    );
}

/** The options that say what a manifest is made from. */
export function addManifestOptions(command: Command): Command {
  return command
    .addOption(new Option("--for <host>", "what reads the YAML").choices(targets).makeOptionMandatory())
    .option("--istio <release>", "1.29: a WasmPlugin; from 1.30 on, a TrafficExtension")
    .option("--image <name>", "the OCI image with the module")
    .option("--url <url>", "the module's address on a web server")
    .option("--file <path>", "the module's file where the proxy runs")
    .option("--inline", "the module in the YAML itself")
    .option("--sha256 <digest>", "of the image's manifest; with --url, of the module")
    .option("--name <name>", "the plugin's name; left out, the file's")
    .option("-n, --namespace <name>", "where the object lives")
    .addOption(new Option("--point <name>", "where Envoy runs it; left out, the module says").choices(points))
    .option("--root-id <id>", "which of the module's plugins to run")
    .option("-c, --config <json>", "the plugin's configuration")
    .option("--config-file <file>", "the plugin's configuration, JSON or YAML")
    .option("--schema <file>", "what the configuration has to fit; proxy-wasm-as schema writes it")
    .option("--vm-config <text>", "the VM's configuration")
    .option("--vm-id <id>", "plugins with the same id share a VM")
    .option("--env <name=value>", "a variable of the VM's environment; repeatable", pair)
    .option("--env-from-host <name>", "one of the proxy's own environment; repeatable", list)
    .option("--selector <label=value>", "which workloads; repeatable", pair)
    .option("--target-ref <kind/name>", "Gateway, route or Service, or KIND/NAME/PART; repeatable", ref)
    .option("--phase <phase>", "AUTHN, AUTHZ or STATS")
    .option("--priority <number>", "the order within a phase", Number)
    .option("--fail-strategy <name>", "FAIL_RELOAD (if not given), FAIL_CLOSE or FAIL_OPEN")
    .option("--pull-policy <name>", "Always or IfNotPresent")
    .option("--pull-secret <name>", "the Secret with the registry's password")
    .option("--match <mode:ports>", "SERVER:8080,8081 or CLIENT; repeatable", match)
    .option("--context <name>", "EnvoyFilter: GATEWAY, SIDECAR_INBOUND, …")
    .option("--allow-on-headers-stop-iteration", "header callbacks may wait for bodies")
    .option("--no-allow-on-headers-stop-iteration", "they do not, whatever the module says")
    .option("--stats-tag <name>", "a tag in the names of metrics; repeatable", list)
    .option("--upstream <host:port>", "Envoy: where requests go", upstream)
    .option("--port <port>", "Envoy: the port to listen on", port)
    .option("--untried", "even when the module refuses its configuration here");
}

/** The manifest; throws when it would not do what the options say, or the module refuses its configuration. */
export async function manifestText(file: string, options: ManifestFlags): Promise<string> {
  const bytes = new Uint8Array(readNamed(file, BUILD_FIRST));
  const facts = factsOf(bytes, file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    const given = withoutUndefined(options, codeOf(options), { facts, bytes, sha256 }, file);
    const line = options.schema === undefined ? "" : fitted(options.schema, given.configuration, options);
    const text = line + manifest(given);
    if (options.untried !== true) await tryFirst(file, bytes, given);
    return text;
  } catch (error) {
    if (error instanceof ManifestError) throw new UserError(error.message);
    throw error;
  }
}

/** Starts the plugin here as its host will; throws when it refuses. */
async function tryFirst(file: string, bytes: Uint8Array, given: ManifestOptions): Promise<void> {
  const start = startOf(given);
  const refused = await tryStart(bytes, start, given.name);
  if (refused === undefined) return;
  const text = refusalText(`${shown(file)}, started as ${given.target} would start it,`, refused, start);
  throw new UserError(`${text}\nNo manifest was written; --untried writes it all the same.`);
}

/** Holds the configuration against its schema; answers the line that tells editors of it. */
function fitted(
  file: string,
  configuration: string | undefined,
  { for: target, output }: ManifestFlags,
): string {
  const schema = parsed(readNamed(file, "write it first (proxy-wasm-as schema -o FILE)").toString(), file);
  if (typeof schema !== "object" || schema === null || Array.isArray(schema))
    throw new UserError(`${file} is no JSON Schema; write it with proxy-wasm-as schema.`);
  const text = configuration ?? "";
  const fault = faultOf(text === "" ? {} : parsed(text, "The configuration"), schema as Schema);
  if (fault !== undefined)
    throw new UserError(`The configuration does not fit ${file}: ${fault.replace(/\.$/, "")}.`);
  // The schema of a configuration alone says nothing of a manifest around it.
  const ofManifest = schemaTargets.includes(target) && configurationPart(schema as Schema) !== schema;
  if (!ofManifest) return "";
  const path = output === undefined ? file : relative(dirname(output), file);
  return `# yaml-language-server: $schema=${path.replaceAll("\\", "/")}\n`;
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${what} is no JSON: ${(error as Error).message}.`);
  }
}

function withoutUndefined(
  options: ManifestFlags,
  code: Code,
  module: NonNullable<ManifestOptions["module"]>,
  file: string,
): ManifestOptions {
  const fields: Partial<ManifestOptions> = {
    namespace: options.namespace!,
    point: options.point!,
    rootId: options.rootId!,
    configuration: configuration(options)!,
    vmConfiguration: options.vmConfig!,
    vmId: options.vmId!,
    environment: options.env!,
    hostEnvironment: options.envFromHost!,
    selector: options.selector!,
    targetRefs: options.targetRef!,
    phase: options.phase!,
    priority: options.priority!,
    failStrategy: options.failStrategy!,
    pullPolicy: options.pullPolicy!,
    pullSecret: options.pullSecret!,
    match: options.match!,
    context: options.context!,
    allowOnHeadersStopIteration: options.allowOnHeadersStopIteration!,
    statsTags: options.statsTag!,
    istio: options.istio ?? (options.for === "istio" ? oldestIstio(process.cwd()) : undefined)!,
    upstream: options.upstream!,
    port: options.port!,
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { target: options.for, module, code, name: options.name ?? nameOf(file), ...given };
}

/** A plugin's name, after its file. */
function nameOf(file: string): string {
  return basename(file)
    .toLowerCase()
    .replace(/\.wasm$/, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function configuration({ config, configFile }: ManifestFlags): string | undefined {
  if (config !== undefined && configFile !== undefined)
    throw new UserError("--config and --config-file exclude each other.");
  if (configFile === undefined) return config;
  return configurationText(configFile, readNamed(configFile, "name the configuration's file").toString());
}

function codeOf({ image, url, file, inline, sha256, for: target }: ManifestFlags): Code {
  const given = [image, url, file, inline].filter((value) => value !== undefined).length;
  if (given !== 1) {
    const how =
      target === "envoy"
        ? "--file, --inline or --url"
        : target.startsWith("istio")
          ? "--image, --url or --file"
          : "--image or --url";
    throw new UserError(`Say where the module comes from, in one way: ${how}.`);
  }
  const digest = sha256 === undefined ? {} : { sha256 };
  if (image !== undefined) {
    if (!/^https?:/.test(image)) parseReference(image);
    return { kind: "image", image, ...digest };
  }
  if (url !== undefined) {
    if (url.startsWith("oci://")) throw new UserError(`${url} is an image: give it with --image.`);
    return { kind: "url", url, ...digest };
  }
  return file !== undefined ? { kind: "local", file } : { kind: "inline" };
}

const groups: Readonly<Record<string, string>> = { Service: "", ServiceEntry: "networking.istio.io" };

function ref(text: string, previous: TargetRef[] = []): TargetRef[] {
  const match = /^(\w+)\/([^/]+)(?:\/([^/]+))?$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError(
      "Write it as KIND/NAME, or KIND/NAME/PART: Gateway/web, HTTPRoute/web/admin.",
    );
  const [, kind = "", name = "", sectionName] = match;
  const part = sectionName === undefined ? {} : { sectionName };
  return [...previous, { group: groups[kind] ?? "gateway.networking.k8s.io", kind, name, ...part }];
}

function match(text: string, previous: object[] = []): object[] {
  const [mode, ports = ""] = text.split(":");
  return [...previous, { mode, ports: ports === "" ? [] : ports.split(",").map(Number) }];
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65535)
    throw new InvalidArgumentError("A port is 1 to 65535.");
  return number;
}

function upstream(text: string): { host: string; port: number } {
  const match = /^(?:http:\/\/)?([^/:[\]]+|\[[^\]]+\]):(\d+)\/?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Say host and port: localhost:8080");
  return { host: match[1]!.replace(/^\[|\]$/g, ""), port: port(match[2]!) };
}
