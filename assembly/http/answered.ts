/**
 * Requests that have been answered. Envoy chooses the route anew after each change of a request's headers; once the response's headers
 * have gone to the client it cannot. Then Envoy 1.40 dies when a filter, such as its bandwidth limit, asks for the route.
 *
 * @module
 */
import { HeaderMapType } from "../abi/enums";
import { SHARED_STREAMS, WRITES_LATE, WRITES_WHILE_HELD } from "../runtime/build";
import { Phase, actsOnOwn, effectiveContext, phase, progress, turn } from "../runtime/current-callback";
import { hasProperty } from "../services/property";
import { HELD, REPLIED, RESPONSE, SENT } from "./stream-state";

/** The stream of which this turn knows that it has no response, and the turn. */
let openStream: u32 = 0;
let openTurn: u32 = 0;

/** Tells whether a response has come already: the filter has let its headers go, or holds them. */
export function hasResponse(): bool {
  return (progress & ((HELD | SENT) << RESPONSE)) != 0;
}

/** Tells whether these are the headers of a request that has been answered: in `onLog` and later, their change leads to nothing. */
export function isAnswered(map: i32): bool {
  if (!WRITES_LATE || map != HeaderMapType.RequestHeaders || phase >= Phase.ResponseMetadata) return false;
  if (SHARED_STREAMS) return phase >= Phase.ResponseHeaders;
  if (actsOnOwn()) {
    if (phase < Phase.ResponseHeaders) return false;
    if (phase <= Phase.ResponseTrailers) return true;
  }
  if ((progress & REPLIED) != 0 || hasResponse()) return true;
  if (!WRITES_WHILE_HELD) return false;
  if (openStream == effectiveContext && openTurn == turn) return false;
  // Envoy, or another filter, may have answered while this filter holds the request.
  if (hasProperty("response\0code_details")) return true;
  openStream = effectiveContext;
  openTurn = turn;
  return false;
}
