/**
 * A context for a stream when `createHttpContext` or `createTcpContext` has answered an old context, made for another stream or
 * for none. Only a context that is made for the stream gets the host's number of it, so an old one could do nothing for this
 * stream. The host's number of a stream is given to the context that is made for it, so nothing that such a context does could be
 * for this stream.
 *
 * @module
 */
import { FilterHeadersStatus, FilterStatus } from "../abi/enums";
import { log } from "../services/log";
import { HttpContext } from "./http-context";
import { TcpContext } from "./tcp-context";

/** Says what is wrong; the stream itself gets no more than a status. */
function report(method: string): void {
  log.critical(
    method + " answered a context that it did not make for this stream; answer a new one each time",
  );
}

/** Answers 500 in place of the filter. */
export class RefusedStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    report("createHttpContext");
    return this.respond(500);
  }
}

/** Closes the connection in place of the filter. */
export class RefusedConnection extends TcpContext {
  onNewConnection(): FilterStatus {
    report("createTcpContext");
    this.close();
    return FilterStatus.StopIteration;
  }
}
