import { loadForeignFunctions } from "../host/foreign/load.js";
import { EnvoyCrash, Host, LoadError, VirtualLoop } from "../host/index.js";
import type { LogEntry, PluginOptions } from "../host/index.js";

/** How far a module comes in a host. */
export interface Trial {
  /** "load": Envoy would not take the module. "start": it takes the module, but no plugin started so. */
  readonly stage: "load" | "start" | "running";
  /** The host's words; empty when it runs. */
  readonly message: string;
  /** The module's own messages meanwhile, in order. */
  readonly lines: readonly Pick<LogEntry, "level" | "message">[];
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

/** The lists of a host's plugins, by what they see. */
type Place = "filters" | "tcpFilters" | "accessLoggers" | "services";

/** With what a module is tried; nothing of it unless given. */
export interface TrialOptions extends Omit<PluginOptions, "wasm"> {
  /** The kind of plugin that the module is run as; an HTTP filter unless given. */
  readonly place?: Place;
}

/** Loads a module in the embedded host, and starts a plugin: with an empty configuration unless another is given. */
export async function tryModule(wasm: Uint8Array, options: TrialOptions = {}): Promise<Trial> {
  const { place = "filters", ...plugin } = options;
  const lines: Pick<LogEntry, "level" | "message">[] = [];
  let trappedIn: string | undefined;
  let backtrace: Frame[] = [];
  const end = (stage: Trial["stage"], message: string): Trial => ({
    stage,
    message,
    lines,
    trappedIn,
    backtrace,
  });
  try {
    const host = await Host.start({
      loop: new VirtualLoop(),
      [place]: [{ ...plugin, wasm }],
      loadForeignFunctions,
      onLog: ({ level, ofModule, message }) => {
        if (ofModule) lines.push({ level, message });
        const trap = /^Function: (\w+) failed: /.exec(message);
        if (ofModule || trap === null) return;
        trappedIn ??= trap[1];
        const frames = message.matchAll(/^ +\d+: +(0x[0-9a-f]+) - (.*)$/gm);
        backtrace = [...frames].map(([, offset, name]) => ({ name: name!, offset: Number(offset) }));
      },
    });
    const trial = end("running", "");
    const started = [...lines];
    host.close();
    return { ...trial, lines: started };
  } catch (error) {
    if (error instanceof EnvoyCrash) return end("load", error.message);
    if (!(error instanceof LoadError)) throw error;
    const started = /^Failed to (start|configure) base Wasm/.test(error.reason);
    const last = lines.at(-1)?.message.trim() ?? "";
    const message = last === "" ? error.reason : `${error.reason} (it logged: ${last})`;
    return end(started ? "start" : "load", message);
  }
}
