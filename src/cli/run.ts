/**
 * `proxy-wasm-as run`: a proxy on this machine that runs a filter.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { Command, InvalidArgumentError } from "commander";
import type { EchoUpstream } from "../echo.js";
import { startEcho } from "../echo.js";
import { Envoy, EnvoyStartError, findEnvoy } from "../envoy/index.js";
import type { Upstream } from "../envoy/index.js";
import { UserError } from "./error.js";
import { cacheFolder } from "./cache.js";

const levels = ["trace", "debug", "info", "warning", "error", "critical"] as const;

interface RunOptions {
  readonly upstream?: Upstream;
  readonly port: number;
  readonly config?: string;
  readonly configFile?: string;
  readonly rootId?: string;
  readonly logLevel: (typeof levels)[number];
}

export function run(): Command {
  return new Command("run")
    .description("Run a module in a local Envoy, in front of an upstream.")
    .argument("<file>", "the module, for example build/plugin.wasm")
    .option("-u, --upstream <url>", "where requests go; left out, an echo server answers", parseUpstream)
    .option("-p, --port <port>", "the port to listen on, 0 for any that is free", parsePort, 10000)
    .option("-c, --config <text>", "the plugin's configuration")
    .option("--config-file <file>", "the plugin's configuration, from a file")
    .option("--root-id <id>", "which of the module's plugins to run")
    .option("-l, --log-level <level>", `what the filter logs: ${levels.join(", ")}`, parseLevel, "info")
    .addHelpText(
      "after",
      "\nExample:\n  $ proxy-wasm-as run build/plugin.wasm --upstream http://localhost:8080\n  $ curl -i localhost:10000/",
    )
    .action(start);
}

function parseUpstream(text: string): Upstream {
  const match = /^(?:http:\/\/)?([^/:[\]]+|\[[^\]]+\]):(\d+)\/?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Say host and port: http://localhost:8080");
  return { host: match[1]!.replace(/^\[|\]$/g, ""), port: parsePort(match[2]!) };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError("A port is 0 to 65535.");
  return port;
}

function parseLevel(text: string): string {
  if (!(levels as readonly string[]).includes(text))
    throw new InvalidArgumentError(`It is one of ${levels.join(", ")}.`);
  return text;
}

async function start(file: string, options: RunOptions): Promise<void> {
  if (!existsSync(file)) throw new UserError(`There is no file ${file}; build it first (npm run build).`);
  const found = findEnvoy(cacheFolder());
  if (found.path === undefined) throw new UserError(`${found.reason}.`);

  let echo: EchoUpstream | undefined;
  if (options.upstream === undefined) echo = await startEcho();
  const configuration =
    options.configFile === undefined ? options.config : new Uint8Array(readFileSync(options.configFile));
  try {
    const envoy = await Envoy.start({
      envoy: found.path,
      port: options.port,
      filters: [
        {
          wasm: file,
          name: "plugin",
          ...(options.rootId !== undefined && { rootId: options.rootId }),
          ...(configuration !== undefined && { configuration }),
        },
      ],
      upstream: options.upstream ?? echo!.port,
      wasmLogLevel: options.logLevel,
      onLog: (text) => process.stderr.write(text),
    });
    const upstream = options.upstream === undefined ? "an echo server" : describe(options.upstream);
    console.log(`Envoy ${found.version} runs ${file} in front of ${upstream}.`);
    console.log(`Listening on http://127.0.0.1:${envoy.port}, end with Ctrl-C.`);
    const exit = await envoy.ended;
    throw new UserError(`Envoy ended (${exit}).`);
  } catch (error) {
    if (error instanceof EnvoyStartError)
      throw new UserError(`Envoy did not start (exit code ${error.exitCode}); its log above says why.`);
    throw error;
  } finally {
    await echo?.close();
  }
}

function describe(upstream: Upstream): string {
  if (typeof upstream === "number") return `127.0.0.1:${upstream}`;
  return `${isIP(upstream.host) === 6 ? `[${upstream.host}]` : upstream.host}:${upstream.port}`;
}
