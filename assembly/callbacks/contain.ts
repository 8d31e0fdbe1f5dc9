/// <reference path="../runtime/build.d.ts" />
/**
 * What becomes of a callback that a bug in the filter has ended, so that it costs one request and nothing more: the build has
 * each exported callback catch what is thrown in it, and answer what is said here. See docs/bugs.md.
 *
 * @module
 */
import { StreamType } from "../abi/enums";
import { proxy_close_stream } from "../abi/imports";
import { isResumed, claim } from "../context/claims";
import { Context, ContextKind } from "../context/context";
import { beginCreation, creatingId } from "../context/creation";
import { takeBack } from "../context/ending";
import { noteFailed } from "../context/failed";
import { findContext, removeContext } from "../context/table";
import { endCreation } from "../context/parts";
import { recoverTimers } from "../context/timers";
import { sendFailure } from "../http/failure";
import { REPLIED, RESET } from "../http/progress";
import { forgetBuffer } from "../memory/received";
import { report } from "../runtime/bug";
import { SHARED_STREAMS, SHARED_TURNS, TIMERS } from "../runtime/build";
import { Phase, actOn, callbackContext, leave, noteDeferred, phase, progress } from "../runtime/call";

/** Ends what a callback was for, whose name is so far into the build's entries; answers what the callback does. */
export function contain(callback: u32): i32 {
  forgetBuffer();
  report(callback);
  const kind = phase;
  if (SHARED_STREAMS) {
    if (kind >= Phase.RequestHeaders && kind < Phase.Metadata) sendFailure();
  } else if (creatingId != 0) {
    // A plugin's streams fail with it.
    noteFailed(creatingId);
    endCreation(null);
    beginCreation(0, null);
    return 0;
  } else {
    const context = findContext(callbackContext);
    if (context !== null && context.$kind != ContextKind.Plugin) return endStream(context);
  }
  // What a plugin is asked is whether it accepts something, or is done.
  return kind != Phase.Plugin && kind != Phase.Metadata && kind != Phase.ResponseMetadata ? 1 : 0;
}

/** Ends a stream or connection; nothing of the filter runs for it any more. Answers what its callback does. */
function endStream(context: Context): i32 {
  const kind = phase;
  let answer = 1;
  if (kind < Phase.Log) {
    const isTcp = isDefined(PROXY_WASM_TCP) && context.$kind == ContextKind.Tcp;
    const wasOpen = takeBack(context);
    if (!actOn(context)) answer = 0;
    else if (isTcp) {
      noteDeferred();
      proxy_close_stream(StreamType.Downstream);
    } else if (!wasOpen && (progress & (REPLIED | RESET)) != 0) {
      // The client gets the answer that it has been given.
      answer = 0;
    } else if (kind == Phase.ResponseMetadata || isResumed(context) || (SHARED_TURNS && !claim(context))) {
      // Envoy 1.40 would crash.
      noteFailed(context.contextId);
      answer = 0;
    } else {
      noteDeferred();
      sendFailure();
      if (kind == Phase.Metadata) answer = 0;
    }
  }
  context.$abandon();
  removeContext(context.contextId);
  return answer;
}

/** Ends the callback itself, once all has been said. */
export function finish(): void {
  if (TIMERS) recoverTimers();
  leave();
}
