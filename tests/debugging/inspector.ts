/** A debugger: Node's inspector by its protocol, with no more knowledge than a source map gives. */
import type { TestContext } from "node:test";
import { WebSocket } from "undici";
import { decodeMappings } from "../../src/places/mappings.js";
import { until } from "../support/wait.js";

/** A place in the source map that a script carries. */
interface Script {
  readonly id: string;
  readonly map: {
    readonly sources: string[];
    readonly sourcesContent: (string | null)[];
    readonly mappings: string;
  };
}

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly columnNumber: number };
  readonly scopeChain: readonly { readonly type: string; readonly object: { readonly objectId: string } }[];
}

interface Property {
  readonly name: string;
  readonly value?: { readonly value?: unknown; readonly objectId?: string };
}

/** Where the debugged process stands. */
export interface Stop {
  readonly name: string;
  /** The source's address and line; undefined outside of modules. */
  readonly source: string | undefined;
  readonly line: number;
  readonly frame: Frame;
}

export class Debugger {
  private next = 1;
  private readonly answers = new Map<number, (result: never) => void>();
  private readonly scripts = new Map<string, Script>();
  private readonly stops: Stop[] = [];
  /** How many breakpoints the process has confirmed. */
  private set = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly breakpoints: readonly { readonly source: RegExp; readonly line: number }[],
  ) {
    socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(String(data))));
  }

  /** Attaches, and sets breakpoints in each module as it is compiled. */
  static async attach(
    t: TestContext,
    url: string,
    breakpoints: readonly { readonly source: RegExp; readonly line: number }[],
  ): Promise<Debugger> {
    const socket = new WebSocket(url);
    await new Promise((done, fail) => {
      socket.addEventListener("open", done);
      socket.addEventListener("error", () => fail(new Error(`nothing answers at ${url}`)));
    });
    const result = new Debugger(socket, breakpoints);
    t.after(() => result.close());
    await result.send("Debugger.enable");
    await result.send("Runtime.enable");
    await result.send("Runtime.runIfWaitingForDebugger");
    return result;
  }

  send<T = unknown>(method: string, params: object = {}): Promise<T> {
    const id = this.next++;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((done) => this.answers.set(id, done));
  }

  /** Waits until a module has breakpoints: what runs earlier does not stop. */
  async ready(): Promise<void> {
    await until(() => this.set > 0, 120_000);
  }

  /** Waits for the next stop. */
  async stopped(): Promise<Stop> {
    await until(() => this.stops.length > 0, 120_000);
    return this.stops.shift()!;
  }

  /** Steps as a debugger does: until another line is reached. */
  async step({ line, source }: Stop): Promise<Stop> {
    for (;;) {
      await this.send("Debugger.stepOver");
      const now = await this.stopped();
      const isElsewhere = now.line !== line || now.source !== source;
      if (now.source !== undefined && isElsewhere) return now;
    }
  }

  async resume(): Promise<void> {
    await this.send("Debugger.resume");
  }

  /** The variables of a stop, by name; a number of the module's is an object with its type and value. */
  async locals({ frame }: Stop): Promise<Map<string, unknown>> {
    const scope = frame.scopeChain.find(({ type }) => type === "local")!;
    const found = new Map<string, unknown>();
    for (const { name, value } of await this.properties(scope.object.objectId)) {
      const parts = value?.objectId === undefined ? [] : await this.properties(value.objectId);
      found.set(name.replace(/^\$/, ""), parts.find((part) => part.name === "value")?.value?.value);
    }
    return found;
  }

  private async properties(objectId: string): Promise<Property[]> {
    const { result } = await this.send<{ result: Property[] }>("Runtime.getProperties", {
      objectId,
      ownProperties: true,
    });
    return result;
  }

  close(): void {
    this.socket.close();
  }

  private hear(message: {
    id?: number;
    result?: unknown;
    error?: unknown;
    method?: string;
    params?: never;
  }): void {
    if (message.id !== undefined) {
      this.answers.get(message.id)!((message.result ?? message.error) as never);
      this.answers.delete(message.id);
    } else if (message.method === "Debugger.scriptParsed") this.learn(message.params!);
    else if (message.method === "Debugger.paused") {
      const [frame] = (message.params! as { callFrames: [Frame] }).callFrames;
      this.stops.push(this.placed(frame));
    }
  }

  private learn(script: { scriptId: string; scriptLanguage?: string; sourceMapURL?: string }): void {
    if (script.scriptLanguage !== "WebAssembly" || !script.sourceMapURL?.startsWith("data:")) return;
    const [, base64] = script.sourceMapURL.split(",");
    const map = JSON.parse(Buffer.from(base64!, "base64").toString("utf8")) as Script["map"];
    this.scripts.set(script.scriptId, { id: script.scriptId, map });
    for (const { source, line } of this.breakpoints) {
      const at = decodeMappings(map.mappings).find(
        ({ place }) =>
          place !== undefined && source.test(map.sources[place.source]!) && place.line + 1 === line,
      );
      if (at === undefined) continue;
      const location = { scriptId: script.scriptId, lineNumber: 0, columnNumber: at.offset };
      void this.send("Debugger.setBreakpoint", { location }).then(() => this.set++);
    }
  }

  private placed(frame: Frame): Stop {
    const { scriptId, columnNumber } = frame.location;
    const map = this.scripts.get(scriptId)?.map;
    const mapping =
      map === undefined
        ? undefined
        : decodeMappings(map.mappings).findLast(({ offset }) => offset <= columnNumber);
    const place = mapping?.place;
    return {
      name: frame.functionName,
      source: place === undefined ? undefined : map!.sources[place.source],
      line: place === undefined ? 0 : place.line + 1,
      frame,
    };
  }
}
