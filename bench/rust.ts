/**
 * Rust packages as modules: by Debian's compiler, and the cargo and linker that are installed.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../tests/support/paths.js";

/** Where what the peers need is kept. */
export const cache = join(root, ".cache", "bench");

export type Report = (line: string) => void;

/** Runs a program; throws with the end of what it says when it fails. */
export function run(
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

/** Debian's compiler for WebAssembly, with the sources of its standard library: rustup has no registry behind it. */
const debs = ["rustc-web", "libstd-rust-web-dev", "libstd-rust-web-1.96", "rust-web-src", "libllvm22"];

/** The parameters of cargo that build something in `folder` as a module, and what they need of the surroundings. */
export function cargo(folder: string, report: Report): { parameters: string[]; env: NodeJS.ProcessEnv } {
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
  report(`building ${folder.slice(root.length + 1)}`);
  const remap = [
    [dirname(folder), "bench"],
    [realpathSync(home), "rust-web"],
    [process.env["CARGO_HOME"] ?? join(process.env["HOME"] ?? "", ".cargo"), "cargo"],
  ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  return {
    parameters: [
      ...["build", "--release", "--locked", "--target", "wasm32-unknown-unknown"],
      "-Zbuild-std=std,panic_abort",
    ],
    env: {
      RUSTC: compiler,
      LD_LIBRARY_PATH: join(system, "usr", "lib", "x86_64-linux-gnu"),
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: remap.join(" "),
      CARGO_TARGET_DIR: target,
      PATH: `${dirname(lld)}:${process.env["PATH"]}`,
    },
  };
}

const target = join(cache, "rust", "target");

/** Builds the examples of the package in `folder`, and answers the files of those that are named. */
export function buildRustExamples(
  folder: string,
  names: readonly string[],
  report: Report,
): Record<string, string> {
  const { parameters, env } = cargo(folder, report);
  run("cargo", [...parameters, "--examples"], folder, env);
  const built = join(target, "wasm32-unknown-unknown", "release", "examples");
  return Object.fromEntries(names.map((name) => [name, join(built, `${name.replaceAll("-", "_")}.wasm`)]));
}
