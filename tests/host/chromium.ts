/** Chromium, as Debian packages it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const path = "/usr/bin/chromium";

/** Its path; it is installed where this process may. Otherwise why there is none. */
export function findChromium(): { path: string } | { reason: string } {
  if (existsSync(path)) return { path };
  const remedy = "install it: apt-get install chromium";
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    return { reason: `there is no Chromium; ${remedy}` };
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const aptGet = (...words: string[]): unknown => execFileSync("apt-get", words, { env, stdio: "pipe" });
    aptGet("update", "-qq");
    aptGet("install", "-y", "--no-install-recommends", "chromium");
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split("\n").at(-1);
    return { reason: `Chromium could not be installed (${said ?? String(error)}); ${remedy}` };
  }
  return existsSync(path) ? { path } : { reason: `Debian's package has no ${path}; ${remedy}` };
}
