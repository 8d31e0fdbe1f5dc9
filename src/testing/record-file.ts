/**
 * Files of traces, which several processes may write at a time.
 *
 * @module
 */
import { openSync, writeSync } from "node:fs";
import { mapOf, sourceDigests } from "../places/index.js";
import type { PlaceMap } from "../places/index.js";
import { Recorder } from "../replay/index.js";

/** Set by `proxy-wasm-as test --record`: the file that all hosts write into. */
export const RECORD_VARIABLE = "PROXY_WASM_AS_RECORD";

/** How many characters are held until they are written. */
const HELD = 1 << 18;

/** A file that lines are appended to: whole ones, so that those of other processes stand between them. */
class TraceFile {
  private readonly file: number;
  private held = "";
  private isDue = false;

  constructor(path: string) {
    this.file = openSync(path, "a");
    process.on("exit", () => this.write());
  }

  add(line: string): void {
    this.held += `${line}\n`;
    if (this.held.length > HELD) this.write();
    else if (!this.isDue) {
      this.isDue = true;
      setImmediate(() => this.write()).unref();
    }
  }

  private write(): void {
    this.isDue = false;
    if (this.held === "") return;
    const bytes = Buffer.from(this.held);
    this.held = "";
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at);
  }
}

const files = new Map<string, TraceFile>();
let hosts = 0;

/** Records a host's calls into a file, behind what is there. `mapFor` finds the map of a module. */
export function recordInto(
  path: string,
  mapFor: (wasm: Uint8Array) => PlaceMap | undefined = mapOf,
): Recorder {
  let file = files.get(path);
  if (file === undefined) files.set(path, (file = new TraceFile(path)));
  const to = file;
  return new Recorder(
    (line) => to.add(line),
    `${process.pid}.${++hosts}.`,
    (wasm) => {
      const map = mapFor(wasm);
      return map === undefined ? undefined : sourceDigests(map);
    },
  );
}

/** The file that `test --record` wants this process's hosts to write into; undefined without it. */
export function recordFile(): string | undefined {
  const path = process.env[RECORD_VARIABLE];
  return path === "" ? undefined : path;
}
