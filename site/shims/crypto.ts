/** `node:crypto` in a browser: SHA-256. Signatures are of the servers' host only. */
import { sha256 } from "@noble/hashes/sha2.js";

/** A digest that is read as Node's. */
export function createHash(name: string): {
  update(data: string | Uint8Array): ReturnType<typeof createHash>;
  digest(encoding?: "hex" | "base64"): Buffer | string;
} {
  if (name !== "sha256") throw new Error(`${name} is not in the page`);
  const state = sha256.create();
  const hash = {
    update(data: string | Uint8Array) {
      state.update(typeof data === "string" ? new TextEncoder().encode(data) : data);
      return hash;
    },
    digest(encoding?: "hex" | "base64") {
      const bytes = Buffer.from(state.digest());
      return encoding === undefined ? bytes : bytes.toString(encoding);
    },
  };
  return hash;
}

const absent = (): never => {
  throw new Error("the page has no signatures: test them with Node (proxy-wasm-as/testing)");
};

export const createPrivateKey = absent;
export const createPublicKey = absent;
export const sign = absent;
export const verify = absent;
