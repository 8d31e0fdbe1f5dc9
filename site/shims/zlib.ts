/** `node:zlib` in a browser. */
import { gzipSync as gzip, unzlibSync, zlibSync } from "fflate";

export function deflateSync(bytes: Uint8Array, { level = 6 }: { level?: number } = {}): Buffer {
  return Buffer.from(zlibSync(bytes, { level: (level < 0 ? 6 : level) as 0 | 6 }));
}

export function inflateSync(bytes: Uint8Array): Buffer {
  return Buffer.from(unzlibSync(bytes));
}

export function gzipSync(bytes: Uint8Array): Buffer {
  return Buffer.from(gzip(bytes));
}

/** Only the sizes of reports ask for it. */
export function brotliCompressSync(): never {
  throw new Error("the page has no Brotli");
}
