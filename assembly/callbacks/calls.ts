/**
 * What the host calls with the answers to calls. It calls for the plugin; the answer goes to the stream that made the call,
 * or to nobody when that is gone.
 *
 * @module
 */
import { findAnswer, removeAnswer } from "../context/answers";
import { CallResult } from "../context/http-call";
import { Phase, enter, leave } from "../runtime/call";

export function proxy_on_http_call_response(
  id: u32,
  token: u32,
  headerCount: u32,
  bodySize: u32,
  trailerCount: u32,
): void {
  enter(id, Phase.Plugin);
  const answer = findAnswer(token);
  if (answer !== null) {
    removeAnswer(token);
    if (answer.resume()) answer.onHttpResponse(new CallResult(headerCount, bodySize, trailerCount));
  }
  leave();
}
