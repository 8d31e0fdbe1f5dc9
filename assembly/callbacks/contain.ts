/// <reference path="../runtime/build.d.ts" />
/**
 * Error containment: a bug in the filter ends one callback, costs one request and nothing more. The build makes each exported
 * callback catch everything that is thrown in it, and return the answer that this file chooses. See docs/bugs.md.
 *
 * @module
 */
import { FailurePolicy, Status, StreamType } from "../abi/enums";
import { proxy_close_stream, proxy_continue_stream } from "../abi/imports";
import { claim, isResumed, noteResumed } from "../context/turns";
import { Context } from "../context/context";
import { beginCreation, creatingId, creatingPlugin } from "../context/new-context";
import { hasResumed, isEndDue, sendDue, takeBack, takeBackResumption } from "../context/deferred-reply";
import { noteFailed } from "../context/failed";
import { HttpContext } from "../context/http-context";
import { sharedHttpContext } from "../context/register";
import { contextById } from "../context/by-id";
import { removeContext } from "../context/table";
import { endCreation } from "../context/parts";
import { recoverTimers } from "../context/timers";
import { sendFailure } from "../http/failure";
import { restoreHidden } from "../http/held-part";
import { endsReplaced } from "../http/second-response";
import { HELD, REPLIED, RESET, RESPONSE, forgetEnd, mayPass } from "../http/stream-state";
import { cast } from "../memory/cast";
import { forgetBuffer } from "../memory/host-values";
import { report } from "../runtime/bug";
import {
  HOLDS_PARTS,
  HOLDS_RESPONSES,
  RESUMES_AFTER_CALLS,
  RESUMES_BOTH,
  SHARED_STREAMS,
  SHARED_TURNS,
  TIMERS,
} from "../runtime/build";
import {
  Phase,
  actOn,
  callbackContext,
  leave,
  noteDeferred,
  phase,
  progress,
} from "../runtime/current-callback";
import { ContextKind, Target } from "../runtime/target";
import { forgetThrown } from "../runtime/thrown";
import { takeThrown } from "../runtime/thrown-error";
import { noteBug } from "../services/bug-counter";
import { endLater } from "./end-later";

/** Ends what a callback was for, whose name is so far into the build's entries; answers what the callback does. */
export function contain(callback: u32): i32 {
  forgetBuffer();
  report(callback);
  if (isDefined(PROXY_WASM_COUNTS_BUGS)) count();
  const kind = phase;
  if (SHARED_STREAMS) {
    const stream = sharedHttpContext;
    if (stream !== null) takeBack(stream);
    if (kind >= Phase.RequestHeaders && kind < Phase.Metadata) sendFailure();
  } else if (creatingId != 0) {
    endCreation(null);
    // A plugin's streams fail with it.
    if (
      !isDefined(PROXY_WASM_ON_ERROR) ||
      consult(cast<Target | null, Context | null>(creatingPlugin)) != FailurePolicy.FailOpen
    )
      noteFailed(creatingId);
    beginCreation(0, null);
    return 0;
  } else {
    const context = contextById(callbackContext);
    if (context !== null && context.$kind != ContextKind.Plugin) return endStream(context);
    if (isDefined(PROXY_WASM_ON_ERROR)) consult(context);
  }
  // The host asks a plugin whether it accepts something, or is done: the answer is no.
  return kind != Phase.Plugin && kind != Phase.Metadata && kind != Phase.ResponseMetadata ? 1 : 0;
}

/**
 * Counts a bug, and asks `onError` of a context; a bug in these is logged, and the answer then is `FailClosed`: the build has
 * them catch what they throw.
 */
export function count(): i32 {
  if (isDefined(PROXY_WASM_COUNTS_BUGS)) noteBug();
  return 0;
}

export function consult(context: Context | null): i32 {
  if (!isDefined(PROXY_WASM_ON_ERROR) || context === null) return FailurePolicy.FailClosed;
  const error = takeThrown();
  forgetThrown();
  return error === null ? FailurePolicy.FailClosed : context.onError(error);
}

/** The module can let a stream go on, or fail it, in a turn of its own. */
const ENDS_LATER: bool = RESUMES_BOTH || (RESUMES_AFTER_CALLS && isDefined(PROXY_WASM_ON_ERROR));

/**
 * The second step for a stream after its callback has ended: the rest of it is let go, or it fails. If a filter does not resume
 * both requests and responses, another callback of the stream follows, and the stream fails in it.
 */
const enum Later {
  Nothing,
  Pass,
  Fail,
}

/** Ends a stream or connection; nothing of the filter runs for it any more. Answers what its callback does. */
function endStream(context: Context): i32 {
  const kind = phase;
  let answer = 1;
  let later = Later.Nothing;
  if (kind >= Phase.Log) {
    if (isDefined(PROXY_WASM_ON_ERROR)) consult(context);
  } else {
    const isTcp = isDefined(PROXY_WASM_TCP) && context.$kind == ContextKind.Tcp;
    let wasOpen = takeBack(context);
    let isReachable = actOn(context);
    const resumes =
      hasResumed && !isTcp && isReachable && kind <= Phase.RequestTrailers && takeBackResumption();
    let policy: i32 = FailurePolicy.FailClosed;
    if (isDefined(PROXY_WASM_ON_ERROR)) {
      if (wasOpen && isReachable) forgetEnd();
      policy = consult(context);
      isReachable = actOn(context);
      wasOpen = isEndDue(context);
    }
    if (!isReachable) answer = 0;
    else if (HOLDS_RESPONSES && !isTcp && !wasOpen && endsReplaced()) answer = 1;
    else if (policy == FailurePolicy.FailOpen && !wasOpen && letPass(context, kind)) {
      answer = 0;
      if (resumes) proxy_continue_stream(StreamType.Response);
      const isHeld = !isTcp && (progress & (HELD | (HELD << RESPONSE))) != 0;
      if (ENDS_LATER && kind == Phase.Answer && isHeld) later = Later.Pass;
    } else if (isTcp) {
      noteDeferred();
      proxy_close_stream(StreamType.Downstream);
    } else if (!wasOpen && (progress & (REPLIED | RESET)) != 0) {
      // The client gets the answer that it has been given.
      answer = 0;
      if (SHARED_TURNS && kind == Phase.Answer && !letReplyPass(context) && RESUMES_BOTH) later = Later.Pass;
    } else if (
      kind == Phase.ResponseMetadata ||
      (isResumed(context) && !resumes) ||
      (SHARED_TURNS && !claim(context))
    ) {
      // Envoy 1.40 would crash.
      if (RESUMES_BOTH) later = Later.Fail;
      else noteFailed(context.contextId);
      answer = 0;
    } else {
      noteDeferred();
      if (isDefined(PROXY_WASM_ON_ERROR) && wasOpen) sendDue();
      else sendFailure();
      if (kind == Phase.Metadata) answer = 0;
    }
  }
  context.$abandon();
  removeContext(context.contextId);
  if (ENDS_LATER && later != Later.Nothing)
    endLater(cast<Context, HttpContext>(context), later == Later.Pass);
  return answer;
}

/** Lets a local response go on that the filter holds; false when it cannot in this turn. */
function letReplyPass(context: Context): bool {
  if ((progress & (RESET | (HELD << RESPONSE))) != HELD << RESPONSE) return true;
  if (isResumed(context) || !claim(context)) return false;
  noteResumed(context);
  noteDeferred();
  proxy_continue_stream(StreamType.Response);
  return true;
}

/** Lets what is held of a stream or connection go on without the filter, where that is safe. */
function letPass(context: Context, kind: Phase): bool {
  if (isDefined(PROXY_WASM_TCP) && context.$kind == ContextKind.Tcp) {
    if (kind != Phase.Connection && kind != Phase.DownstreamData && kind != Phase.UpstreamData)
      proxy_continue_stream(StreamType.Downstream);
    return true;
  }
  if (!mayPass()) return false;
  if (HOLDS_PARTS) restoreHidden();
  const isResponseHeld = (progress & (HELD << RESPONSE)) != 0;
  if (kind >= Phase.RequestHeaders && kind <= Phase.RequestTrailers) return !isResponseHeld;
  if (kind != Phase.Answer || isResumed(context)) return true;
  const stream = cast<Context, HttpContext>(context);
  if (!isResponseHeld) return stream.resumeRequest() == Status.Ok;
  return (progress & HELD) == 0 && stream.resumeResponse() == Status.Ok;
}

/** Ends the callback itself, once all has been said. */
export function finish(): void {
  if (TIMERS) recoverTimers();
  leave();
}
