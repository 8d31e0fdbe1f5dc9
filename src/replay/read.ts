/**
 * Reads a trace of either form.
 *
 * @module
 */
import { bytesOf, textOf } from "../host/abi/text.js";
import { readModule } from "../host/vm/binary.js";
import { EnvoyLogReader } from "./envoy-log.js";
import { RecordedReader } from "./recorded.js";
import type { KnownModule } from "./threads.js";
import type { Trace } from "./trace.js";

/** The longest line that is looked at: longer ones are no calls. */
const LONGEST = 1 << 25;

/** Takes a trace in pieces of any size. */
export class TraceReader {
  private reader: EnvoyLogReader | RecordedReader | undefined;
  private rest = "";
  private skips = false;
  private readonly decoder = new TextDecoder();

  /** @param module The module that is to be replayed, if it is known. */
  constructor(private readonly module?: KnownModule) {}

  add(bytes: Uint8Array): void {
    const text = textOf(bytes);
    if (text.includes("\n")) {
      const lines = (this.rest + text).split("\n");
      this.rest = lines.pop()!;
      for (const line of lines) this.line(line);
    } else this.rest += text;
    if (this.rest.length > LONGEST) {
      this.rest = "";
      this.skips = true;
    }
  }

  end(): Trace {
    if (this.rest !== "") this.line(this.rest);
    return this.reader?.end() ?? { by: "Envoy", vms: [], notes: [] };
  }

  private line(line: string): void {
    // The end of one that was too long.
    if (this.skips) {
      this.skips = false;
      return;
    }
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    this.reader ??= /^\s*\{"(format|vm)":/.test(text)
      ? new RecordedReader()
      : new EnvoyLogReader(this.module);
    if (this.reader instanceof EnvoyLogReader) this.reader.line(text);
    else this.reader.line(this.decoder.decode(bytesOf(text)));
  }
}

/** The facts about a module that the reader of a log needs; throws `LoadError` when it is no module. */
export function knownModule(wasm: Uint8Array): KnownModule {
  const { exports, imports } = readModule(wasm);
  return {
    exports: new Set(exports.map(({ name }) => name)),
    imports: new Set(imports.map(({ name }) => name)),
  };
}

/** The VM that is most worth replaying: one that failed, otherwise the one that did most. */
export function mostTelling({ vms }: Trace): Trace["vms"][number] | undefined {
  const weigh = ({ callbacks }: Trace["vms"][number]): number =>
    callbacks.length + (callbacks.some(({ end }) => end === "failed") ? 1e9 : 0);
  return vms.reduce<Trace["vms"][number] | undefined>(
    (best, vm) => (best === undefined || weigh(vm) > weigh(best) ? vm : best),
    undefined,
  );
}
