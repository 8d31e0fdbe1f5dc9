/**
 * `proxy-wasm-as run`: a proxy on this machine that runs a filter.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { open } from "node:inspector";
import { join, resolve } from "node:path";
import { isIP } from "node:net";
import { Command, InvalidArgumentError, Option } from "commander";
import { startEcho } from "../echo.js";
import type { Upstream } from "../envoy/index.js";
import { readSection } from "../module-section.js";
import { compile, findProject } from "./compile.js";
import type { CompileOptions, Project } from "./compile.js";
import { DEBUG_MODULE, attachHint, debugOptions, isAttached } from "./debugging.js";
import type { DebugOptions } from "./debugging.js";
import { keepCompilers } from "./compiler-process.js";
import { UserError } from "./error.js";
import { runnableExample } from "./examples.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { startRecording } from "./recording.js";
import { whenLeaving } from "./leave.js";
import { color, shown } from "./output.js";
import { parsePort } from "./numbers.js";
import { runEmbedded } from "./run-embedded.js";
import { runEnvoy } from "./run-envoy.js";
import type { Plan, Runner } from "./runner.js";
import { configurationOf, kindOf, kinds, levels, requirePort } from "./runner.js";
import { TrafficLog } from "./traffic-log.js";
import { watchModule, watchSources } from "./watch.js";

/** With names, for backtraces; what a build has made to be shipped stays as it is. */
const RUN_MODULE = "build/plugin.run.wasm";

/** It says why the SDK refuses a call, too. */
const RUN_BUILD = { out: RUN_MODULE, target: "release", names: true, diagnostics: true } as const;

/** For debuggers. */
const DEBUG_BUILD = { out: DEBUG_MODULE, target: "debug", diagnostics: true } as const;

interface RunOptions extends DebugOptions {
  readonly upstream?: Upstream;
  readonly port: number;
  readonly example?: string;
  readonly config?: string;
  readonly configFile?: string;
  readonly cluster?: Readonly<Record<string, Upstream>>;
  readonly rootId?: string;
  readonly as?: Plan["kind"];
  readonly service?: string;
  readonly logLevel: Plan["logLevel"];
  readonly stopHeadersOnly?: boolean;
  readonly watch?: boolean;
  readonly envoy?: boolean;
  readonly keep?: string;
  readonly json?: boolean;
  readonly record?: string;
}

export function run(): Command {
  const command = new Command("run")
    .description("Run a filter in a proxy on this machine, in front of an upstream.")
    .argument("[file]", "the module; left out, the project in this folder is built")
    .option(
      "-u, --upstream <url>",
      "where requests go (h2c://… by HTTP/2); left out, an echo server answers",
      parseUpstream,
    )
    .option("-p, --port <port>", "the port to listen on, 0 for any that is free", parsePort, 10000)
    .option("-e, --example <name>", "one of the examples, with its configuration")
    .option("-c, --config <text>", "the plugin's configuration")
    .option("--config-file <file>", "the plugin's configuration, from a file")
    .option("--cluster <name=url>", "where calls to this cluster go; repeatable", parseCluster)
    .option("--root-id <id>", "which of the module's plugins to run")
    .addOption(new Option("--as <kind>", "what it is, if its callbacks do not tell").choices(kinds))
    .option("--service <root-id>", "a plugin of the module that also runs as a service")
    .addOption(
      new Option("-l, --log-level <level>", "the lowest level that is shown").choices(levels).default("info"),
    )
    .option("--stop-headers-only", "set Envoy's allow_on_headers_stop_iteration")
    .option("-w, --watch", "take changes into use as they are saved")
    .option("--envoy", "in a real Envoy instead of the embedded host")
    .option("--keep <file>", "leave Envoy's configuration in this file (with --envoy)")
    .option("--record <file>", "write what the module and the host say to each other, for replay")
    .option("--json", "one JSON object for each request and message");
  for (const option of debugOptions()) command.addOption(option);
  return command
    .addHelpText(
      "after",
      `
Example:
  $ proxy-wasm-as run build/plugin.wasm --upstream http://localhost:8080
  $ curl -i localhost:10000/

  $ proxy-wasm-as run --example rate-limit`,
    )
    .action(start);
}

function parseUpstream(text: string): Upstream {
  const match = /^(?:(http|h2c):\/\/)?([^/:[\]]+|\[[^\]]+\]):(\d+)\/?$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError(
      "Say host and port: http://localhost:8080, or h2c://… for HTTP/2 and gRPC",
    );
  const [, scheme, host, port] = match;
  return {
    host: host!.replace(/^\[|\]$/g, ""),
    port: parsePort(port!),
    ...(scheme === "h2c" && { http2: true }),
  };
}

function parseCluster(text: string, others: RunOptions["cluster"] = {}): RunOptions["cluster"] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Say name and address: auth=http://localhost:9000");
  return { ...others, [text.slice(0, at)]: parseUpstream(text.slice(at + 1)) };
}

async function start(file: string | undefined, options: RunOptions): Promise<void> {
  if (options.keep !== undefined && options.envoy !== true)
    throw new UserError("--keep leaves a configuration of Envoy; add --envoy.");
  if (options.debug === true && options.envoy === true)
    throw new UserError("--debug is for the embedded host: Envoy's engine has no place for a debugger.");
  if (options.record !== undefined && options.envoy === true)
    throw new UserError(
      "--record is for the embedded host: Envoy's log at wasm:trace is what there is to replay of Envoy.",
    );
  if (file !== undefined && options.example !== undefined)
    throw new UserError("Name a module, or an example, not both.");
  const example = options.example === undefined ? undefined : runnableExample(options.example);
  const configuration =
    configurationOf(options) ??
    (example?.configuration === undefined ? undefined : Buffer.from(example.configuration));
  const project = file === undefined ? findProject(example?.folder) : undefined;
  if (file === undefined && project === undefined)
    throw new UserError("Name a module, or go to a project: proxy-wasm-as run build/plugin.wasm");
  const log = new TrafficLog(options.json === true);
  const since = Date.now();
  const build = options.debug === true ? DEBUG_BUILD : RUN_BUILD;
  const toBuild = example === undefined ? build : { ...build, out: join(example.out, "plugin.wasm") };
  if (options.watch === true) keepCompilers();
  if (project !== undefined) await compile(project, toBuild);
  const wasm = resolve(file ?? toBuild.out);
  const kind = options.as ?? kindOf(readNamed(wasm, BUILD_FIRST), wasm);
  await requirePort(options.port);

  const echo = options.upstream === undefined ? await startEcho() : undefined;
  const plan: Plan = {
    file: wasm,
    kind,
    port: options.port,
    upstream: options.upstream ?? echo!.port,
    clusters: options.cluster ?? {},
    configuration,
    rootId: options.rootId ?? example?.rootId,
    service: options.service ?? example?.service,
    logLevel: options.logLevel,
    allowOnHeadersStopIteration:
      options.stopHeadersOnly === true || readSection(readFileSync(wasm))?.holdsHeaders === true,
    log,
    debug: options.debug === true,
    record: options.record === undefined ? undefined : startRecording(options.record),
  };
  if (plan.debug && !isAttached()) {
    open(options.debugPort, "127.0.0.1");
    log.note(attachHint(options.debugPort));
  }
  whenLeaving(() => undefined); // Ctrl-C ends this with 130, also where no Envoy listens for it
  try {
    const runner = options.envoy === true ? await runEnvoy(plan, options.keep) : await runEmbedded(plan);
    if (options.json === true) log.note(`listening on http://127.0.0.1:${runner.port}`);
    else greet(plan, options, runner);
    if (options.watch === true) watch(plan, project, toBuild, runner, since);
    throw new UserError(`Envoy ended (${await runner.ended}).`);
  } finally {
    await echo?.close();
  }
}

function greet(plan: Plan, options: RunOptions, { name, port }: Runner): void {
  const upstream = options.upstream === undefined ? "an echo server" : describe(options.upstream);
  const named = options.example === undefined ? shown(plan.file) : `the example ${options.example}`;
  const what = plan.kind === "service" ? `${named} as a service, beside` : named;
  console.log(`${name} runs ${color.bold(what)} in front of ${upstream}.`);
  const scheme = plan.kind === "tcp" ? "tcp" : "http";
  console.log(`Listening on ${color.bold(`${scheme}://127.0.0.1:${port}`)}, end with Ctrl-C.`);
  if (options.keep !== undefined) console.log(`Envoy's configuration is in ${shown(options.keep)}.`);
}

function describe(upstream: Upstream): string {
  if (typeof upstream === "number") return `127.0.0.1:${upstream}`;
  return `${isIP(upstream.host) === 6 ? `[${upstream.host}]` : upstream.host}:${upstream.port}`;
}

/** Takes changes of the project's sources into use, or of the module where there is no project. */
function watch(
  plan: Plan,
  project: Project | undefined,
  toBuild: CompileOptions,
  runner: Runner,
  since: number,
): void {
  const reload = async (): Promise<void> => {
    try {
      if (project !== undefined) await compile(project, toBuild);
      await runner.reload();
      plan.log.note(`${shown(plan.file)} has changed and is in use`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.error(error.message);
      plan.log.note("the module from before stays in use");
    }
  };
  if (project !== undefined) watchSources(project, since, reload);
  else watchModule(plan.file, since, reload);
}
