/**
 * Makes a clone ready: installs the locked dependencies, lets the repository's own folders import `proxy-wasm-as`
 * by name, and builds `dist/` when the sources are newer. Plain JavaScript, because it runs before anything is installed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`proxy-wasm-as needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const stamp = join(modules, ".proxy-wasm-as-lock");
const isNew = !existsSync(stamp) || readFileSync(stamp, "utf8") !== lock;
if (isNew && isInstalled()) writeFileSync(stamp, lock);
else if (isNew) {
  console.log("Installing the locked dependencies (about 280 MB, once) …");
  // No install scripts: nothing here needs one, and one of as-pect's would reach for unlocked packages.
  const options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath; // the npm that runs this script, when one does
  if (npm !== undefined) execFileSync(process.execPath, [npm, ...options], { cwd: root, stdio: "inherit" });
  else execFileSync("npm", options, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  writeFileSync(stamp, lock);
}

/** Whether the packages that are locked are those that are there, as npm notes them: another range alone installs nothing. */
function isInstalled() {
  const noted = join(modules, ".package-lock.json");
  if (!existsSync(noted)) return false;
  const { packages: there } = JSON.parse(readFileSync(noted, "utf8"));
  const { packages: locked } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const isSame = (name) =>
    there[name] === undefined
      ? locked[name].optional === true
      : there[name].version === locked[name]?.version && there[name].integrity === locked[name]?.integrity;
  const names = new Set([...Object.keys(there), ...Object.keys(locked)]);
  return [...names].every((name) => name === "" || isSame(name));
}

const self = join(modules, "proxy-wasm-as");
if (!existsSync(join(self, "package.json"))) {
  rmSync(self, { force: true, recursive: true });
  mkdirSync(modules, { recursive: true });
  symlinkSync("..", self, "dir");
}

/** The newest change below `folder`, in milliseconds. */
function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

/** Removes what was built of sources that are gone. */
function removeStale(folder, sources) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    const source = join(
      sources,
      entry.isDirectory() ? entry.name : entry.name.replace(/(\.d)?\.[jt]s$/, ".ts"),
    );
    if (!existsSync(source)) rmSync(path, { recursive: true });
    else if (entry.isDirectory()) removeStale(path, source);
  }
}

const dist = join(root, "dist");
const built = join(dist, ".built");
if (!existsSync(built) || statSync(built).mtimeMs < newest(join(root, "src"))) {
  // What the compiler of TypeScript noted of its last run tells it which files are new.
  if (!existsSync(join(dist, ".tsbuildinfo"))) rmSync(dist, { recursive: true, force: true });
  const tsc = [join(modules, "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"];
  const { status } = spawnSync(process.execPath, tsc, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
  removeStale(dist, join(root, "src"));
  writeFileSync(built, "");
}
