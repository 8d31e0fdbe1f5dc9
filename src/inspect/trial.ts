import { loadForeignFunctions } from "../host/foreign/load.js";
import { EnvoyCrash, Host, LoadError, VirtualLoop } from "../host/index.js";

/** How far a module comes in a host without configuration. */
export interface Trial {
  /** "load": Envoy would not take the module. "start": it takes the module, but no plugin started so. */
  readonly stage: "load" | "start" | "running";
  /** The host's words; empty when it runs. */
  readonly message: string;
  /** The callback in which it trapped; undefined when it did not. */
  readonly trappedIn?: string | undefined;
  /** The functions that were running when it trapped, the innermost first; a module without names has none for them. */
  readonly backtrace: readonly Frame[];
}

/** One function of a backtrace. */
export interface Frame {
  readonly name: string;
  /** The offset in the module. */
  readonly offset: number;
}

/** Loads a module in the embedded host, and starts a plugin with an empty configuration. */
export async function tryModule(wasm: Uint8Array, rootId = ""): Promise<Trial> {
  let last = "";
  let trappedIn: string | undefined;
  let backtrace: Frame[] = [];
  const fail = (stage: Trial["stage"], message: string): Trial => ({ stage, message, trappedIn, backtrace });
  try {
    const host = await Host.start({
      loop: new VirtualLoop(),
      filters: [{ wasm, rootId }],
      loadForeignFunctions,
      onLog: ({ ofModule, message }) => {
        if (ofModule) last = message;
        const trap = /^Function: (\w+) failed: /.exec(message);
        if (ofModule || trap === null) return;
        trappedIn ??= trap[1];
        const frames = message.matchAll(/^ +\d+: +(0x[0-9a-f]+) - (.*)$/gm);
        backtrace = [...frames].map(([, offset, name]) => ({ name: name!, offset: Number(offset) }));
      },
    });
    host.close();
    return fail("running", "");
  } catch (error) {
    if (error instanceof EnvoyCrash) return fail("load", error.message);
    if (!(error instanceof LoadError)) throw error;
    const started = /^Failed to (start|configure) base Wasm/.test(error.reason);
    const message = last === "" ? error.reason : `${error.reason} (it logged: ${last.trim()})`;
    return fail(started ? "start" : "load", message);
  }
}
