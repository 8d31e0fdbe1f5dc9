/**
 * Builds the measured filters: ours, and those of the peers from package registries, in the same run. A peer that cannot
 * be built is left out with the reason.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFilter } from "../tests/support/compile.js";
import { root } from "../tests/support/paths.js";
import type { Report } from "./rust.js";
import { buildRustExamples, cache, run } from "./rust.js";

export interface Peer {
  readonly id: "as" | "rust" | "gcore" | "go";
  readonly title: string;
  /** The filters' files, by name. */
  readonly filters: Readonly<Record<string, string>>;
  /** Why there are none. */
  readonly missing?: string;
}

const folder = join(root, "bench", "filters");

function attempt(id: Peer["id"], title: string, build: () => Record<string, string>): Peer {
  try {
    return { id, title, filters: build() };
  } catch (error) {
    return { id, title, filters: {}, missing: (error as Error).message };
  }
}

/** Our own filters. */
export async function buildOurs(names: readonly string[]): Promise<Peer> {
  const filters: Record<string, string> = {};
  for (const name of names) filters[name] = await compileFilter(`bench/filters/as/${name}.ts`);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return { id: "as", title: `proxy-wasm-as ${version}`, filters };
}

/** The Rust SDK from crates.io. */
export function buildRust(names: readonly string[], report: Report): Peer {
  return attempt("rust", "Rust, proxy-wasm 0.2.5", () =>
    buildRustExamples(join(folder, "rust"), names, report),
  );
}

/** The G-Core AssemblyScript SDK from npm; it has no JSON, and its filters here are those with headers. */
export function buildGCore(names: readonly string[], report: Report): Peer {
  return attempt("gcore", "G-Core AssemblyScript SDK 1.2.3", () => {
    const home = join(folder, "gcore");
    if (!existsSync(join(home, "node_modules")))
      run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], home, {
        npm_config_loglevel: "error",
      });
    report("building the G-Core filters");
    const out = join(cache, "gcore");
    mkdirSync(out, { recursive: true });
    const asc = join(home, "node_modules", "assemblyscript", "bin", "asc.js");
    const filters: Record<string, string> = {};
    for (const name of names.filter((candidate) => existsSync(join(home, `${candidate}.ts`)))) {
      filters[name] = join(out, `${name}.wasm`);
      const shim = join("node_modules", "@assemblyscript", "wasi-shim", "asconfig.json");
      const options = ["--config", shim, "-O3", "--runtime", "incremental", "--use", "abort=abort_proc_exit"];
      run(process.execPath, [asc, `${name}.ts`, "-o", filters[name], ...options], home);
    }
    return filters;
  });
}

/** The Go SDK from the Go module proxy, which serves the version that go.mod names; only the filters with headers. */
export function buildGo(names: readonly string[], report: Report): Peer {
  return attempt("go", "Go, proxy-wasm-go-sdk of 2025-02-12", () => {
    const home = join(folder, "go");
    report("building the Go filters");
    const out = join(cache, "go");
    mkdirSync(out, { recursive: true });
    const filters: Record<string, string> = {};
    for (const name of names.filter((candidate) => existsSync(join(home, candidate)))) {
      filters[name] = join(out, `${name}.wasm`);
      const options = ["-buildmode=c-shared", "-trimpath", "-ldflags=-s", "-o", filters[name]];
      run("go", ["build", ...options, `./${name}`], home, { GOOS: "wasip1", GOARCH: "wasm" });
    }
    return filters;
  });
}
