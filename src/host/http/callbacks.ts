import type { HeaderMap } from "../abi/header-map.js";
import { DataStatus, HeadersStatus, TrailersStatus } from "./filter.js";
import type { HttpStream } from "./stream.js";
import type { HttpContext } from "./wasm-filter.js";

/** The HTTP callbacks of a module, and what Envoy makes of their results. */
export class HttpCallbacks {
  /** The stream was answered in the place of a VM that is dead: the response passes this filter by. */
  hasReplied = false;

  constructor(
    private readonly context: HttpContext,
    private readonly stream: HttpStream,
  ) {}

  onHeaders(callback: string, headers: HeaderMap, endStream: boolean): HeadersStatus {
    const { vm } = this.context;
    if (vm.failure !== undefined)
      return this.failed(HeadersStatus.Continue, HeadersStatus.StopAllAndWatermark);
    if (!vm.has(callback)) return HeadersStatus.Continue;
    const end = vm.abiVersion === "0.1.0" ? [] : [endStream ? 1 : 0];
    const result = vm.call(this.context, callback, this.context.id, headers.size, ...end) ?? 0;
    const status: HeadersStatus =
      vm.failure !== undefined
        ? this.failed(HeadersStatus.Continue, HeadersStatus.StopAllAndWatermark)
        : this.headersStatus(result);
    const side = callback === "proxy_on_request_headers" ? "request" : "response";
    if (result === 1 && status === HeadersStatus.StopAllAndWatermark && !endStream && !vm.stopNext)
      if (vm.has(`proxy_on_${side}_body`)) this.stream.waitsForBody = side;
    vm.endCall();
    return status;
  }

  private headersStatus(result: number): HeadersStatus {
    if (this.context.vm.stopNext || result >>> 0 > 4) return HeadersStatus.StopAllAndWatermark;
    if (result === 1)
      return this.context.settings.allowOnHeadersStopIteration
        ? HeadersStatus.StopIteration
        : HeadersStatus.StopAllAndWatermark;
    if (result === 3 || result === 4) return result;
    return HeadersStatus.Continue;
  }

  onBody(callback: string, size: number, endStream: boolean): DataStatus {
    const { vm } = this.context;
    if (vm.failure !== undefined) return this.failed(DataStatus.Continue, DataStatus.StopNoBuffer);
    if (!vm.has(callback)) return DataStatus.Continue;
    const result = vm.call(this.context, callback, this.context.id, size, endStream ? 1 : 0) ?? 0;
    let status: DataStatus;
    if (vm.failure !== undefined) status = this.failed(DataStatus.Continue, DataStatus.StopNoBuffer);
    else if (vm.stopNext || result >>> 0 > 3) status = DataStatus.StopNoBuffer;
    else status = result as DataStatus;
    vm.endCall();
    return status;
  }

  onTrailers(callback: string, trailers: HeaderMap): TrailersStatus {
    const { vm } = this.context;
    if (vm.failure !== undefined) return this.failed(TrailersStatus.Continue, TrailersStatus.Stop);
    if (!vm.has(callback)) return TrailersStatus.Continue;
    const result = vm.call(this.context, callback, this.context.id, trailers.size) ?? 0;
    let status: TrailersStatus;
    if (vm.failure !== undefined) status = this.failed(TrailersStatus.Continue, TrailersStatus.Stop);
    else status = vm.stopNext || result !== 0 ? TrailersStatus.Stop : TrailersStatus.Continue;
    vm.endCall();
    return status;
  }

  /** The answer in place of a dead VM's. */
  private failed<T>(open: T, closed: T): T {
    if (this.context.settings.failOpen) return open;
    if (!this.hasReplied) {
      this.stream.sendLocalReply({
        status: 503,
        body: new Uint8Array(0),
        headers: [],
        grpcStatus: 14,
        details: "wasm_fail_stream",
      });
      this.hasReplied = true;
    }
    return closed;
  }
}
