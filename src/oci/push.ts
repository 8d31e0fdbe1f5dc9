/**
 * Brings an image to a registry.
 *
 * @module
 */
import { MAX_ANSWER_BYTES, MAX_MANIFEST_BYTES, readBounded } from "./answer.js";
import type { ClientOptions } from "./client.js";
import { RegistryClient } from "./client.js";
import { OciError } from "./error.js";
import type { Image } from "./image.js";
import { describe, sha256 } from "./image.js";
import type { Reference } from "./reference.js";

/** The result of a push. */
export interface Pushed {
  /** The manifest's digest. */
  readonly digest: string;
  readonly tags: readonly string[];
  /** Bytes that were sent: blobs that the registry has already are not. */
  readonly sent: number;
}

/**
 * Sends the blobs that the registry does not have, then the manifest, then sets the tags: a push that fails leaves no tag.
 * An upload that breaks off is begun again. Throws `OciError`.
 */
export async function pushImage(
  image: Image,
  reference: Reference,
  tags: readonly string[],
  options: ClientOptions = {},
): Promise<Pushed> {
  const client = new RegistryClient(reference, "pull,push", options);
  let sent = 0;
  try {
    for (const [digest, bytes] of image.blobs) {
      const had = await client.request(`blobs/${digest}`, [200, 404], { method: "HEAD" });
      if (had.status === 200) continue;
      await client.request("", [201, 202, 204], {
        method: "PUT",
        body: bytes,
        onSent: (count) => options.onProgress?.(`Sending ${describe(count)} of ${describe(bytes.length)} …`),
        headers: { "content-type": "application/octet-stream" },
        prepare: () => beginUpload(client, digest),
      });
      const there = await client.request(`blobs/${digest}`, [200], { method: "HEAD" });
      const length = Number(there.headers.get("content-length") ?? bytes.length);
      if (length !== bytes.length)
        throw new OciError("digest", `The registry has ${length} bytes of ${digest}, not ${bytes.length}.`);
      sent += bytes.length;
    }
    // By digest first: the registry checks that nothing is missing before a tag points to it.
    for (const target of [image.digest, ...tags]) {
      const answer = await client.request(`manifests/${target}`, [200, 201, 202], {
        method: "PUT",
        body: image.manifestBytes,
        headers: { "content-type": image.manifest.mediaType },
      });
      await readBounded(answer, MAX_ANSWER_BYTES, "The registry's answer");
    }
    const last = tags.at(-1) ?? image.digest;
    const there = await client.request(`manifests/${last}`, [200], {
      headers: { accept: image.manifest.mediaType },
    });
    const digest = sha256(await readBounded(there, MAX_MANIFEST_BYTES, "The manifest"));
    if (digest !== image.digest)
      throw new OciError(
        "digest",
        `The registry serves ${digest} as ${last}, not what was pushed, ${image.digest}.`,
      );
    return { digest, tags, sent };
  } finally {
    options.onProgress?.(undefined);
    await client.close();
  }
}

/** Opens an upload; answers the address that the blob goes to. */
async function beginUpload(client: RegistryClient, digest: string): Promise<string> {
  const session = await client.request("blobs/uploads/", [202], {
    method: "POST",
    headers: { "content-length": "0" },
  });
  await readBounded(session, MAX_ANSWER_BYTES, "The registry's answer");
  const location = session.headers.get("location");
  if (location === null)
    throw new OciError("registry", "The registry opened an upload without an address for it.");
  const url = new URL(location, session.url);
  url.searchParams.set("digest", digest);
  return url.href;
}
