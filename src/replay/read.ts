/**
 * Reads a trace of either form.
 *
 * @module
 */
import { bytesOf, textOf } from "../host/abi/text.js";
import { readModule } from "../host/vm/binary.js";
import { EnvoyLogReader, isOfEnvoy } from "./envoy-log.js";
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
  /** The lines before the first that tells the form. */
  private before = 0;
  private tooLong = 0;
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
    if (this.rest !== "" || this.skips) this.line(this.rest);
    const trace = this.reader?.end() ?? { by: "Envoy", vms: [], notes: [] };
    if (this.tooLong === 0) return trace;
    const many = this.tooLong === 1 ? "A line is" : `${this.tooLong} lines are`;
    return { ...trace, notes: [...trace.notes, `${many} longer than 32 MiB and left out.`] };
  }

  private line(line: string): void {
    // The end of one that was too long.
    if (this.skips) {
      this.skips = false;
      this.tooLong++;
      this.reader?.line("");
      if (this.reader === undefined) this.before++;
      return;
    }
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    this.reader ??= this.readerFor(text);
    if (this.reader === undefined) this.before++;
    else if (this.reader instanceof EnvoyLogReader) this.reader.line(text);
    else this.reader.line(this.decoder.decode(bytesOf(text)));
  }

  /** The reader of the form that a line has; undefined of one that may stand before either, such as a script's output. */
  private readerFor(line: string): EnvoyLogReader | RecordedReader | undefined {
    if (/^\W{0,8}\{"(format|vm)":/.test(line)) return new RecordedReader(this.before);
    return isOfEnvoy(line) ? new EnvoyLogReader(this.module, this.before) : undefined;
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
