/**
 * A module's requirements of its host, read from its bytes.
 *
 * @module
 */
import { readSection } from "../module-section.js";

/** The kinds of filters, by where Envoy runs them. */
export type Kind = "http" | "tcp" | "plugin";

export interface ModuleFacts {
  /** By the exported marker, such as "0.2.1"; undefined without one. */
  readonly abiVersion: string | undefined;
  /** The version of proxy-wasm-as that built it; undefined for modules of other SDKs. */
  readonly sdk: string | undefined;
  /** The root ids that can be named, each with its kind; undefined when the module does not tell. */
  readonly roots: readonly { readonly rootId: string; readonly kind: Kind }[] | undefined;
  /** The root ids that are known, without the empty one. */
  readonly rootIds: readonly string[];
  /** The callbacks that it exports. */
  readonly callbacks: readonly string[];
  /** The host functions that it calls. */
  readonly hostFunctions: readonly string[];
  /** Tells whether it waits for other services before it answers. */
  readonly flow: boolean;
  /** Tells whether its flows can hold headers, which works with `allow_on_headers_stop_iteration` alone. */
  readonly holdsHeaders: boolean;
}

/** Reads a module of any SDK. Throws when the bytes are no module. */
export function moduleFacts(bytes: Uint8Array): ModuleFacts {
  const module = new WebAssembly.Module(bytes as BufferSource);
  const functions = WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind === "function")
    .map(({ name }) => name);
  const marker = functions.find((name) => /^proxy_abi_version_0_(1_0|2_0|2_1)$/.test(name));
  const section = readSection(bytes);
  const roots =
    section === undefined
      ? undefined
      : (["http", "tcp", "plugin"] as const).flatMap((kind) =>
          (section[kind] ?? []).filter((rootId) => rootId !== null).map((rootId) => ({ rootId, kind })),
        );
  return {
    abiVersion: marker?.slice("proxy_abi_version_".length).replaceAll("_", "."),
    sdk: section?.sdk,
    roots,
    rootIds: (roots ?? []).map(({ rootId }) => rootId).filter((rootId) => rootId !== ""),
    callbacks: functions.filter(
      (name) => /^(proxy|envoy)_on_/.test(name) && name !== "proxy_on_memory_allocate",
    ),
    hostFunctions: WebAssembly.Module.imports(module).map(({ name }) => name),
    flow: section?.flow === true,
    holdsHeaders: section?.holdsHeaders === true,
  };
}
