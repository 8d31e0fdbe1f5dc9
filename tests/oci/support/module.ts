/** Modules that are as large as a test needs. */

import type { Image } from "../../../src/oci/index.js";
import { sha256 } from "../../../src/oci/index.js";
import { mediaTypes } from "../../../src/oci/media-types.js";

/** The same image as docker itself would have pushed it. */
export function asDocker(image: Image): Image {
  const { config, layers } = image.manifest;
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.dockerManifest,
    config: { ...config, mediaType: "application/vnd.docker.container.image.v1+json" },
    layers: layers.map((layer) => ({ ...layer, mediaType: mediaTypes.dockerLayer })),
  } as const;
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  return { ...image, manifest, manifestBytes, digest: sha256(manifestBytes) };
}

/** A valid module whose one custom section has `size` bytes, most of them zero. */
export function moduleOf(size: number, fill = 1): Uint8Array {
  const name = [1, 120]; // "x"
  const bytes = new Uint8Array(8 + 6 + name.length + size);
  bytes.set([0, 97, 115, 109, 1, 0, 0, 0, 0]);
  const length = name.length + size;
  for (let i = 0; i < 5; i++) bytes[9 + i] = ((length >>> (7 * i)) & 127) | (i < 4 ? 128 : 0);
  bytes.set(name, 14);
  bytes[bytes.length - 1] = fill;
  return bytes;
}
