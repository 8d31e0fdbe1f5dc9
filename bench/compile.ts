/**
 * What it costs V8 to compile a module as Envoy has it done: by the optimizing compiler alone, in one thread. Node under
 * callgrind, less the same with an empty module.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const flags = ["--no-liftoff", "--no-wasm-lazy-compilation", "--single-threaded"];
const script = 'new WebAssembly.Module(require("node:fs").readFileSync(process.argv[1]))';
const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Instructions of a Node process that compiles the file and ends. */
function instructionsOf(file: string, folder: string): number {
  const out = join(folder, "callgrind");
  const valgrind = ["--tool=callgrind", `--callgrind-out-file=${out}`, "--smc-check=all-non-file"];
  execFileSync("valgrind", [...valgrind, process.execPath, ...flags, "-e", script, file], {
    stdio: "ignore",
    env: { PATH: process.env["PATH"] },
    timeout: 900_000,
  });
  return Number(/^(?:summary|totals): (\d+)/m.exec(readFileSync(out, "utf8"))![1]);
}

/** Instructions to compile each of the files. */
export function compileCosts(files: readonly string[], report: (line: string) => void): number[] {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-compile-"));
  try {
    const nothing = join(folder, "empty.wasm");
    writeFileSync(nothing, empty);
    const base = instructionsOf(nothing, folder);
    return files.map((file) => {
      const instructions = instructionsOf(file, folder) - base;
      report(`compiling ${file.split("/").at(-1)}: ${(instructions / 1e6).toFixed(1)} million instructions`);
      return instructions;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
