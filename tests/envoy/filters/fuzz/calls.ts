// Calls of contexts and connections: what is sent to others, and timers.
import { Body, CallResult, Context, GrpcStatus, GrpcStream, Headers, TcpContext } from "proxy-wasm-as";
import { HostCaller } from "./host";
import { callBody, callHeaders } from "./message";

export const clusters = ["side", "closed", "nope", "", "grpc-side", "users", "empty"];
/** The connections that were made last, those that are gone among them. */
export const connections = new Array<TcpContext>();
/** Bodies that are kept beyond the callback that owns them. */
export const bodies = new Array<Body>();

class Chat extends GrpcStream {
  constructor(readonly owner: Sender) {
    super();
  }

  onInitialMetadata(metadata: Headers): void {
    callHeaders(this.owner, metadata);
  }

  onMessage(message: Uint8Array): void {
    this.owner.some(2);
    if ((message.length & 1) != 0) this.cancel();
    else this.send(message, (message.length & 2) != 0);
  }

  onTrailingMetadata(metadata: Headers): void {
    callHeaders(this.owner, metadata);
  }

  onClose(status: GrpcStatus, message: string): void {
    this.owner.some(2);
  }
}

/** Makes the calls. */
export abstract class Sender extends HostCaller {
  private chat: Chat | null = null;

  constructor(protected readonly context: Context) {
    super();
  }

  /** Makes up to `most` random calls. */
  abstract some(most: u32): void;

  /** Calls of any context: what is sent, and timers. */
  protected callContext(context: Context): void {
    switch (this.random(10)) {
      case 0:
      case 1:
        context.fetch(
          this.pick(clusters),
          {
            path: this.value(),
            method: this.value(),
            headers: this.pairs(),
            body: this.value(),
            bytes: this.random(2) == 0 ? null : this.bytes(),
            trailers: this.pairs(),
            timeout: this.random(300),
          },
          (result) => this.answer(result),
        );
        break;
      case 2:
        context.grpcCall(
          this.pick(clusters),
          this.value(),
          this.value(),
          this.bytes(),
          {
            metadata: this.pairs(),
            timeout: this.random(300),
            service: this.random(2) == 0 ? null : this.bytes(),
          },
          (result) => this.some(3),
        );
        break;
      case 3:
        if (this.chat === null) this.chat = new Chat(this);
        context.grpcStream(this.pick(clusters), this.value(), this.value(), this.chat!, {
          metadata: this.pairs(),
        });
        break;
      case 4: {
        const chat = this.chat;
        if (chat === null) break;
        if (this.random(2) == 0) chat.cancel();
        else if (chat.isOpen || this.random(2) == 0) chat.send(this.bytes(), this.random(2) == 0);
        break;
      }
      case 5: {
        const chat = this.chat;
        if (chat !== null) chat.close();
        break;
      }
      case 6:
      case 7:
        context.after(this.random(30), () => this.some(3));
        break;
      case 8: {
        const timer = context.every(1 + this.random(20), () => this.some(1));
        if (this.random(2) == 0) timer.stop();
        timer.isRunning;
        break;
      }
      default:
        if (this.random(20) == 0) context.plugin.done();
    }
  }

  /** Calls of connections, be they another's. */
  protected callConnection(): void {
    if (connections.length == 0) return;
    const connection = connections[this.random(connections.length)];
    switch (this.random(5)) {
      case 0:
        connection.resumeDownstream();
        break;
      case 1:
        if (this.random(4) == 0) connection.close();
        break;
      case 2:
        callBody(this, connection.downstreamData);
        break;
      case 3:
        callBody(this, connection.upstreamData);
        break;
      default:
        if (bodies.length < 8) bodies.push(connection.downstreamData);
    }
  }

  /** Reads an answer. */
  private answer(result: CallResult): void {
    result.failure;
    callHeaders(this, result.headers);
    callBody(this, result.body);
    callHeaders(this, result.trailers);
    this.some(3);
  }
}
