/**
 * Builds the measured filters: ours, and those of the peers from package registries, in the same run. A peer that cannot
 * be built is left out with the reason.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileFilter } from "../tests/support/compile.js";
import { root } from "../tests/support/paths.js";

export interface Peer {
  readonly id: "as" | "rust" | "gcore" | "go";
  readonly title: string;
  /** The filters' files, by name. */
  readonly filters: Readonly<Record<string, string>>;
  /** Why there are none. */
  readonly missing?: string;
}

const folder = join(root, "bench", "filters");
const cache = join(root, ".cache", "bench");

type Report = (line: string) => void;

/** Runs a program; throws with the end of what it says when it fails. */
function run(
  program: string,
  parameters: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): string {
  try {
    return execFileSync(program, parameters, {
      cwd,
      env: { ...process.env, ...env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${program}: ${(stderr ?? message).trim().split("\n").slice(-3).join(" ")}`);
  }
}

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

/** Debian's compiler for WebAssembly, with the sources of its standard library: rustup has no registry behind it. */
const debs = ["rustc-web", "libstd-rust-web-dev", "libstd-rust-web-1.96", "rust-web-src", "libllvm22"];

/** The Rust SDK from crates.io, built by Debian's compiler and the cargo and linker that are installed. */
export function buildRust(names: readonly string[], report: Report): Peer {
  return attempt("rust", "Rust, proxy-wasm 0.2.5", () => {
    const home = join(cache, "rust");
    const system = join(home, "root");
    const compiler = join(system, "usr", "bin", "rustc");
    if (!existsSync(compiler)) {
      report("fetching Debian's rustc-web (137 MB, once)");
      mkdirSync(join(home, "debs"), { recursive: true });
      run("apt-get", ["download", ...debs], join(home, "debs"));
      for (const deb of readdirSync(join(home, "debs")))
        run("dpkg-deb", ["-x", deb, system], join(home, "debs"));
    }
    const sysroot = run("rustc", ["--print", "sysroot"], home).trim();
    const lld = run("find", [sysroot, "-name", "rust-lld", "-print", "-quit"], home).trim();
    if (lld === "") throw new Error("no rust-lld in the installed Rust toolchain");
    report("building the Rust filters");
    const target = join(home, "target");
    const remap = [
      [folder, "bench"],
      [realpathSync(home), "rust-web"],
      [process.env["CARGO_HOME"] ?? join(process.env["HOME"] ?? "", ".cargo"), "cargo"],
    ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
    run(
      "cargo",
      [
        "build",
        "--release",
        "--locked",
        "--examples",
        "--target",
        "wasm32-unknown-unknown",
        "-Zbuild-std=std,panic_abort",
      ],
      join(folder, "rust"),
      {
        RUSTC: compiler,
        LD_LIBRARY_PATH: join(system, "usr", "lib", "x86_64-linux-gnu"),
        RUSTC_BOOTSTRAP: "1",
        RUSTFLAGS: remap.join(" "),
        CARGO_TARGET_DIR: target,
        PATH: `${dirname(lld)}:${process.env["PATH"]}`,
      },
    );
    const built = join(target, "wasm32-unknown-unknown", "release", "examples");
    return Object.fromEntries(names.map((name) => [name, join(built, `${name.replaceAll("-", "_")}.wasm`)]));
  });
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
      run(process.execPath, [asc, `${name}.ts`, "-o", filters[name]!, ...options], home);
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
      const options = ["-buildmode=c-shared", "-trimpath", "-ldflags=-s", "-o", filters[name]!];
      run("go", ["build", ...options, `./${name}`], home, { GOOS: "wasip1", GOARCH: "wasm" });
    }
    return filters;
  });
}
