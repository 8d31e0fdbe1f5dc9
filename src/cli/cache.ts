import { join } from "node:path";

/** The folder for the facts that this package remembers of the project in the current folder. */
export function cacheFolder(): string {
  return join(process.cwd(), "node_modules", ".cache", "proxy-wasm-as");
}
