/**
 * OCI image layouts: an image as files, for `skopeo`, `crane`, `oras` and `docker`, which can copy them to a registry.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Image } from "./image.js";
import { tarOf } from "./image.js";
import { mediaTypes } from "./media-types.js";
import { writeWhole } from "./write-whole.js";

/** The files of a layout, by path, in a fixed order. */
function filesOf(image: Image, tag: string | undefined): [path: string, bytes: Uint8Array][] {
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [
      {
        mediaType: mediaTypes.manifest,
        digest: image.digest,
        size: image.manifestBytes.length,
        ...(tag !== undefined && { annotations: { "org.opencontainers.image.ref.name": tag } }),
      },
    ],
  };
  const blobs = [...image.blobs, [image.digest, image.manifestBytes] as const];
  return [
    ["oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ["index.json", Buffer.from(JSON.stringify(index))],
    ...blobs
      .map(([digest, bytes]): [string, Uint8Array] => [`blobs/${digest.replace(":", "/")}`, bytes])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
}

/** Writes a layout: an archive when `output` ends with ".tar", otherwise a folder. */
export async function writeLayout(image: Image, output: string, tag?: string): Promise<void> {
  const files = filesOf(image, tag);
  if (output.endsWith(".tar")) {
    writeWhole(output, await tarOf(files));
    return;
  }
  mkdirSync(join(output, "blobs", "sha256"), { recursive: true });
  // The index goes last: until it is there, the folder is no layout.
  for (const [path, bytes] of files.toSorted(
    ([a], [b]) => Number(a === "index.json") - Number(b === "index.json"),
  ))
    writeWhole(join(output, path), bytes);
}
