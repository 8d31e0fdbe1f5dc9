/**
 * Checks the answers of a registry before they are used: they may be anything, and of any length.
 *
 * @module
 */
import type { Response } from "undici";
import { OciError } from "./error.js";
import type { Descriptor } from "./image.js";

/** More than any manifest has, and what registries themselves take at most. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** More than any token or list of errors has. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** Reads an answer's body; throws `OciError` as soon as it is longer than `limit`. */
export async function readBounded(response: Response, limit: number, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const piece = chunk as Uint8Array;
    size += piece.length;
    if (size > limit)
      throw new OciError(
        "registry",
        `${what} is longer than ${limit.toLocaleString("en")} bytes; it is not read.`,
      );
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

/** The list under this name in a registry's JSON, each entry an object; empty when there is none. Throws `OciError`. */
export function entriesOf(from: object, name: "layers" | "manifests"): Descriptor[] {
  const list: unknown = name in from ? (from as Record<string, unknown>)[name] : [];
  if (!Array.isArray(list) || !list.every(isEntry))
    throw new OciError("image", `The manifest's "${name}" is no list of what an image has.`);
  return list as Descriptor[];
}

function isEntry(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { mediaType, platform } = value as Record<string, unknown>;
  const plain = mediaType === undefined || typeof mediaType === "string";
  return plain && (platform === undefined || (typeof platform === "object" && platform !== null));
}

/** Throws `OciError` unless the digest of what is fetched next is one. */
export function checkDigest({ digest }: Descriptor): void {
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new OciError("image", "The manifest names something without a digest of the form sha256:….");
}

/** Throws `OciError` unless the size of what is fetched next is a number of bytes. */
export function checkSize({ size }: Descriptor): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new OciError("image", "The manifest names a layer without its size in bytes.");
}

/** The token in a token server's answer; undefined when it has none that a header can carry. */
export function tokenIn(answer: Uint8Array): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(answer).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { token, access_token: other } = value as Record<string, unknown>;
  const found = token ?? other;
  return typeof found === "string" && /^[!-~]+$/.test(found) ? found : undefined;
}
