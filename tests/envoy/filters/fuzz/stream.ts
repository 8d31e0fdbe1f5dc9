// Calls of HTTP streams.
import { GrpcStatus, Headers, HttpContext } from "proxy-wasm-as";
import { bodies } from "./calls";
import { Caller } from "./caller";
import { callBody, callHeaders } from "./message";
import { Random } from "./random";

function anyHeaders(caller: Caller, stream: HttpContext): Headers {
  const kind = caller.random(6);
  // A response whose status goes is one that Envoy ends.
  if (caller.spares) return stream.request.headers;
  switch (kind) {
    case 0:
      return stream.request.trailers;
    case 1:
      return stream.response.trailers;
    case 2:
    case 3:
      return stream.response.headers;
    default:
      return stream.request.headers;
  }
}

function respondSomehow(caller: Random, stream: HttpContext): void {
  const status = caller.random(3) == 0 ? caller.random(1200) : 200 + caller.random(400);
  if (caller.random(2) == 0) stream.respondBytes(status, caller.bytes(), { headers: caller.pairs() });
  else {
    stream.respond(status, caller.value(), {
      headers: caller.pairs(),
      details: caller.value(),
      grpcStatus: <GrpcStatus>(<i32>caller.random(20) - 2),
    });
  }
}

/** Calls of a stream. */
export function callStream(caller: Caller, stream: HttpContext, kind: u32): void {
  switch (kind) {
    case 0:
      if (!caller.spares) respondSomehow(caller, stream);
      break;
    case 1:
      stream.resumeRequest();
      break;
    case 2:
      stream.resumeResponse();
      break;
    case 3:
      if (caller.random(6) == 0 && !caller.spares) stream.reset();
      break;
    case 4:
      if (caller.random(2) == 0) caller.storedRequest = stream.request;
      else caller.storedResponse = stream.response;
      break;
    case 5: {
      const stored = caller.storedRequest;
      if (stored !== null) callHeaders(caller, stored.headers);
      break;
    }
    case 6: {
      const stored = caller.storedResponse;
      if (!sparesBodies(caller) && stored !== null) callBody(caller, stored.body);
      break;
    }
    case 7: {
      const stored = caller.storedRequest;
      if (!sparesBodies(caller) && stored !== null) callBody(caller, stored.body);
      break;
    }
    case 8:
      if (!sparesBodies(caller) && bodies.length > 0) callBody(caller, bodies[caller.random(bodies.length)]);
      break;
    case 9:
      if (bodies.length < 8) bodies.push(caller.random(2) == 0 ? stream.request.body : stream.response.body);
      break;
    case 10:
      stream.request.headers.remove("content-length");
      break;
    case 11:
      stream.response.headers.remove("content-length");
      break;
    case 12:
    case 13:
      if (!sparesBodies(caller)) callBody(caller, stream.response.body);
      break;
    case 14:
    case 15:
      if (!sparesBodies(caller)) callBody(caller, stream.request.body);
      break;
    default:
      callHeaders(caller, anyHeaders(caller, stream));
  }
}

/**
 * Whether bodies are left alone: a change that is refused, in a timer for example, ends its stream in whichever callback
 * comes next, and Envoy 1.40 dies of that in one of the response when METADATA of the upstream follows.
 */
function sparesBodies(caller: Caller): bool {
  return caller.spares || Caller.metadata;
}
