import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The folder in which this user's programs keep files that can be fetched again; in it, that of this package. */
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
