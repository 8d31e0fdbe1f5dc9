/** The modules that scenarios run: the puppet, and the kits in SDKs of others. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildRust } from "../../bench/peers.js";
import { root } from "../support/paths.js";
import { compilePuppet } from "./puppet.js";
import type { Scenario } from "./scenario.js";

const built = new Map<Scenario["sdk"], Promise<string>>();

/** The path of a scenario's module, built when it has changed. */
export function moduleOf({ sdk }: Scenario): Promise<string> {
  let path = built.get(sdk);
  if (path === undefined) {
    path = sdk === undefined ? compilePuppet() : sdk === "gcore" ? compileGCore() : compileRust();
    built.set(sdk, path);
  }
  return path;
}

/** The kit with G-Core's SDK, compiled as its documentation says. */
async function compileGCore(): Promise<string> {
  const source = "tests/parity/filters/kit-gcore.ts";
  const hash = createHash("sha256").update(readFileSync(join(root, source)));
  hash.update(readFileSync(join(root, "package-lock.json")));
  const folder = join(root, ".cache", "filters");
  const path = join(folder, `kit-gcore.${hash.digest("hex").slice(0, 24)}.wasm`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const asc = "node_modules/assemblyscript/bin/asc.js";
  const config = ["--config", "node_modules/@assemblyscript/wasi-shim/asconfig.json"];
  const options = ["-O3", "--runtime", "incremental", "--use", "abort=abort_proc_exit"];
  // A process of its own: the shim's configuration needs the folder in which asc runs.
  await promisify(execFile)(process.execPath, [asc, source, "--outFile", draft, ...config, ...options], {
    cwd: root,
  });
  renameSync(draft, path);
  return path;
}

/** The kit with the Rust SDK; throws with the reason where it cannot be built. */
async function compileRust(): Promise<string> {
  const peer = buildRust(["kit-rust"], (line) => console.log(line));
  const path = peer.filters["kit-rust"];
  if (path === undefined) throw new Error(`the Rust SDK cannot be built: ${peer.missing}`);
  return path;
}
