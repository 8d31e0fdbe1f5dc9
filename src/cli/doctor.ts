/**
 * `proxy-wasm-as doctor`: what is here, what is missing, and how to get it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import { ENVOY_VERSION, findEnvoy } from "../envoy/index.js";
import { version } from "../index.js";
import { cacheFolder } from "./cache.js";
import { wrap } from "./output.js";

interface Finding {
  readonly what: string;
  readonly found: string | null;
  /** What to do; null when nothing is to be done. */
  readonly remedy: string | null;
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
      if (findings.some(({ remedy }) => remedy !== null)) process.exitCode = 1;
    });
}

function format({ what, found, remedy }: Finding): string {
  return `${remedy === null ? "ok     " : "missing"} ${what.padEnd(15)} ${wrap(remedy ?? found!, 8, 24)}`;
}

function examine(): Finding[] {
  const node = Number(process.versions.node.split(".")[0]);
  const compiler = compilerVersion();
  const envoy = findEnvoy(cacheFolder(), false);
  return [
    { what: "proxy-wasm-as", found: version, remedy: null },
    { what: "Node", found: process.version, remedy: node >= 20 ? null : "install Node 20 or newer" },
    {
      what: "AssemblyScript",
      found: compiler ?? null,
      remedy: compiler?.startsWith("0.28.") === true ? null : "npm install --save-dev assemblyscript@0.28",
    },
    envoy.path !== undefined
      ? { what: "Envoy", found: `${envoy.version} (${envoy.path})`, remedy: null }
      : { what: "Envoy", found: null, remedy: `${envoy.reason}; "run" downloads ${ENVOY_VERSION} by itself` },
  ];
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
