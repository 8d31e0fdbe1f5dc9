/** Go, and what its module proxy has of Istio and Envoy Gateway. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { root } from "../../support/paths.js";

const source = join(root, "tests", "istio");
const cache = join(root, "node_modules", ".cache", "proxy-wasm-as", "istio");

/** Why there is no Go; undefined when there is one. */
export const noGo: string | undefined =
  spawnSync("go", ["version"]).error === undefined
    ? undefined
    : "Go is missing, with which Istio's own code is run: https://go.dev/dl";

/** A test that needs Go; without it, it is skipped with the reason. */
export function goTest(name: string, body: (t: TestContext) => Promise<void>): void {
  void test(name, { skip: noGo ?? false }, body);
}

function go(folder: string, ...parameters: string[]): string {
  const options = { cwd: folder, encoding: "utf8" } as const;
  let { status, stdout, stderr } = spawnSync("go", parameters, options);
  // The network may have failed; what came is kept.
  if (status !== 0) ({ status, stdout, stderr } = spawnSync("go", parameters, options));
  if (status !== 0) throw new Error(`go ${parameters.join(" ")} failed:\n${stderr}${stdout}`);
  return stdout;
}

/** Builds the program in tests/istio once for each version of it; a first build takes minutes. */
export function buildJudge(): string {
  const hash = createHash("sha256");
  for (const file of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(source, file)));
  const folder = join(cache, hash.digest("hex").slice(0, 16));
  const program = join(folder, "judge");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    for (const file of ["main.go", "go.mod", "go.sum"]) copyFileSync(join(source, file), join(folder, file));
    console.log("Building Istio's own code, which judges images and manifests (minutes, once) …");
    const built = join(folder, `judge.${process.pid}`);
    go(folder, "build", "-ldflags=-s -w", "-o", built, ".");
    renameSync(built, program);
  }
  return program;
}

export interface Answer {
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly digest?: string;
  readonly module?: string;
  /** What the proxy is given, as JSON. */
  readonly config?: string;
  readonly kinds?: readonly string[];
}

/** Asks Istio's code; an answer for each request, in order. */
export function ask(requests: readonly object[], env: Record<string, string> = {}): Answer[] {
  const input = requests.map((request) => JSON.stringify(request)).join("\n");
  const { status, stdout, stderr } = spawnSync(buildJudge(), {
    input,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    timeout: 120_000,
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", DOCKER_CONFIG: "/nonexistent", ...env },
  });
  if (status !== 0) throw new Error(`The judge ended with ${status}:\n${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{")) // Istio logs on standard output as well
    .map((line) => JSON.parse(line) as Answer);
}

/** The folder of a Go module, downloaded the first time. */
export function goModule(name: string, version: string): string {
  const { Dir } = JSON.parse(go(source, "mod", "download", "-json", `${name}@${version}`)) as { Dir: string };
  return Dir;
}

/** The version of a module that the program in tests/istio is built with. */
export function requiredVersion(name: string): string {
  const line = readFileSync(join(source, "go.mod"), "utf8")
    .split("\n")
    .find((text) => text.trim().startsWith(`${name} `));
  if (line === undefined) throw new Error(`go.mod names no ${name}`);
  return line.trim().split(" ")[1]!;
}
