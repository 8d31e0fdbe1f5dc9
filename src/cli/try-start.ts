/**
 * A plugin's start with the configuration that its host will send, tried here before anything is deployed.
 *
 * @module
 */
import type { Point, Start } from "../deploy/index.js";
import { tryModule } from "../inspect/index.js";
import type { TrialOptions } from "../inspect/index.js";

/** Why a plugin does not start. */
export interface Refused {
  /** The event, as the end of a sentence that begins with the module. */
  readonly what: string;
  /** The module's own messages in the log, as `error: text`. */
  readonly lines: readonly string[];
}

const places: Readonly<Record<Point, TrialOptions["place"]>> = {
  http: "filters",
  tcp: "tcpFilters",
  "access-log": "accessLoggers",
  service: "services",
  "stats-sink": "services",
};

/** Runs `onVmStart` and `onConfigure` in the embedded host; undefined when the plugin starts. */
export async function tryStart(wasm: Uint8Array, start: Start, name: string): Promise<Refused | undefined> {
  const { point, hostEnvironment, environment, ...plugin } = start;
  const here = hostEnvironment.flatMap((variable) => {
    const value = process.env[variable];
    return value === undefined ? [] : [[variable, value] as const];
  });
  const trial = await tryModule(wasm, {
    ...plugin,
    name,
    place: places[point],
    environment: { ...Object.fromEntries(here), ...environment },
  });
  if (trial.stage === "running") return undefined;
  const grave = trial.lines.filter(({ level }) => ["warn", "error", "critical"].includes(level));
  const told = grave.length > 0 ? grave : trial.lines.slice(-1);
  return {
    what: whatHappened(trial.stage, trial.trappedIn, trial.message),
    lines: told.map(({ level, message }) => `${level}: ${message.trimEnd()}`),
  };
}

function whatHappened(stage: "load" | "start", trappedIn: string | undefined, message: string): string {
  if (trappedIn !== undefined) return `traps in ${trappedIn}`;
  if (stage === "load") return `cannot be loaded: ${message}`;
  return /^Failed to configure/.test(message) ? "refuses this configuration" : "refuses to start";
}

/** The lines that tell a refusal, the first one with `who` before it. */
export function refusalText(who: string, { what, lines }: Refused, start: Start): string {
  const missing = start.hostEnvironment.filter((name) => process.env[name] === undefined);
  return [
    `${who} ${what}${lines.length > 0 ? ":" : ", without a line in the log."}`,
    ...lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`),
    `onConfigure got ${described(start.configuration)}`,
    ...(missing.length > 0
      ? [
          `Of the proxy's environment, this one has no ${missing.join(", ")}: give what the proxies have, as ${missing[0]}=VALUE before the command.`,
        ]
      : []),
  ].join("\n");
}

/** How much of a configuration is shown. */
const SHOWN = 300;

function described(configuration: string | Uint8Array): string {
  if (configuration.length === 0) return "no configuration (0 bytes).";
  if (typeof configuration !== "string")
    return `a Struct of ${configuration.length} bytes in protobuf's format. As a StringValue, the text itself would arrive.`;
  const size = Buffer.byteLength(configuration);
  const text = configuration.length > SHOWN ? `${configuration.slice(0, SHOWN)}…` : configuration;
  return `these ${size} bytes: ${text}`;
}
