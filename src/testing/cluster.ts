import type {
  Cluster,
  ConnectionEvents,
  UpstreamConnection,
  UpstreamEvents,
  UpstreamRequest,
  VirtualLoop,
} from "../host/index.js";
import { Fields } from "./message.js";
import { UpstreamCall } from "./upstream-call.js";
import type { Answer } from "./upstream-call.js";

/**
 * How a cluster answers: always the same, by what was asked (a promise will do), or not until the test says so
 * (`"hold"`, then `host.calls[…].answer`). `"refused"` is nobody listening, `"none"` a cluster without endpoints.
 */
export type ClusterScript =
  | Answer
  | ((request: UpstreamCall) => Answer | "hold" | Promise<Answer>)
  | "hold"
  | "refused"
  | "none"
  | "echo";

/** Calls of a scripted upstream to the test's host. */
export interface ClusterHooks {
  readonly loop: VirtualLoop;
  started(call: UpstreamCall): void;
  /** Work that runs outside the virtual clock. */
  waitFor(work: Promise<void>): void;
  wake(): void;
}

/** An upstream that does what a test says. */
export class ScriptedCluster implements Cluster {
  readonly address = "127.0.0.1:50000";
  readonly hasEndpoints: boolean;
  readonly connect?: (events: ConnectionEvents) => UpstreamConnection;

  constructor(
    private readonly name: string,
    public script: ClusterScript,
    private readonly hooks: ClusterHooks,
    readonly http2: boolean,
    takesConnections: boolean,
  ) {
    this.hasEndpoints = script !== "none";
    if (takesConnections) this.connect = (events) => this.accept(events);
  }

  open(events: UpstreamEvents, stream?: object): UpstreamRequest {
    const { hooks } = this;
    const call = new UpstreamCall(this.name, hooks.loop, events, this.http2, stream, () => hooks.wake());
    if (this.script === "refused") {
      call.answered = true;
      hooks.loop.post(() => events.reset("remote connection failure"));
      return { headers: () => {}, data: () => {}, trailers: () => {}, reset: () => (call.cancelled = true) };
    }
    hooks.started(call);
    const end = (isEnd: boolean): void => {
      if (!isEnd || call.complete) return;
      call.complete = true;
      this.answer(call);
    };
    return {
      headers: (fields, endStream) => {
        call.take(fields);
        end(endStream);
      },
      data: (bytes, endStream) => {
        call.takeData(bytes);
        end(endStream);
      },
      trailers: (fields) => {
        call.trailers = new Fields(fields.map(([name, value]) => [name, value]));
        end(true);
      },
      reset: () => {
        call.cancelled = true;
        hooks.wake();
      },
    };
  }

  /** A raw connection: what comes goes back, or is thrown away. */
  private accept(events: ConnectionEvents): UpstreamConnection {
    const { loop } = this.hooks;
    if (this.script === "refused" || this.script === "none") loop.post(() => events.failed());
    else loop.post(() => events.connected());
    const echoes = this.script === "echo";
    let closed = false;
    return {
      write: (bytes, endStream) => {
        loop.post(() => {
          if (closed || (!echoes && !endStream)) return;
          if (echoes && bytes.length > 0) events.data(bytes, false);
          if (endStream) events.data(new Uint8Array(0), true);
        });
      },
      close: () => (closed = true),
    };
  }

  private answer(call: UpstreamCall): void {
    const { script } = this;
    if (script === "hold" || script === "none" || script === "refused") return;
    if (script === "echo") {
      const lines = [`${call.method} ${call.path}`, call.headers.toString(), "", call.body];
      call.answer({ headers: { "content-type": "text/plain" }, body: lines.join("\n") });
      return;
    }
    const answer = typeof script === "function" ? script(call) : script;
    if (answer === "hold") return;
    if (answer instanceof Promise) {
      this.hooks.waitFor(
        answer.then(
          (value) => call.answer(value),
          () => call.reset(),
        ),
      );
    } else call.answer(answer);
  }
}
