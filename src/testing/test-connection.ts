import type { Host, TcpStream, VirtualLoop } from "../host/index.js";
import { bytesOfChunk, join } from "./message.js";

/** A connection through network filters. */
export class TestConnection {
  /** Tells whether the other side has ended its half. */
  ended = false;
  /** Tells whether the connection is gone. */
  closed = false;
  private readonly chunks: Uint8Array[] = [];
  private readonly stream: TcpStream;

  constructor(
    private readonly loop: VirtualLoop,
    host: Host,
    private readonly check: () => void,
  ) {
    let stream: TcpStream | undefined;
    loop.do(() => {
      stream = host.openConnection({
        data: (bytes, endStream) => {
          if (bytes.length > 0) this.chunks.push(bytes);
          this.ended ||= endStream;
        },
        closed: () => (this.closed = true),
      });
    });
    this.stream = stream!;
    loop.run();
    check();
  }

  /** The data that has come, as text. */
  get received(): string {
    return new TextDecoder().decode(join(this.chunks));
  }

  send(data: string | Uint8Array): this {
    this.event(() => this.stream.onData(bytesOfChunk(data), false));
    return this;
  }

  /** Ends this side. */
  end(): this {
    this.event(() => this.stream.onData(new Uint8Array(0), true));
    return this;
  }

  /** Cuts the connection. */
  reset(): this {
    this.event(() => this.stream.onReset());
    return this;
  }

  private event(action: () => void): void {
    this.loop.do(action);
    this.loop.run();
    this.check();
  }
}
