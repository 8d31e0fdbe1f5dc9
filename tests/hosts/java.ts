/** The Java host, which Maven fetches into the user's cache, and what the examples do in it. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildExample } from "../../scripts/build-examples.js";
import { runAsc } from "../../scripts/compilers.js";
import { usesFor } from "../../src/cli/hosts.js";
import { userCache } from "../../src/envoy/cache.js";
import { hosts } from "../../src/hosts/index.js";
import { root } from "../support/paths.js";
import type { Cells } from "./results.js";

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

/** Each of the examples as it is built, and as `build --host java` builds it. */
export async function runInJava(names: readonly string[]): Promise<Readonly<Record<string, Cells>>> {
  prepare();
  const asBuilt: [string, string][] = [];
  const forJava: [string, string][] = [];
  const refused: Record<string, string> = {};
  for (const name of names) {
    asBuilt.push([name, await buildExample(name)]);
    try {
      forJava.push([name, await buildForJava(name)]);
    } catch (error) {
      const { message } = error as Error;
      refused[name] = `not built: ${/ERROR[^\n]*/.exec(message)?.[0] ?? message.split("\n")[1] ?? message}`;
    }
  }
  return { java: inJava(asBuilt), "java, built for it": { ...inJava(forJava), ...refused } };
}
