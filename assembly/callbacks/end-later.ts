/**
 * The end of a stream that a bug has ended where it cannot be ended at once: Envoy would crash on an answer in a callback that
 * has resumed the stream, or in which another context of the stream has acted. It is ended in a turn of its own, as no callback
 * of the stream may follow.
 *
 * @module
 */
import { noteFailed, takeFailed } from "../context/failed";
import { HttpContext } from "../context/http-context";
import { beginCreation } from "../context/new-context";
import { endCreation } from "../context/parts";
import { addContext } from "../context/table";
import { sendFailure } from "../http/failure";
import { REPLIED, RESET } from "../http/stream-state";
import { noteDeferred, progress } from "../runtime/current-callback";

/** Stands in for a stream's context that is gone: nothing of the filter runs for the stream, and its host calls still can. */
@final
class StandIn extends HttpContext {}

/**
 * Ends the stream of `context`, which is in effect and has just left the table, in the next tick.
 *
 * @param passes what is held goes on as it is; otherwise the client gets 500, or a cut response.
 */
export function endLater(context: HttpContext, passes: bool): void {
  const id = context.contextId;
  beginCreation(id, context.$owner);
  const rest = new StandIn();
  endCreation(rest);
  beginCreation(0, null);
  rest.$progress = progress;
  rest.$actedIn = context.$actedIn;
  addContext(rest);
  if (!passes) noteFailed(id);
  rest.afterWith<HttpContext>(1, rest, passes ? letGo : fail);
}

/** Lets the rest of a stream go on: of its request and response, one a turn. */
function letGo(stream: HttpContext): void {
  stream.resumeRequest();
  stream.resumeResponse();
}

/** Fails a stream that has had no callback in which it could fail. */
function fail(stream: HttpContext): void {
  if (!takeFailed(stream.contextId) || (progress & (REPLIED | RESET)) != 0) return;
  noteDeferred();
  sendFailure();
}
