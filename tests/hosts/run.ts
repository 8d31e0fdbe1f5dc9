/**
 * `npm run test:hosts`: runs the examples' modules in the Java host, which Maven fetches into the user's cache, and writes what came of it to
 * results.json, from which docs/hosts.md has its table. Each example is run as it is built, and as `build --host java` builds it.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildExample, exampleNames } from "../../scripts/build-examples.js";
import { runAsc } from "../../scripts/compilers.js";
import { usesFor } from "../../src/cli/hosts.js";
import { userCache } from "../../src/envoy/cache.js";
import { hosts } from "../../src/hosts/index.js";
import { root } from "../support/paths.js";
import { resultsFile } from "./results.js";
import type { HostResults } from "./results.js";

const source = join(root, "tests", "hosts", "java");
const folder = join(userCache(), "java-host-0.0.5");

function run(command: string, parameters: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, {
    cwd: folder,
    encoding: "utf8",
    input,
  });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? ""}\n${stderr}${stdout}`);
  return stdout;
}

/** The Java host and the program that runs modules in it. */
function prepare(): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(source, "pom.xml"), join(folder, "pom.xml"));
  if (!existsSync(join(folder, "lib")))
    run("mvn", ["-B", "-q", "dependency:copy-dependencies", "-DoutputDirectory=lib"]);
  run("javac", ["-cp", "lib/*", "-d", "out", join(source, "Examples.java")]);
}

/** An example as `build --host java` builds it. */
async function buildForJava(name: string): Promise<string> {
  const uses = usesFor(hosts.filter((host) => host.name === "java")).flatMap((use) => ["--use", use]);
  const example = join(root, "examples", name);
  const options = ["--config", "asconfig.json", "--target", "release", "--outFile", "build/java.wasm"];
  const { message, files } = await runAsc([...options, ...uses, "--baseDir", example]);
  if (message !== undefined) throw new Error(`examples/${name} does not compile for Java:\n${message}`);
  const file = join(folder, `${name}.wasm`);
  const [, module] = [...files].find(([path]) => path.endsWith(".wasm"))!;
  writeFileSync(file, module);
  return file;
}

function inJava(modules: readonly (readonly [name: string, file: string])[]): Record<string, string> {
  const input = modules.map(([name, file]) => `${name}\t${file}\t\n`).join("");
  const lines = run(
    "java",
    ["-Xmx256m", "-XX:ActiveProcessorCount=1", "-cp", "out:lib/*", "Examples"],
    input,
  );
  const rows = lines.trim().split("\n");
  return Object.fromEntries(rows.map((line) => line.split("\t") as [string, string]));
}

prepare();
const asBuilt: [string, string][] = [];
const forJava: [string, string][] = [];
for (const name of exampleNames()) {
  asBuilt.push([name, await buildExample(name)]);
  try {
    forJava.push([name, await buildForJava(name)]);
  } catch (error) {
    console.log(
      String((error as Error).message)
        .split("\n")
        .slice(0, 4)
        .join("\n"),
    );
  }
}
const results: HostResults = { java: inJava(asBuilt), "java, built for it": inJava(forJava) };
writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
for (const [host, cells] of Object.entries(results))
  console.log(
    `${host}: ${Object.values(cells).filter((cell) => cell === "runs").length} of ${asBuilt.length} run`,
  );
process.exit(0);
