import type { SpawnSyncReturns } from "node:child_process";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { root } from "../support/paths.js";

/** The command's file. */
export const main = join(root, "dist", "cli", "main.js");

/** The surroundings of a command that is started by a test. */
export const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: "" };

/** Runs the command and waits for its end. */
export function cli(
  parameters: readonly string[],
  { cwd = root, more = {} }: { cwd?: string; more?: Record<string, string> } = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [main, ...parameters], {
    cwd,
    encoding: "utf8",
    env: { ...env, ...more },
    timeout: 120_000,
  });
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
