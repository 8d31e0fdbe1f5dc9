/**
 * Gets an image from a registry, by the rules of Istio and Envoy Gateway.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { unpackTar } from "modern-tar";
import { MAX_MANIFEST_BYTES, checkDigest, checkSize, entriesOf, readBounded } from "./answer.js";
import type { ClientOptions } from "./client.js";
import { RegistryClient } from "./client.js";
import { OciError } from "./error.js";
import type { Descriptor, Layout, Manifest } from "./image.js";
import { MAX_MODULE_BYTES, checkModule, describe, sha256 } from "./image.js";
import { mediaTypes } from "./media-types.js";
import type { Reference } from "./reference.js";
import { formatReference } from "./reference.js";

/** An image on a registry. */
export interface RemoteImage {
  /** The digest of the manifest: what belongs into `sha256` of an Istio or Envoy Gateway manifest. */
  readonly digest: string;
  readonly layout: Layout | "docker";
  readonly manifest: Manifest;
  /** The layer that has the module. */
  readonly layer: Descriptor;
}

const accepted = [mediaTypes.manifest, mediaTypes.dockerManifest, mediaTypes.index, mediaTypes.dockerList];

/** Reads what an image is, without its module. Throws `OciError`. */
export async function inspectImage(reference: Reference, options: ClientOptions = {}): Promise<RemoteImage> {
  const client = new RegistryClient(reference, "pull", options);
  try {
    return await find(client, reference);
  } finally {
    await client.close();
  }
}

/** Gets an image and its module, and checks the digest of each part. Throws `OciError`. */
export async function pullImage(
  reference: Reference,
  options: ClientOptions = {},
): Promise<RemoteImage & { readonly module: Uint8Array }> {
  const client = new RegistryClient(reference, "pull", options);
  try {
    const image = await find(client, reference);
    const blob = await blobOf(client, image.layer, options);
    const module = image.layout === "artifact" ? blob : await unpack(blob);
    checkModule(module, `The module of ${formatReference(reference)}`);
    return { ...image, module };
  } finally {
    options.onProgress?.(undefined);
    await client.close();
  }
}

async function find(client: RegistryClient, reference: Reference): Promise<RemoteImage> {
  let digest = reference.digest;
  let bytes = await manifestBytes(client, digest ?? reference.tag!);
  check(bytes, digest, "manifest");
  let manifest = parse(bytes);
  if (manifest.mediaType === mediaTypes.index || manifest.mediaType === mediaTypes.dockerList) {
    const child = chooseChild(entriesOf(manifest, "manifests"));
    if (typeof child.digest !== "string" || child.digest.includes("/")) checkDigest(child);
    digest = child.digest;
    bytes = await manifestBytes(client, digest);
    check(bytes, digest, "manifest");
    manifest = parse(bytes);
  }
  const { layout, layer } = chooseLayer(manifest);
  checkDigest(layer);
  checkSize(layer);
  return { digest: sha256(bytes), layout, manifest, layer };
}

async function manifestBytes(client: RegistryClient, target: string): Promise<Uint8Array> {
  const response = await client.request(`manifests/${target}`, [200], {
    headers: { accept: accepted.join(", ") },
  });
  return readBounded(response, MAX_MANIFEST_BYTES, "The manifest");
}

function parse(bytes: Uint8Array): Manifest {
  try {
    const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest | null;
    if (manifest?.schemaVersion === 2) {
      const { manifests } = manifest as unknown as { manifests?: unknown };
      const fallback = manifests === undefined ? mediaTypes.manifest : mediaTypes.index;
      return { ...manifest, mediaType: manifest.mediaType ?? fallback };
    }
  } catch {
    // It is told below.
  }
  throw new OciError("image", "The registry's answer is not the manifest of an image.");
}

function check(bytes: Uint8Array, digest: string | undefined, what: string): void {
  const actual = sha256(bytes);
  if (digest !== undefined && actual !== digest)
    throw new OciError("digest", `The ${what} has the digest ${actual}, not ${digest} as asked for.`);
}

/** Chooses the entry of an index that Istio takes: linux/amd64, or one without a platform. */
function chooseChild(children: readonly Descriptor[]): Descriptor {
  const found = children.find(
    ({ platform }) =>
      platform === undefined || (platform.os === "linux" && platform.architecture === "amd64"),
  );
  if (found !== undefined) return found;
  const platforms = children.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  throw new OciError(
    "image",
    `The image is an index without an entry for linux/amd64 (it has ${platforms.join(", ") || "none"}), which Istio refuses; push a plain manifest.`,
  );
}

/** Which layer has the module, in Istio's order; throws with what Istio and Envoy Gateway would miss. */
export function chooseLayer(manifest: Manifest): Pick<RemoteImage, "layout" | "layer"> {
  const layers = entriesOf(manifest, "layers");
  const last = layers.at(-1);
  if (last === undefined) throw new OciError("image", "The image has no layers.");
  if (manifest.mediaType === mediaTypes.dockerManifest) {
    if (last.mediaType === mediaTypes.dockerLayer) return { layout: "docker", layer: last };
  } else {
    if (last.mediaType === mediaTypes.layer) return { layout: "compat", layer: last };
    const content = layers.find(({ mediaType }) => mediaType === mediaTypes.wasmContent);
    if (layers.length === 2 && content !== undefined) return { layout: "artifact", layer: content };
  }
  const types = layers.map(({ mediaType }) => mediaType).join(", ");
  throw new OciError(
    "image",
    `Istio and Envoy Gateway would refuse the image: its last layer must be ${mediaTypes.layer}, or it must have exactly two layers, one of them ${mediaTypes.wasmContent}. It has ${types}.`,
  );
}

async function blobOf(
  client: RegistryClient,
  layer: Descriptor,
  options: ClientOptions,
): Promise<Uint8Array> {
  if (layer.size > MAX_MODULE_BYTES)
    throw new OciError("image", `The layer has ${layer.size} bytes, more than Istio takes.`);
  const attempts = (options.retries ?? 6) + 1;
  for (let attempt = 1; ; attempt++) {
    const response = await client.request(`blobs/${layer.digest}`, [200]);
    const hash = createHash("sha256");
    const chunks: Uint8Array[] = [];
    let size = 0;
    let broken: unknown;
    try {
      for await (const chunk of response.body ?? []) {
        const piece = chunk as Uint8Array;
        size += piece.length;
        if (size > layer.size) break;
        options.onProgress?.(`Fetching ${describe(size)} of ${describe(layer.size)} …`);
        hash.update(piece);
        chunks.push(piece);
      }
    } catch (error) {
      broken = error;
    }
    if (broken !== undefined || size < layer.size) {
      const message = `The connection ended after ${size} of ${layer.size} bytes.`;
      if (attempt >= attempts) throw new OciError("network", message, { cause: broken });
      options.onNotice?.(`${message} Trying again …`);
      continue;
    }
    const digest = `sha256:${hash.digest("hex")}`;
    if (size !== layer.size || digest !== layer.digest)
      throw new OciError(
        "digest",
        `The layer has the digest ${digest}, not ${layer.digest} as its manifest says.`,
      );
    return Buffer.concat(chunks);
  }
}

async function unpack(layer: Uint8Array): Promise<Uint8Array> {
  let tar: Uint8Array;
  try {
    tar = gunzipSync(layer, { maxOutputLength: MAX_MODULE_BYTES + 1024 * 1024 });
  } catch (error) {
    throw new OciError("image", `The layer is not gzip: ${(error as Error).message}.`, { cause: error });
  }
  const entries = await unpackTar(tar, { filter: ({ name }) => name.split("/").at(-1) === "plugin.wasm" });
  const data = entries[0]?.data;
  if (data === undefined) throw new OciError("image", 'The layer has no file "plugin.wasm".');
  return data;
}
