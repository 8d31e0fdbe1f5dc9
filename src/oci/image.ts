/**
 * Images as they are packed: a module becomes two or three blobs and a manifest, the same bytes on every machine.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { gzipSync } from "fflate";
import { packTar } from "modern-tar";
import { OciError } from "./error.js";
import { mediaTypes } from "./media-types.js";

/**
 * `compat`: one tar+gzip layer with `plugin.wasm`, which each release of Istio and Envoy Gateway reads. `artifact`: the
 * module itself and its configuration as two layers.
 */
export type Layout = "compat" | "artifact";

/** An entry of a manifest for a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
}

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A packed image. */
export interface Image {
  readonly layout: Layout;
  readonly manifest: Manifest;
  /** The manifest's bytes; `digest` is theirs. */
  readonly manifestBytes: Uint8Array;
  /** `sha256:` and 64 hexadecimal digits: what names this image everywhere. */
  readonly digest: string;
  /** The blobs that the manifest names, each once, by digest. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

export interface ImageOptions {
  /** "compat" unless given. */
  readonly layout?: Layout;
  /** Annotations of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The root ids of the module, for the configuration that goes with it. */
  readonly rootIds?: readonly string[];
  /** The module's ABI version, such as "0.2.1". */
  readonly abiVersion?: string;
}

/** Istio cuts or refuses a larger module. */
export const MAX_MODULE_BYTES = 256 * 1024 * 1024;

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Throws `OciError` with the code "module" unless `bytes` is what a host takes for a module. */
export function checkModule(bytes: Uint8Array, name = "The file"): void {
  if (bytes.length < 8 || Buffer.from(bytes.subarray(0, 4)).toString("latin1") !== "\0asm")
    throw new OciError(
      "module",
      `${name} is not a WebAssembly module: it does not begin with the magic number.`,
    );
  if (bytes.length > MAX_MODULE_BYTES)
    throw new OciError(
      "module",
      `${name} has ${bytes.length} bytes; Istio and Envoy Gateway take at most ${MAX_MODULE_BYTES} (256 MiB).`,
    );
}

/**
 * Packs a module. The same module and options give the same digest on each machine: times, owners and the compressor's
 * version do not go into it.
 */
export async function packImage(module: Uint8Array, options: ImageOptions = {}): Promise<Image> {
  checkModule(module);
  const layout = options.layout ?? "compat";
  const runtimeConfig = json({
    type: "envoy_proxy",
    abi_version: options.abiVersion ?? "0.2.1",
    config: { root_ids: options.rootIds ?? [] },
  });
  const blobs = new Map<string, Uint8Array>();
  const add = (mediaType: string, bytes: Uint8Array, annotations?: Record<string, string>): Descriptor => {
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length, ...(annotations !== undefined && { annotations }) };
  };

  let config: Descriptor;
  let layers: Descriptor[];
  if (layout === "compat") {
    const tar = await tarOf([
      ["plugin.wasm", module],
      ["runtime-config.json", runtimeConfig],
    ]);
    const layer = add(mediaTypes.layer, gzipSync(tar, { level: 9, mtime: 0 }));
    layers = [layer];
    const rootfs = { type: "layers", diff_ids: [sha256(tar)] };
    config = add(mediaTypes.config, json({ architecture: "amd64", os: "linux", config: {}, rootfs }));
  } else {
    // The configuration is a layer as well: Istio wants exactly two.
    config = add(mediaTypes.wasmConfig, runtimeConfig);
    layers = [
      add(mediaTypes.wasmContent, module, { "org.opencontainers.image.title": "plugin.wasm" }),
      { ...config, annotations: { "org.opencontainers.image.title": "runtime-config.json" } },
    ];
  }
  const variant: Record<string, string> =
    layout === "compat" ? { "module.wasm.image/variant": "compat" } : {};
  const annotations = Object.fromEntries(
    Object.entries({ ...options.annotations, ...variant }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
    annotations,
  };
  const manifestBytes = json(manifest);
  return { layout, manifest, manifestBytes, digest: sha256(manifestBytes), blobs };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** A tar archive of files without times and owners. */
export function tarOf(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<Uint8Array> {
  return packTar(
    files.map(([name, bytes]) => ({
      header: {
        name,
        size: bytes.length,
        mode: 0o644,
        mtime: new Date(0),
        uid: 0,
        gid: 0,
        uname: "",
        gname: "",
      },
      body: bytes,
    })),
  );
}

/** A number of bytes for people. */
export function describe(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 / 1024)} MiB`;
}
