import { writeFileSync } from "node:fs";
import { Envoy, EnvoyStartError, bootstrap } from "../envoy/index.js";
import type { BootstrapOptions } from "../envoy/index.js";
import { requireEnvoy } from "./envoy.js";
import { UserError } from "./error.js";
import { shown } from "./output.js";
import { progress } from "./progress.js";
import type { Plan, Runner } from "./runner.js";
import { pluginsOf } from "./runner.js";

/** Stands before what Envoy says of a request. */
const MARK = "proxy-wasm-as-request ";

/** Runs a plan in a real Envoy; with `keep`, its configuration is left in that file. */
export async function runEnvoy(plan: Plan, keep?: string): Promise<Runner> {
  const options = optionsOf(plan);
  if (keep !== undefined) writeConfiguration(keep, options);
  const found = requireEnvoy();
  const start = (port: number): Promise<Envoy> =>
    Envoy.start({
      ...options,
      ...(plan.kind === "tcp" ? { tcpPort: port } : { port }),
      envoy: found.path,
      wasmLogLevel: plan.logLevel === "warn" ? "warning" : plan.logLevel,
      onLog: lines((line) => show(plan, line)),
    });
  const end = progress("Starting Envoy");
  let envoy = await start(plan.port)
    .catch((error: unknown) => fail(plan, error))
    .finally(end);
  let stopping = false;
  const port = plan.kind === "tcp" ? envoy.tcpPort : envoy.port;
  return {
    name: `Envoy ${found.version}`,
    port,
    ended: new Promise((resolve) => {
      const listen = (one: Envoy): void =>
        void one.ended.then((exit) => (stopping || one !== envoy ? undefined : resolve(String(exit))));
      listen(envoy);
    }),
    reload: async () => {
      stopping = true;
      await envoy.stop();
      envoy = await start(port).catch((error: unknown) => fail(plan, error));
      stopping = false;
    },
    close: async () => {
      stopping = true;
      await envoy.stop();
    },
  };
}

function optionsOf(plan: Plan): BootstrapOptions {
  const { file: wasm, kind, port } = plan;
  const plugins = pluginsOf(plan);
  const filters = plugins.filter === undefined ? [] : [{ ...plugins.filter, wasm }];
  return {
    ...(kind === "tcp" ? { tcpFilters: filters, tcpPort: port } : { filters, port }),
    ...(plugins.service !== undefined && { services: [{ ...plugins.service, wasm }] }),
    upstream: plan.upstream,
    clusters: plan.clusters,
    connectionManager: {
      access_log: [
        {
          name: "requests",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
            log_format: { text_format_source: { inline_string: `${MARK}${FORMAT}\n` } },
          },
        },
      ],
    },
  };
}

const FORMAT = [
  ...["%REQ(:METHOD)%", "%REQ(:PATH)%", "%RESPONSE_CODE%", "%RESPONSE_CODE_DETAILS%", "%BYTES_SENT%"],
  "%DURATION%",
].join(" ");

/** Shows a line of Envoy's log in the form that both hosts share. */
function show({ log }: Plan, line: string): void {
  if (line.startsWith(MARK)) {
    const [method, path, status, details, bytes, milliseconds] = line.slice(MARK.length).split(" ");
    log.request({
      method: method!,
      path: path!,
      status: status === "0" ? undefined : Number(status),
      details: details === "-" ? "" : details!,
      bytes: Number(bytes),
      milliseconds: Number(milliseconds),
    });
    return;
  }
  const entry = /^\[([a-z]+)\]\[(\w+)\] (?:wasm log ?([^:]*): )?([^]*)$/.exec(line);
  if (entry === null) log.message("info", "", line);
  else {
    const [, level, , from = "", message] = entry;
    log.message(
      (level === "warning" ? "warn" : level) as Plan["logLevel"],
      from.trim().split(" ")[0]!,
      message!,
    );
  }
}

/** Cuts pieces of text into lines. */
function lines(each: (line: string) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    const parts = (rest + piece).split("\n");
    rest = parts.pop()!;
    for (const line of parts) if (line !== "") each(line);
  };
}

function writeConfiguration(file: string, options: BootstrapOptions): void {
  try {
    writeFileSync(file, `${JSON.stringify(bootstrap(options), null, 2)}\n`);
  } catch (error) {
    throw new UserError(`${shown(file)} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function fail({ file }: Plan, error: unknown): never {
  if (error instanceof EnvoyStartError)
    throw new UserError(
      `Envoy did not start with ${shown(file)} (exit code ${error.exitCode}); its log above says why.`,
    );
  throw error;
}
