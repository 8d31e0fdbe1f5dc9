import { EnvoyCrash, Host, LoadError, VirtualLoop } from "../host/index.js";

/** How far a module comes in a host without configuration. */
export interface Trial {
  /** "load": Envoy would not take the module. "start": it takes the module, but no plugin started so. */
  readonly stage: "load" | "start" | "running";
  /** The host's words; empty when it runs. */
  readonly message: string;
}

/** Loads a module in the embedded host, and starts the plugin with an empty root id and configuration. */
export async function tryModule(wasm: Uint8Array): Promise<Trial> {
  let last = "";
  try {
    const host = await Host.start({
      loop: new VirtualLoop(),
      filters: [{ wasm }],
      onLog: ({ ofModule, message }) => void (last = ofModule ? message : last),
    });
    host.close();
    return { stage: "running", message: "" };
  } catch (error) {
    if (error instanceof EnvoyCrash) return { stage: "load", message: error.message };
    if (!(error instanceof LoadError)) throw error;
    const started = /^Failed to (start|configure) base Wasm/.test(error.reason);
    const message = last === "" ? error.reason : `${error.reason} (it logged: ${last.trim()})`;
    return { stage: started ? "start" : "load", message };
  }
}
