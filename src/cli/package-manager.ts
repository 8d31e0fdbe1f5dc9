import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whenLeaving } from "./leave.js";
import { progress } from "./progress.js";

/** A program that installs a project's packages and runs its scripts. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  /** The command that installs, as a person types it. */
  readonly install: string;
  /** Its parameters when nobody looks. */
  readonly quietly: readonly string[];
  /** The command that runs the script `test`; bun's own `test` is another thing. */
  readonly test: string;
  readonly start: string;
  /** Tells whether it is Yarn 2 or newer, which takes a folder below another project for a part of that. */
  readonly isBerry: boolean;
}

const managers: Readonly<Record<PackageManager["name"], PackageManager>> = {
  npm: {
    name: "npm",
    install: "npm install",
    quietly: ["install", "--no-audit", "--no-fund", "--loglevel=error"],
    test: "npm test",
    start: "npm start",
    isBerry: false,
  },
  pnpm: {
    name: "pnpm",
    install: "pnpm install",
    quietly: ["install", "--ignore-workspace", "--reporter=append-only"],
    test: "pnpm test",
    start: "pnpm start",
    isBerry: false,
  },
  yarn: {
    name: "yarn",
    install: "yarn install",
    quietly: ["install"],
    test: "yarn test",
    start: "yarn start",
    isBerry: false,
  },
  bun: {
    name: "bun",
    install: "bun install",
    quietly: ["install"],
    test: "bun run test",
    start: "bun start",
    isBerry: false,
  },
};

export const managerNames = Object.keys(managers) as PackageManager["name"][];

/** The one that was asked for, or that has started this process and says so in the environment; npm otherwise. */
export function packageManager(named: PackageManager["name"] | undefined): PackageManager {
  const agent = /^(\w+)\/(\d+)/.exec(process.env["npm_config_user_agent"] ?? "");
  const told = managerNames.find((name) => name === agent?.[1]);
  const manager = managers[named ?? told ?? "npm"];
  if (manager.name !== "yarn" || (named !== undefined && told !== "yarn")) return manager;
  return { ...manager, isBerry: Number(agent![2]) >= 2 };
}

/** Files and folders that an installer leaves in a project. */
const TRACES = [
  ...["node_modules", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"],
  ...[".yarn", ".pnp.cjs", ".pnp.loader.mjs", "yarn-error.log", "pnpm-debug.log"],
];

/** Installs a new project's packages; says what the installer said when it fails, and leaves nothing of it then. */
export async function install(manager: PackageManager, folder: string): Promise<boolean> {
  const before = new Set(readdirSync(folder));
  const clean = (): void => {
    for (const name of TRACES)
      if (!before.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  };
  // Makes the folder a project of its own for Yarn 2 and newer, wherever it stands.
  if (manager.isBerry && !existsSync(join(folder, "yarn.lock"))) writeFileSync(join(folder, "yarn.lock"), "");
  const end = progress(`Installing (${manager.install})`);
  const child = spawn(manager.name, manager.quietly, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    // In CI Yarn would refuse to write a new lockfile.
    env: { ...process.env, YARN_ENABLE_IMMUTABLE_INSTALLS: "false" },
  });
  const forget = whenLeaving(() => {
    child.kill();
    clean();
  });
  let messages = "";
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (messages += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise<number | null>((done) => {
    child.once("error", (error) => {
      messages = String(error);
      done(null);
    });
    child.once("close", done);
  });
  forget();
  end();
  if (status === 0) return true;
  clean();
  // Yarn and pnpm tell their errors on the standard output.
  console.error(
    `${(messages.trim() || said.trim()).trim()}\n${manager.install} did not work; try it again by hand.`,
  );
  return false;
}
