import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where this user's programs keep what can be fetched again; the folder in it is this package's. */
export function userCache(): string {
  return join(cacheHome(), "proxy-wasm-as");
}

function cacheHome(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  // The XDG specification: a path that is not absolute is to be ignored.
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32" && LOCALAPPDATA !== undefined) return LOCALAPPDATA;
  return join(homedir(), ".cache");
}
