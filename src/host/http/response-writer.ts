import type { HeaderMap } from "../abi/header-map.js";
import { noBytes } from "../abi/text.js";
import type { Fields } from "../services/cluster.js";
import type { HttpStream } from "./stream.js";
import type { Client, StreamOptions } from "./stream-options.js";

/** Writes a response to the client, behind all filters, as Envoy's connection manager and its codecs do. */
export class ResponseWriter {
  hasStarted = false;
  /** The whole response has gone out. */
  isComplete = false;
  /** The client is gone, or cut off: nothing goes out any more. */
  isCut = false;

  constructor(
    private readonly stream: HttpStream,
    private readonly client: Client,
    private readonly options: StreamOptions,
  ) {}

  headers(headers: HeaderMap, endStream: boolean): void {
    const { stream } = this;
    if (this.hasStarted)
      this.warn("the response's headers go out twice: it was continued and continued itself");
    this.hasStarted = true;
    if (!headers.has("date")) headers.add("date", new Date(stream.environment.loop.now()).toUTCString());
    const { serverHeader = "OVERWRITE" } = this.options;
    if (serverHeader === "OVERWRITE" || (serverHeader === "APPEND_IF_ABSENT" && !headers.has("server")))
      headers.put("server", "envoy");
    const upgrades = headers.get(":status") === "101";
    for (const name of ["transfer-encoding", "keep-alive", "proxy-connection"]) headers.remove(name);
    if (!upgrades) for (const name of ["connection", "upgrade"]) headers.remove(name);
    if (!stream.isHttp2 && !upgrades && (stream.closesConnection || !stream.isRemoteComplete))
      headers.put("connection", "close");
    stream.info.responseCode = Number(headers.get(":status"));
    stream.info.responseTotalSize += headers.byteSize;
    if (this.isCut) return;
    this.client.headers(this.framed(headers, endStream), endStream);
    if (endStream) this.finish();
  }

  /** HTTP/1 says that there is no body where there might be one. */
  private framed(headers: HeaderMap, endStream: boolean): Fields {
    const { stream } = this;
    const code = stream.info.responseCode!;
    const mayHaveBody = endStream && !stream.isHead && code >= 200 && code !== 204;
    if (stream.isHttp2 || !mayHaveBody || headers.has("content-length")) return headers.pairs();
    return [...headers.pairs(), ["content-length", "0"]];
  }

  data(bytes: Uint8Array, endStream: boolean): void {
    if (this.isCut) return;
    this.stream.info.responseSize += bytes.length;
    this.stream.info.responseTotalSize += bytes.length;
    this.client.data(bytes, endStream);
    if (endStream) this.finish();
  }

  trailers(trailers: HeaderMap): void {
    if (this.isCut) return;
    // HTTP/1 has trailers behind chunks only, not behind a body of a given length.
    if (this.stream.isHttp2 || this.stream.responseHeaders?.has("content-length") !== true)
      this.client.trailers(trailers.pairs());
    else this.client.data(noBytes, true);
    this.finish();
  }

  /** Cuts the client off. */
  cut(): void {
    this.isCut = true;
    this.client.reset();
  }

  private warn(message: string): void {
    this.stream.environment.log({ level: "warn", from: "", message, contextId: 0, ofModule: false });
  }

  private finish(): void {
    this.isComplete = true;
    this.stream.end();
  }
}
