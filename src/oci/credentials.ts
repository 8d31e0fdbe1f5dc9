/**
 * Credentials as docker and podman keep them.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { OciError } from "./error.js";
import { isDockerHub } from "./reference.js";

/** The user's name and password, or the token that an earlier login left. */
export type Credentials =
  { readonly username: string; readonly password: string } | { readonly identityToken: string };

interface AuthFile {
  readonly auths?: Record<
    string,
    { auth?: string; username?: string; password?: string; identitytoken?: string }
  >;
  readonly credHelpers?: Record<string, string>;
  readonly credsStore?: string;
}

/** The files in which credentials are looked for, in order. */
export function authFiles(env: NodeJS.ProcessEnv = process.env): string[] {
  if (env["REGISTRY_AUTH_FILE"]) return [env["REGISTRY_AUTH_FILE"]];
  const home = env["HOME"] || homedir();
  return [
    ...(env["XDG_RUNTIME_DIR"] ? [join(env["XDG_RUNTIME_DIR"], "containers", "auth.json")] : []),
    join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers", "auth.json"),
    join(env["DOCKER_CONFIG"] || join(home, ".docker"), "config.json"),
  ];
}

/**
 * Finds the credentials for a repository; undefined when no file has any, and the request is anonymous. Throws `OciError` with
 * the code "credentials" when a file or a helper cannot be read.
 */
export function findCredentials(
  registry: string,
  repository: string,
  env: NodeJS.ProcessEnv = process.env,
): Credentials | undefined {
  for (const path of authFiles(env)) {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT" && env["REGISTRY_AUTH_FILE"] !== path) continue;
      throw new OciError("credentials", `${path} cannot be read: ${(error as Error).message}.`, {
        cause: error,
      });
    }
    const found = fromFile(path, text, registry, repository, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fromFile(
  path: string,
  text: string,
  registry: string,
  repository: string,
  env: NodeJS.ProcessEnv,
): Credentials | undefined {
  let file: AuthFile | null;
  try {
    file = JSON.parse(text) as AuthFile | null;
  } catch (error) {
    throw new OciError("credentials", `${path} is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  const helper = names(registry)
    .map((name) => file?.credHelpers?.[name])
    .find((name) => name !== undefined);
  const keys = Object.keys(file?.auths ?? {});
  // The longest key that covers the repository: podman keeps credentials for parts of a registry.
  const covers = (key: string): boolean => {
    const plain = key.replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
    return names(registry).some((name) => plain === name || `${name}/${repository}/`.startsWith(`${plain}/`));
  };
  const key = keys.filter(covers).sort((a, b) => b.length - a.length)[0];

  if (helper !== undefined) return fromHelper(helper, registry, env);
  if (file?.credsStore) {
    const stored = fromHelper(file.credsStore, registry, env);
    if (stored !== undefined) return stored;
  }
  if (key === undefined) return undefined;
  const entry = file!.auths![key]!;
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  if (entry.auth) {
    const plain = Buffer.from(entry.auth, "base64").toString("utf8");
    const colon = plain.indexOf(":");
    if (colon < 0)
      throw new OciError(
        "credentials",
        `${path}: "auth" of ${key} is not base64 of NAME:PASSWORD; log in again.`,
      );
    return { username: plain.slice(0, colon), password: plain.slice(colon + 1).replace(/\0+$/, "") };
  }
  if (entry.username !== undefined) return { username: entry.username, password: entry.password ?? "" };
  return undefined;
}

/** The names under which a registry is kept. */
function names(registry: string): string[] {
  return isDockerHub(registry)
    ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"]
    : [registry];
}

/** Asks `docker-credential-NAME`; undefined when it has nothing for the registry. */
function fromHelper(name: string, registry: string, env: NodeJS.ProcessEnv): Credentials | undefined {
  const program = `docker-credential-${name}`;
  const { status, stdout, stderr, error } = spawnSync(program, ["get"], {
    input: names(registry)[0]!,
    encoding: "utf8",
    env,
    timeout: 60_000,
  });
  if (error !== undefined)
    throw new OciError(
      "credentials",
      `${program}, which has the password of ${registry}, did not run: ${error.message}.`,
    );
  if (status !== 0) {
    const said = `${stdout}${stderr}`.trim();
    if (/credentials not found/i.test(said)) return undefined;
    throw new OciError("credentials", `${program} failed for ${registry}: ${said || `exit code ${status}`}.`);
  }
  try {
    const { Username, Secret } = JSON.parse(stdout) as { Username: string; Secret: string };
    if (Username === "<token>") return { identityToken: Secret };
    return { username: Username, password: Secret };
  } catch (cause) {
    throw new OciError("credentials", `${program} answered something that is not JSON.`, { cause });
  }
}
