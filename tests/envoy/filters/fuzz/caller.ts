// What a context does in a callback: calls of any kind.
import { Context, Headers, HttpContext, HttpRequest, HttpResponse, TcpContext } from "proxy-wasm-as";
import { Expression } from "proxy-wasm-as/assembly/envoy";
import { Sender, connections } from "./calls";
import { callEnvoy } from "./envoy";
import { callStream } from "./stream";
import { throwAny } from "./thrower";

/** The streams that were made last, those that are gone among them. */
const streams = new Array<HttpContext>();
/** Where those begin that have no request to begin with. */
let nextState: u32 = 1;

/** Makes the calls, for a context of any kind. */
export class Caller extends Sender {
  storedRequest: HttpRequest | null = null;
  storedResponse: HttpResponse | null = null;
  expression: Expression | null = null;
  /** The upstream sends METADATA. */
  private hasMetadata: bool = false;
  /** Neither responds nor resets now, nor does what ends a stream besides. */
  spares: bool = false;
  /** Whether any stream has an upstream that sends METADATA. */
  static metadata: bool = false;
  /** Whether some calls throw. */
  static throws: bool = false;
  private calls: i32 = 0;

  constructor(context: Context) {
    super(context);
    this.state = (nextState = nextState * 1664525 + 1013904223) | 1;
    const self = context;
    if (self instanceof HttpContext) {
      if (streams.length >= 16) streams.shift();
      streams.push(self as HttpContext);
    } else if (self instanceof TcpContext) {
      if (connections.length >= 16) connections.shift();
      connections.push(self as TcpContext);
    }
  }

  /** Mostly the own stream; sometimes another one, or one that is gone. */
  private target(): HttpContext | null {
    const own = this.context;
    if (own instanceof HttpContext && this.random(4) > 0) return own as HttpContext;
    return streams.length > 0 ? streams[this.random(streams.length)] : null;
  }

  /** Makes up to `most` random calls. */
  some(most: u32): void {
    if (this.calls > 400) return;
    const count = this.random(most + 1);
    for (let i: u32 = 0; i < count; i++) this.one();
  }

  /** Begins with what a request's headers say. */
  read(headers: Headers): void {
    this.begin(headers.get("x-seed"));
    this.hasMetadata = headers.startsWith(":path", "/metadata");
    if (this.hasMetadata) Caller.metadata = true;
  }

  /**
   * `some` in a callback of the response. Envoy 1.40 dies when a stream ends there and METADATA of the upstream follows,
   * whatever kind of filter ends it; the SDK ends one whose body it could not change.
   */
  someOfResponse(most: u32): void {
    this.spares = this.hasMetadata;
    this.some(most);
    this.spares = false;
  }

  /** Throws in place of a call, now and then. */
  mayThrow(oneOf: u32): void {
    if (Caller.throws && this.random(oneOf) == 0) throwAny(this.random(64));
  }

  private one(): void {
    this.calls++;
    this.mayThrow(40);
    const kind = this.random(60);
    const stream = this.target();
    if (kind < 20 && stream !== null) callStream(this, stream, kind);
    else if (kind < 30) this.callContext(this.random(4) == 0 && stream !== null ? stream : this.context);
    else if (kind < 36) callEnvoy(this);
    else if (kind < 38) this.callConnection();
    else this.callHost();
  }
}
