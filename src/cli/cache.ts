import { join } from "node:path";

/** Where this package keeps what it downloads for the project in the current folder. */
export function cacheFolder(): string {
  return join(process.cwd(), "node_modules", ".cache", "proxy-wasm-as");
}
