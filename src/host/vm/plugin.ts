/**
 * The configuration of a plugin. The names are those of Envoy's `PluginConfig` and `VmConfig`.
 *
 * @module
 */

/** The treatment of streams when a VM has failed. */
export type FailurePolicy = "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";

/** One Wasm plugin. */
export interface PluginOptions {
  /** The module's bytes. */
  readonly wasm: Uint8Array;
  /** Stands before each message of a stream in the log. */
  readonly name?: string;
  /** Which of the module's plugins to run. */
  readonly rootId?: string;
  /** The bytes that `proxy_on_configure` reads; a string is encoded as UTF-8. */
  readonly configuration?: string | Uint8Array;
  /** Plugins with the same VM id, module and VM configuration share a VM. */
  readonly vmId?: string;
  readonly vmConfiguration?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** FAIL_CLOSED unless given. */
  readonly failurePolicy?: FailurePolicy;
  /** The deprecated field, which behaves unlike FAIL_OPEN: streams in flight go on, too. */
  readonly failOpen?: boolean;
  /** Under FAIL_RELOAD, how long after a failure a new VM may be made. 1,000 ms unless given. */
  readonly reloadBackoff?: number;
  /** Tells whether the answer 1 to headers holds the headers alone. Envoy's default is false: it stops the body, too. */
  readonly allowOnHeadersStopIteration?: boolean;
  /** The only host functions and callbacks that the module may use; all of them unless given. */
  readonly allowedCapabilities?: readonly string[];
  /** @internal Imports of a module besides Envoy's functions, by module and name: this package's tools count with them. */
  readonly imports?: Readonly<Record<string, Readonly<Record<string, WebAssembly.ImportValue>>>>;
}

/** A plugin with nothing left out; names are binary text. */
export interface Plugin {
  readonly name: string;
  readonly rootId: string;
  readonly configuration: Uint8Array;
  readonly failOpen: boolean;
  readonly allowOnHeadersStopIteration: boolean;
}
