/**
 * What the host calls for HTTP streams; the transform exports those that a filter overrides.
 *
 * @module
 */
import { FilterHeadersStatus } from "../abi/enums";
import { HttpContext } from "../context/http-context";
import { sharedHttpContext } from "../context/register";
import { REQUEST_HELD, RESPONSE_HELD, RESUME_REQUEST, RESUME_RESPONSE } from "../context/stream";
import { findContext } from "../context/table";
import { SHARED_STREAMS } from "../runtime/build";
import { Phase, enter, leave } from "../runtime/call";

/** The stream that a callback is for; null when it is not ours or gone: Envoy may still call for a reset stream. */
function begin(id: u32, phase: Phase): HttpContext | null {
  enter(id, phase);
  return SHARED_STREAMS ? sharedHttpContext : (findContext(id) as HttpContext | null);
}

/** Ends a callback of the request, and remembers whether the request is held. */
function endRequest(stream: HttpContext, answer: i32, held: bool): i32 {
  return end(stream, answer, held, REQUEST_HELD, RESUME_REQUEST);
}

/** Ends a callback of the response, and remembers whether the response is held. */
function endResponse(stream: HttpContext, answer: i32, held: bool): i32 {
  return end(stream, answer, held, RESPONSE_HELD, RESUME_RESPONSE);
}

/** A stream that was resumed in the callback goes on: told to hold it after that, Envoy would do so for ever. */
function end(stream: HttpContext, answer: i32, held: bool, heldFlag: u32, resumeFlag: u32): i32 {
  if (!SHARED_STREAMS) {
    const flags = stream.flags;
    if (held && (flags & resumeFlag) != 0) {
      held = false;
      answer = 0;
    }
    stream.flags = (flags & ~(heldFlag | resumeFlag)) | (held ? heldFlag : 0);
  }
  leave();
  return answer;
}

/** Ends a callback for a stream that is gone. */
function pass(): i32 {
  leave();
  return 0;
}

// @ts-ignore: decorator
@inline
function holdsHeaders(answer: i32): bool {
  return answer != FilterHeadersStatus.Continue && answer != FilterHeadersStatus.ContinueAndEndStream;
}

export function proxy_on_request_headers(id: u32, headerCount: u32, endOfStream: i32): i32 {
  const stream = begin(id, Phase.RequestHeaders);
  if (stream === null) return pass();
  const answer = stream.onRequestHeaders(headerCount, endOfStream != 0);
  return endRequest(stream, answer, holdsHeaders(answer));
}

export function proxy_on_request_body(id: u32, bodySize: u32, endOfStream: i32): i32 {
  const stream = begin(id, Phase.RequestBody);
  if (stream === null) return pass();
  const answer = stream.onRequestBody(bodySize, endOfStream != 0);
  return endRequest(stream, answer, answer != 0);
}

export function proxy_on_request_trailers(id: u32, trailerCount: u32): i32 {
  const stream = begin(id, Phase.RequestTrailers);
  if (stream === null) return pass();
  const answer = stream.onRequestTrailers(trailerCount);
  return endRequest(stream, answer, answer != 0);
}

export function proxy_on_response_headers(id: u32, headerCount: u32, endOfStream: i32): i32 {
  const stream = begin(id, Phase.ResponseHeaders);
  if (stream === null) return pass();
  const answer = stream.onResponseHeaders(headerCount, endOfStream != 0);
  return endResponse(stream, answer, holdsHeaders(answer));
}

export function proxy_on_response_body(id: u32, bodySize: u32, endOfStream: i32): i32 {
  const stream = begin(id, Phase.ResponseBody);
  if (stream === null) return pass();
  const answer = stream.onResponseBody(bodySize, endOfStream != 0);
  return endResponse(stream, answer, answer != 0);
}

export function proxy_on_response_trailers(id: u32, trailerCount: u32): i32 {
  const stream = begin(id, Phase.ResponseTrailers);
  if (stream === null) return pass();
  const answer = stream.onResponseTrailers(trailerCount);
  return endResponse(stream, answer, answer != 0);
}
