/**
 * The host's side of an exchange.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus } from "../abi/enums";
import { HttpContext } from "../context/http-context";
import { ExchangeState } from "./exchange-state";

/** A stream whose callbacks lead to its exchange. */
@final
export class FlowStream extends HttpContext {
  /** @internal Set right after it is made. */
  exchange: ExchangeState | null = null;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const exchange = this.exchange;
    return exchange === null ? FilterHeadersStatus.Continue : exchange.onRequestHeaders(endOfStream);
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const exchange = this.exchange;
    return exchange === null
      ? FilterDataStatus.Continue
      : exchange.onBody(exchange.request, bodySize, endOfStream);
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    const exchange = this.exchange;
    return exchange === null ? FilterTrailersStatus.Continue : exchange.onTrailers(exchange.request);
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const exchange = this.exchange;
    return exchange === null ? FilterHeadersStatus.Continue : exchange.onResponseHeaders(endOfStream);
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const exchange = this.exchange;
    return exchange === null
      ? FilterDataStatus.Continue
      : exchange.onBody(exchange.answer, bodySize, endOfStream);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    const exchange = this.exchange;
    return exchange === null ? FilterTrailersStatus.Continue : exchange.onTrailers(exchange.answer);
  }

  onDelete(): void {
    const exchange = this.exchange;
    if (exchange !== null) exchange.drop();
  }

  /** @internal */
  $abandon(): void {
    const exchange = this.exchange;
    if (exchange !== null) exchange.abandon();
  }
}
