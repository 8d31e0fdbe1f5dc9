// Calls the method that the request's `x-method` says, and answers with what came of it.
import {
  FilterHeadersStatus,
  GrpcStatus,
  GrpcStream,
  Headers,
  HttpContext,
  Status,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";
import { pendingCallCount } from "proxy-wasm-as/assembly/context/pending-calls";

function bytes(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

function fromHex(text: string): Uint8Array {
  const result = new Uint8Array(text.length >> 1);
  for (let i = 0; i < result.length; i++) result[i] = <u8>parseInt(text.substr(i * 2, 2), 16);
  return result;
}

class Chat extends GrpcStream {
  seen: string = "";
  private sizes: string = "";

  constructor(
    readonly owner: Caller,
    readonly cancels: bool,
    readonly listsSizes: bool,
  ) {
    super();
  }

  onInitialMetadata(metadata: Headers): void {
    const value = metadata.get("x-initial");
    this.seen += "initial " + (value === null ? "null" : value) + ";";
  }

  onMessage(message: Uint8Array): void {
    if (this.listsSizes) {
      this.sizes += (message.length > 0 ? "," : "") + message.length.toString();
      return;
    }
    this.seen += "message " + String.UTF8.decode(message.buffer) + ";";
    if (this.cancels) {
      this.seen += "cancel " + this.cancel().toString() + " " + this.send(bytes("late")).toString() + ";";
      this.owner.respond(200, this.seen);
    } else if (this.isOpen) {
      this.send(bytes("last"), true);
      this.seen += "closed " + this.send(bytes("late")).toString() + this.close().toString() + ";";
    }
  }

  onTrailingMetadata(metadata: Headers): void {
    const value = metadata.get("x-trailing");
    this.seen += "trailing " + (value === null ? "null" : value) + ";";
  }

  onClose(status: GrpcStatus, message: string): void {
    if (this.listsSizes) this.seen = this.sizes + " ";
    else this.seen += "close ";
    this.seen += status.toString() + " " + message;
    this.owner.respond(200, this.seen);
  }
}

class Caller extends HttpContext {
  private chat: Chat | null = null;
  private cluster: string = "";
  private method: string = "";

  private open(): void {
    const chat = this.chat!;
    const metadata = [["x-meta", "m"]];
    const status = this.grpcStream(this.cluster, "test.Echo", this.method, chat, { metadata });
    if (status == Status.Ok) chat.send(bytes("first"));
    else this.respond(500, `not opened: ${status}`);
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const method = headers.get("x-method");
    if (method === null) return this.respond(200, pendingCallCount().toString());
    const cluster = headers.has("x-cluster") ? headers.get("x-cluster")! : "grpc-server";
    let status: Status;
    if (headers.has("x-stream")) {
      this.chat = new Chat(this, headers.equals("x-stream", "cancel"), headers.equals("x-stream", "sizes"));
      this.cluster = cluster;
      this.method = method;
      this.after(0, () => this.open());
      status = Status.Ok;
    } else {
      const text = headers.get("x-text");
      const raw = headers.has("x-raw") ? fromHex(headers.get("x-raw")!) : null;
      status = this.grpcCall(
        cluster,
        "test.Echo",
        method,
        bytes("hello"),
        {
          metadata: [
            ["x-meta", "m"],
            ["x-text", text === null ? "" : text],
          ],
          timeout: method == "Late" ? 15000 : 300,
          service: raw,
        },
        (result) => {
          const body = String.UTF8.decode(result.body.buffer);
          this.respond(200, result.status.toString() + " [" + result.message + "] " + body);
        },
      );
    }
    if (status != Status.Ok) return this.respond(200, "not sent: " + status.toString());
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }

  onDelete(): void {
    log.info("deleted");
  }
}

registerHttpFilter<Caller>();
