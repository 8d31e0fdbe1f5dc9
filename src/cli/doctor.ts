/**
 * `proxy-wasm-as doctor`: what is here, what is missing, and how to get it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import { ENVOY_VERSION, canInstall, findEnvoy, wasmFault } from "../envoy/index.js";
import { version } from "../index.js";
import { wrap } from "./output.js";

interface Finding {
  readonly what: string;
  readonly found: string | null;
  /** The way to put it right; null when nothing is wrong. */
  readonly remedy: string | null;
  /** Tells whether it comes by itself when it is needed. */
  readonly later?: boolean;
}

export function doctor(): Command {
  return new Command("doctor")
    .description("Say which compiler and which Envoy are used here, and what is missing.")
    .option("--json", "as JSON, for programs")
    .addHelpText("after", "\nExample:\n  $ proxy-wasm-as doctor")
    .action((options: { json?: boolean }) => {
      const findings = examine();
      if (options.json === true) console.log(JSON.stringify(findings, null, 2));
      else for (const line of findings.map(format)) console.log(line);
      if (findings.some(({ remedy, later }) => remedy !== null && later !== true)) process.exitCode = 1;
    });
}

const words = { ok: "ok     ", missing: "missing", later: "later  " };

function format({ what, found, remedy, later }: Finding): string {
  const word = remedy === null ? words.ok : later === true ? words.later : words.missing;
  return `${word} ${what.padEnd(15)} ${wrap(remedy ?? found!, 8, 24)}`;
}

function examine(): Finding[] {
  const node = Number(process.versions.node.split(".")[0]);
  return [
    { what: "proxy-wasm-as", found: version, remedy: null },
    { what: "Node", found: process.version, remedy: node >= 20 ? null : "install Node 20 or newer" },
    compiler(),
    envoy(),
  ];
}

/** The compiler that a build in the current folder uses. */
function compiler(): Finding {
  const what = "AssemblyScript";
  const remedy = "npm install --save-dev assemblyscript@0.28";
  const found = compilerVersion();
  if (found === undefined) return { what, found: null, remedy: `none is installed here: ${remedy}` };
  const [, minor, patch] = /^0\.(\d+)\.(\d+)/.exec(found) ?? [];
  if (minor === "28" && Number(patch) >= 9) return { what, found, remedy: null };
  return { what, found, remedy: `${found} is here, and 0.28.9 or a newer 0.28 is needed: ${remedy}` };
}

/** The Envoy that `--envoy` would start; only that option needs one. */
function envoy(): Finding {
  const what = "Envoy";
  const found = findEnvoy(undefined, false);
  if (found.path === undefined) {
    if ((process.env["ENVOY"] ?? "") !== "") return { what, found: null, remedy: found.reason };
    const why = canInstall();
    if (why !== undefined)
      return {
        what,
        found: null,
        remedy: `none is here, and ${why}: set ENVOY to an Envoy ${ENVOY_VERSION}`,
      };
    return {
      what,
      found: null,
      remedy: `none is here; --envoy fetches ${ENVOY_VERSION} when asked`,
      later: true,
    };
  }
  const at = `${found.version} (${found.path})`;
  const fault = wasmFault(found.path);
  if (fault === undefined) return { what, found: at, remedy: null };
  const remedy = `${at} does not run WebAssembly ("${fault}"): set ENVOY to one that is built with V8, such as ${ENVOY_VERSION}`;
  return { what, found: at, remedy };
}

/** The version of the compiler that a build in the current folder uses. */
function compilerVersion(): string | undefined {
  try {
    const file = createRequire(join(process.cwd(), "package.json")).resolve("assemblyscript/package.json");
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return undefined; // none can be found from here
  }
}
