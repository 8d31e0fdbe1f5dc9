/**
 * `proxy-wasm-as bench`: what a request costs in a module.
 *
 * @module
 */
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CountingOptions, Measured, Request } from "../count/index.js";
import { RequestHangs, UncountedError, driver, measure } from "../count/index.js";
import { EnvoyCrash, LoadError } from "../host/index.js";
import { compile, findProject } from "./compile.js";
import { functionText, mapBeside } from "../places/index.js";
import { PROFILED, writeProfile } from "./profile.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { bytes, color, count, shown, wrap, reflow } from "./output.js";
import { parseCount, parseNumber } from "./numbers.js";
import { progress } from "./progress.js";
import { configurationOf, kindOf } from "./runner.js";

/** With names, so that functions can be told apart. */
const BENCH_MODULE = "build/plugin.bench.wasm";

const places = { http: "filter", tcp: "tcpFilter", "access-log": "accessLogger" } as const;

interface BenchOptions {
  readonly requests: number;
  readonly open: number;
  readonly method?: string;
  readonly path?: string;
  readonly header?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly responseBody?: string;
  readonly config?: string;
  readonly configFile?: string;
  readonly rootId?: string;
  readonly answer?: Readonly<Record<string, number>>;
  readonly as?: keyof typeof places;
  readonly functions: number;
  readonly profile?: string;
  readonly json?: boolean;
}

export function bench(): Command {
  return new Command("bench")
    .description("Measure what a request costs in a module of any SDK.")
    .argument("[file]", "the module; left out, the project in this folder is built")
    .option("-r, --requests <count>", "how many requests are measured", parseNumber, 1000)
    .option("--open <count>", "how many other requests stay open meanwhile", parseCount, 0)
    .option("-X, --method <method>", "the request's method (GET, with a body POST)")
    .option("--path <path>", "its path")
    .option("-H, --header <name:value>", "one more header; repeatable", parseHeader)
    .option("--body <file>", "its body, which comes in pieces of 16 KiB")
    .option("--response-body <file>", "what the upstream answers with, likewise")
    .option("-c, --config <text>", "the plugin's configuration")
    .option("--config-file <file>", "the plugin's configuration, from a file")
    .option("--root-id <id>", "which of the module's plugins to measure")
    .option("--answer <name=status>", "how a cluster that it calls answers; repeatable", parseAnswer)
    .addOption(
      new Option("--as <kind>", "what it is, if its callbacks do not tell").choices(Object.keys(places)),
    )
    .option("-n, --functions <count>", "how many functions to list", parseCount, 5)
    .option("--profile <file>", "also write a profile, a .cpuprofile, for Chrome's and speedscope's viewers")
    .option("--json", "as JSON, for programs")
    .addHelpText("after", () =>
      reflow(`
An operator is one WebAssembly instruction. Their number, and that of calls, is
the same on every machine; time is this machine's and has the embedded host's
own work in it. Functions have their names and lines by the map that a build
leaves beside the module.

Example:
  $ proxy-wasm-as bench build/plugin.wasm --path /api -H 'x-key: secret'`),
    )
    .action(start);
}

function parseHeader(text: string, others: BenchOptions["header"] = []): NonNullable<BenchOptions["header"]> {
  const match = /^([^:]+):[ \t]*([^]*)$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Say name and value: 'x-key: secret'");
  return [...others, [match[1]!.trim().toLowerCase(), match[2]!]];
}

function parseAnswer(text: string, others: BenchOptions["answer"] = {}): Record<string, number> {
  const match = /^(.+)=(\d{3})$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Say name and status: auth=200");
  return { ...others, [match[1]!]: Number(match[2]) };
}

async function start(named: string | undefined, options: BenchOptions): Promise<void> {
  const configuration = configurationOf(options);
  const request = requestOf(options);
  const file = resolve(named ?? (await built()));
  const wasm = readNamed(file, BUILD_FIRST);
  const place = placeOf(wasm, file, options);
  const end = progress("Measuring");
  let said = "";
  let measured: Measured;
  const counting: CountingOptions = {
    wasm,
    place,
    onLog: ({ ofModule, message }) => {
      if (ofModule) said = ` It logged: ${message.trim()}`;
    },
    ...(options.rootId !== undefined && { rootId: options.rootId }),
    ...(configuration !== undefined && { configuration }),
    ...(options.answer !== undefined && { answers: options.answer }),
    ...(options.responseBody !== undefined && { responseBody: piecesOf(options.responseBody) }),
  };
  const map = mapBeside(file, wasm);
  try {
    measured = await measure(counting, request, {
      ...options,
      functions: options.functions > 0,
      nameOf: (index) => map && functionText(map, index),
    });
    if (options.profile !== undefined)
      await writeProfile(options.profile, counting, (host) => driver(host, counting, request), map);
  } catch (error) {
    throw explained(error, file, said);
  } finally {
    end();
  }
  if (options.json === true) console.log(JSON.stringify({ file, place, ...measured }, null, 2));
  else print(file, measured, options);
  if (options.profile !== undefined && options.json !== true)
    console.log(`\n${color.bold(shown(options.profile))} has the profile of ${PROFILED} of them.`);
}

async function built(): Promise<string> {
  const project = findProject();
  if (project === undefined)
    throw new UserError("Name a module, or go to a project: proxy-wasm-as bench build/plugin.wasm");
  return (await compile(project, { out: BENCH_MODULE, target: "release", names: true })).file;
}

/** A body as a connection brings it. */
function piecesOf(file: string): Buffer[] {
  const all = readNamed(file, "name the body's file");
  const pieces: Buffer[] = [];
  for (let at = 0; at < all.length; at += 16384) pieces.push(all.subarray(at, at + 16384));
  return pieces;
}

function requestOf({ method, path, header, body }: BenchOptions): Request {
  const chunks = body === undefined ? [] : piecesOf(body);
  return {
    method: method ?? (body === undefined ? "GET" : "POST"),
    ...(path !== undefined && { path }),
    ...(header !== undefined && { headers: header }),
    ...(chunks.length > 0 && { body: chunks }),
  };
}

function placeOf(
  wasm: Uint8Array,
  file: string,
  { as }: BenchOptions,
): NonNullable<CountingOptions["place"]> {
  if (as !== undefined) return places[as];
  const kind = kindOf(wasm, file);
  if (kind === "service")
    throw new UserError(`${shown(file)} is a service: it sees no requests that could be measured.`);
  return places[kind];
}

function explained(error: unknown, file: string, said: string): unknown {
  if (error instanceof LoadError || error instanceof EnvoyCrash)
    return new UserError(
      `${shown(file)} does not start: ${error.message.replace(/\.$/, "")}.${said}${said === "" ? hint(file) : ""}`,
    );
  if (error instanceof RequestHangs)
    return new UserError(
      `The request has no end: the filter holds it, waits for time to pass, or calls a cluster without an --answer.${said}`,
    );
  if (error instanceof UncountedError)
    return new UserError(`There is no profile of ${shown(file)}: ${error.message}.`);
  return error;
}

function hint(file: string): string {
  return ` "proxy-wasm-as inspect ${shown(file)}" says more.`;
}

function print(file: string, measured: Measured, options: BenchOptions): void {
  const { shape, cost, operators, uncounted, microseconds, functions, status } = measured;
  const size = `${bytes(shape.bytes)}, ${bytes(shape.gzip)} by gzip`;
  console.log(`${color.bold(shown(file))}  ${size}`);
  const answered = status === null ? "" : `, answered with ${status}`;
  const beside = options.open > 0 ? `, beside ${options.open.toLocaleString("en")} open ones` : "";
  const what = status === null ? "connection" : "request";
  fact(`${what}s`, `${options.requests.toLocaleString("en")}${answered}${beside}`);
  fact("time", `${microseconds} µs of CPU per ${what}, the embedded host's included`);
  if (operators === null) fact("operators", `not counted: ${uncounted}`);
  else {
    const { median, p99, max } = operators;
    fact("operators", `${number(cost.operators)} per ${what}`);
    if (max > median) fact("", `median ${number(median)}, 99 % at most ${number(p99)}, all ${number(max)}`);
  }
  if (cost.bulkBytes > 0) fact("copied", `${number(cost.bulkBytes)} bytes by memory.copy and memory.fill`);
  fact("called", each(cost.callbacks));
  fact("calls", each(cost.hostCalls));
  fact("allocations", `${number(cost.allocations)} by the host`);
  const { pagesAtStart, pages } = cost;
  const kib = (number: number): string => `${(number * 64).toLocaleString("en")} KiB`;
  fact("memory", `${kib(pagesAtStart)} at the beginning, ${kib(pages)} at the end`);
  if (functions.length === 0) return;
  console.log(`\n${color.bold("functions")}, operators per ${what}`);
  for (const [name, spent] of functions.slice(0, options.functions))
    console.log(`  ${number(spent).padStart(9)}  ${name}`);
  const rest = functions.slice(options.functions);
  if (rest.length === 0) return;
  const sum = rest.reduce((total, [, spent]) => total + spent, 0);
  console.log(`  ${number(sum).padStart(9)}  in ${count(rest.length, "more function")}`);
}

function each(calls: Readonly<Record<string, number>>): string {
  const all = Object.entries(calls).map(
    ([name, times]) => `${times === 1 ? "" : `${number(times)}×`}${name.replace(/^env\./, "")}`,
  );
  return all.length === 0 ? "nothing" : all.join(" ");
}

function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}

function fact(name: string, value: string): void {
  console.log(`  ${color.dim(name.padEnd(11))} ${wrap(value, 14)}`);
}
