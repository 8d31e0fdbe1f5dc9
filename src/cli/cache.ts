import { join } from "node:path";

/** Where this package keeps what it remembers of the project in the current folder. */
export function cacheFolder(): string {
  return join(process.cwd(), "node_modules", ".cache", "proxy-wasm-as");
}
