/**
 * The common part of the two hosts of `run`.
 *
 * @module
 */
import { createServer } from "node:net";
import type { Upstream } from "../envoy/index.js";
import { NotWasm, outline } from "../inspect/index.js";
import { UserError } from "./error.js";
import { readNamed } from "./files.js";
import { shown } from "./output.js";
import type { TrafficLog } from "./traffic-log.js";

export const levels = ["trace", "debug", "info", "warn", "error", "critical"] as const;

/** The kinds of plugin that a module can be run as. */
export const kinds = ["http", "tcp", "service"] as const;

/** One run, with nothing left open. */
export interface Plan {
  readonly file: string;
  readonly kind: (typeof kinds)[number];
  readonly port: number;
  readonly upstream: Upstream;
  readonly clusters: Readonly<Record<string, Upstream>>;
  readonly configuration: Uint8Array | undefined;
  readonly rootId: string | undefined;
  /** The plugin of the module that runs as a service, beside the filter or alone. */
  readonly service: string | undefined;
  readonly logLevel: (typeof levels)[number];
  readonly allowOnHeadersStopIteration: boolean;
  readonly log: TrafficLog;
  /** Tells whether a debugger stops in the module's sources. */
  readonly debug: boolean;
  /** The file that gets a trace of the run. */
  readonly record: string | undefined;
}

/** After a trap, a new VM may be made this many milliseconds later, as in the envoy.yaml of templates and examples. */
const RELOAD_BACKOFF = 100;

/** A host that runs. */
export interface Runner {
  /** The host's name and version: "Envoy 1.40.0". */
  readonly name: string;
  readonly port: number;
  /** Takes the changed module into use; throws `UserError`, and goes on with the old one, when it is refused. */
  reload(): Promise<void>;
  /** Settles when the host has ended by itself. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** A plan's plugins; those that run as services are in the same VM, so that they share data. */
export function pluginsOf({ kind, rootId, configuration, service, allowOnHeadersStopIteration }: Plan): {
  filter: PluginSettings | undefined;
  service: PluginSettings | undefined;
} {
  const common = { vmId: "run", ...(configuration !== undefined && { configuration }) };
  const named = { name: "plugin", ...(rootId !== undefined && { rootId }) };
  const asService =
    kind === "service" || service !== undefined
      ? { ...common, name: "service", rootId: service ?? rootId ?? "" }
      : undefined;
  return {
    filter:
      kind === "service"
        ? undefined
        : {
            ...{ ...common, ...named, allowOnHeadersStopIteration },
            ...{ failurePolicy: "FAIL_RELOAD", reloadBackoff: RELOAD_BACKOFF },
          },
    service: asService,
  };
}

interface PluginSettings {
  readonly name: string;
  readonly vmId: string;
  readonly rootId?: string;
  readonly configuration?: Uint8Array;
  readonly allowOnHeadersStopIteration?: boolean;
  readonly failurePolicy?: "FAIL_RELOAD";
  readonly reloadBackoff?: number;
}

/** The kind of a module, by its callbacks. */
export function kindOf(wasm: Uint8Array, file: string): Plan["kind"] {
  try {
    const { callbacks } = outline(wasm);
    const some = (pattern: RegExp): boolean => callbacks.some((name) => pattern.test(name));
    if (some(/^proxy_on_(request|response)_/)) return "http";
    if (some(/^proxy_on_(new_connection|downstream_|upstream_)/)) return "tcp";
    return some(/^proxy_on_(tick|queue_ready)$/) ? "service" : "http";
  } catch (error) {
    if (!(error instanceof NotWasm)) throw error;
    throw new UserError(`${shown(file)} is no module: ${error.message}.`);
  }
}

/** The plugin's configuration, as `--config` or `--config-file` gives it. */
export function configurationOf(options: { config?: string; configFile?: string }): Uint8Array | undefined {
  const { config, configFile } = options;
  if (config !== undefined && configFile !== undefined)
    throw new UserError("Give --config or --config-file, not both.");
  if (configFile !== undefined) return readNamed(configFile, "name the configuration's file");
  return config === undefined ? undefined : Buffer.from(config);
}

/** The message about a port that is taken. */
export function portTaken(port: number): UserError {
  return new UserError(
    `Port ${port} is in use; end what listens there, or choose another: --port ${port + 1} (0 takes any).`,
  );
}

/** Throws when the port cannot be listened on. */
export async function requirePort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EACCES")
        fail(new UserError(`Port ${port} needs more rights; choose one above 1023: --port 10000.`));
      else fail(portTaken(port));
    });
    server.listen(port, "127.0.0.1", done);
  });
  await new Promise((done) => server.close(done));
}
