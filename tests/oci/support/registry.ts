/** A real registry on this machine: Debian's docker-registry. */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { root } from "../../support/paths.js";
import { freePort } from "../../support/ports.js";
import { pass } from "../../support/wait.js";

const cache = join(root, "node_modules", ".cache", "proxy-wasm-as", "docker-registry");

/** The program, fetched with apt-get the first time without installing it; or why there is none. */
function findRegistry(): { path: string; reason?: undefined } | { path?: undefined; reason: string } {
  const installed = spawnSync("docker-registry", ["--version"]);
  if (installed.error === undefined) return { path: "docker-registry" };
  const path = join(cache, "usr", "bin", "docker-registry");
  if (existsSync(path)) return { path };
  const folder = mkdtempSync(join(tmpdir(), "docker-registry-"));
  try {
    const download = (): number | null =>
      spawnSync("apt-get", ["download", "docker-registry"], { cwd: folder, timeout: 120_000 }).status;
    if (download() !== 0) {
      if (process.getuid?.() !== 0)
        return { reason: "docker-registry is missing: apt-get install docker-registry" };
      spawnSync("apt-get", ["update", "-qq"], { timeout: 120_000 });
      if (download() !== 0) return { reason: "apt-get cannot download docker-registry" };
    }
    const file = readdirSync(folder).find((name) => name.endsWith(".deb"))!;
    const unpacked = join(folder, "unpacked");
    execFileSync("dpkg-deb", ["-x", join(folder, file), unpacked]);
    mkdirSync(join(cache, ".."), { recursive: true });
    try {
      renameSync(unpacked, cache);
    } catch {
      // Another file system, or another test file was faster.
      if (!existsSync(path)) execFileSync("cp", ["-r", unpacked, cache]);
    }
    return { path };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const found = findRegistry();

/** A test that needs the registry; without one it is skipped with the reason. */
export function registryTest(name: string, body: (t: TestContext) => Promise<void>): void {
  void test(name, { skip: found.path === undefined ? found.reason : false }, body);
}

export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly port: number;
  /** Where it keeps what it has. */
  readonly folder: string;
  kill(): void;
}

export interface RegistryOptions {
  /** Asks for the name `user` and the password `secret`. */
  readonly password?: boolean;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Its disk has no more bytes than these; only where `canMount` says so. */
  readonly diskBytes?: number;
}

let mounts: boolean | undefined;

/** Whether a process of ours may mount a file system of its own. */
export function canMount(): boolean {
  mounts ??= spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
  return mounts;
}

/** Of the password "secret", for the user "user". */
const htpasswd = "user:$2y$05$sE.ol1XETDD8ytXF9IkQUOK73nSxtc9hcsR1ctGrS5NXg2Efqcb1W\n";

/** Starts a registry that ends with the test. */
export async function startRegistry(t: TestContext, options: RegistryOptions = {}): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-registry-"));
  const port = await freePort();
  writeFileSync(join(folder, "htpasswd"), htpasswd);
  const config = {
    version: "0.1",
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: "test",
      ...(options.tls !== undefined && { tls: options.tls }),
    },
    // Istio refuses a realm that is not an address on the internet.
    ...(options.password === true && {
      auth: { htpasswd: { realm: "https://registry.test/", path: join(folder, "htpasswd") } },
    }),
  };
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const command = [found.path!, "serve", join(folder, "config.yml")];
  if (options.diskBytes !== undefined) {
    mkdirSync(join(folder, "data"));
    const mount = `mount -t tmpfs -o size=${options.diskBytes} tmpfs ${join(folder, "data")}`;
    command.unshift("unshare", "-rm", "sh", "-c", `${mount} && exec "$0" "$@"`);
  }
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"], OTEL_TRACES_EXPORTER: "none" },
  });
  let log = "";
  child.stderr!.on("data", (text) => (log += String(text)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const scheme = options.tls === undefined ? "http" : "https";
  for (let attempt = 0; ; attempt++) {
    try {
      await fetch(`${scheme}://127.0.0.1:${port}/v2/`);
      break;
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code !== undefined && /CERT|SELF_SIGNED|UNABLE/.test(code)) break; // it answers, and nobody knows it
      if (attempt > 200 || child.exitCode !== null) throw new Error(`The registry did not start:\n${log}`);
      await pass(50, "between two attempts");
    }
  }
  return { host: `127.0.0.1:${port}`, port, folder, kill: () => void child.kill("SIGKILL") };
}

/** A certificate for 127.0.0.1 and localhost by an authority of its own. */
export function makeCertificates(t: TestContext): { ca: string; certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-tls-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string): string => join(folder, name);
  const openssl = (...parameters: string[]): void =>
    void execFileSync("openssl", parameters, { stdio: ["ignore", "ignore", "pipe"] });
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const ca = ["-keyout", file("ca.key"), "-out", file("ca.pem"), "-subj", "/CN=Test CA", "-days", "2"];
  openssl("req", "-x509", ...ec, ...ca);
  openssl("req", ...ec, "-keyout", file("key.pem"), "-out", file("request.pem"), "-subj", "/CN=localhost");
  writeFileSync(file("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  const sign = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2"];
  openssl(
    "x509",
    "-req",
    "-in",
    file("request.pem"),
    ...sign,
    "-extfile",
    file("names"),
    "-out",
    file("cert.pem"),
  );
  return { ca: file("ca.pem"), certificate: file("cert.pem"), key: file("key.pem") };
}
