/**
 * `proxy-wasm-as check`: whether a plugin takes a configuration, asked before it is deployed.
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from "commander";
import type { ManifestOptions, Point, Target } from "../deploy/index.js";
import {
  ManifestError,
  configurationText,
  pointOf,
  points,
  sentConfiguration,
  sentStruct,
  targets,
  withOnlyRoot,
} from "../deploy/index.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { reflow, shown } from "./output.js";
import { factsOf } from "./pack.js";
import { pair } from "./parse.js";
import { refusalText, tryStart } from "./try-start.js";

interface Options {
  readonly config?: string;
  readonly for: readonly Target[];
  readonly struct?: true;
  readonly point?: Point;
  readonly rootId?: string;
  readonly vmConfig?: string;
  readonly env?: Record<string, string>;
  readonly json?: true;
}

/** The result for one host. */
interface Verdict {
  readonly for: Target;
  readonly takes: boolean;
  /** The configuration that `onConfigure` got; null when the host itself would not take the configuration. */
  readonly sent: string | null;
  /** Why not, in lines; null when it does. */
  readonly reason: string | null;
}

export function check(): Command {
  return new Command("check")
    .description("Say whether a module takes a configuration, as each host would send it.")
    .argument("<module>", "the module's file")
    .option("-c, --config <file>", "the plugin's configuration, JSON, YAML or any text; left out, none")
    .addOption(
      new Option("--for <host>", `which host, or several with commas: ${targets.join(", ")}`)
        .argParser(parseTargets)
        .default(["envoy"], "envoy"),
    )
    .option("--struct", "Envoy: the configuration stands in its YAML as a Struct, not as a text")
    .addOption(
      new Option("--point <name>", "where the host runs it; left out, the module says").choices(points),
    )
    .option("--root-id <id>", "which of the module's plugins to start")
    .option("--vm-config <text>", "the VM's configuration")
    .option("--env <name=value>", "a variable of the VM's environment; repeatable", pair)
    .option("--json", "as JSON, for programs")
    .addHelpText("after", () =>
      reflow(
        "\nRuns onVmStart and onConfigure in the embedded host with the bytes that would arrive: Istio sends JSON with sorted keys and doubles, Envoy Gateway JSON with sorted keys, Envoy the text. Ends with 1 when the module refuses.\n\nExample:\n  $ proxy-wasm-as check --config config.json build/plugin.wasm --for envoy,istio",
      ),
    )
    .action(start);
}

async function start(file: string, options: Options): Promise<void> {
  const bytes = new Uint8Array(readNamed(file, BUILD_FIRST));
  const facts = factsOf(bytes, file);
  const configuration = read(options.config);
  const verdicts: Verdict[] = [];
  for (const target of options.for) {
    const module = { facts, bytes, sha256: "" };
    verdicts.push(await ask(file, { target, module, configuration }, options));
  }
  if (options.json === true) console.log(JSON.stringify(verdicts, null, 2));
  else
    for (const { for: target, takes, reason } of verdicts)
      if (takes) console.log(`${target}: ${shown(file)} takes this configuration.`);
      else console.error(`${target}: ${reason}`);
  if (verdicts.some(({ takes }) => !takes)) process.exitCode = 1;
}

interface Question {
  readonly target: Target;
  readonly module: NonNullable<ManifestOptions["module"]>;
  readonly configuration: string | undefined;
}

async function ask(file: string, question: Question, options: Options): Promise<Verdict> {
  const { target, module, configuration } = question;
  let sent: string | Uint8Array;
  try {
    sent =
      options.struct === true && target === "envoy"
        ? sentStruct(configuration ?? "{}")
        : sentConfiguration(target, configuration);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return { for: target, takes: false, sent: null, reason: error.message };
  }
  const rooted = withOnlyRoot({
    target,
    module,
    name: "",
    code: { kind: "inline" },
    ...(options.rootId !== undefined && { rootId: options.rootId }),
    ...(options.point !== undefined && { point: options.point }),
  });
  const begin = {
    point: pointOf(rooted),
    rootId: rooted.rootId ?? "",
    configuration: sent,
    vmConfiguration: options.vmConfig ?? "",
    vmId: "",
    environment: options.env ?? {},
    hostEnvironment: [],
  };
  const refused = await tryStart(module.bytes, begin, "");
  const reason = refused === undefined ? null : refusalText(shown(file), refused, begin);
  return { for: target, takes: refused === undefined, sent: String(sent), reason };
}

function read(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = readNamed(file, "name the configuration's file").toString();
  try {
    return configurationText(file, text);
  } catch (error) {
    throw error instanceof ManifestError ? new UserError(error.message) : error;
  }
}

function parseTargets(text: string): Target[] {
  const names = text.split(",");
  for (const name of names)
    if (!(targets as readonly string[]).includes(name))
      throw new InvalidArgumentError(`Allowed choices are ${targets.join(", ")}.`);
  return names as Target[];
}
