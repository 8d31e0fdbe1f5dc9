/**
 * HTTP and gRPC calls that wait for an answer, by the token that the host gave them.
 *
 * @module
 */
import { newSlots, slotAt } from "../memory/slots";
import { Phase, continueAs } from "../runtime/current-callback";
import { ContextKind, Target, wholeOf } from "../runtime/target";
import { CallResult } from "./call-result";

/** A call that waits for its answer. Each kind of call overrides what can come for it. */
export abstract class PendingCall {
  /** The call's token, and what else is in the same list. */
  token: u32 = 0;
  next: PendingCall | null = null;

  constructor(
    /** The context that made the call. The answer goes to it. */
    readonly context: Target,
  ) {}

  /** The answer to an HTTP call. */
  onHttpResponse(result: CallResult): void {}

  /** A gRPC call's answer, or one message of a stream. */
  onGrpcMessage(size: u32): void {}

  onGrpcInitialMetadata(count: u32): void {}

  onGrpcTrailingMetadata(count: u32): void {}

  /** The end of a gRPC stream, or the failure of a call. */
  onGrpcClose(status: i32): void {}

  /** Tells whether the first message that comes is the last. */
  get isUnary(): bool {
    return true;
  }

  /** Called when the context is gone while the host could still send something: ends the call. */
  abandon(): void {}

  /** Lets host calls act upon the context that made the call. Answers false when that context is gone. */
  resume(): bool {
    const context = wholeOf(this.context);
    return continueAs(context, context.$kind == ContextKind.Http ? Phase.Answer : Phase.Plugin);
  }
}

/** Lists of calls, as many as there are calls; made with the first call, so that a filter without calls carries none. */
// @ts-ignore: decorator
@lazy
let lists: StaticArray<PendingCall | null> | null = null;
// @ts-ignore: decorator
@lazy
let count: i32 = 0;

/** The list for a token: those that come in sequence are spread over all of them. */
// @ts-ignore: decorator
@inline
function listOf(all: StaticArray<PendingCall | null>, token: u32): u32 {
  return (token * 0x9e3779b1) >> (clz(<u32>all.length) + 1);
}

/** Keeps a call under the token that the host gave it. */
export function addPendingCall(token: u32, answer: PendingCall): void {
  let all = lists;
  if (all === null || count == all.length) all = spread(all);
  answer.token = token;
  link(all, answer);
  count++;
}

function link(all: StaticArray<PendingCall | null>, answer: PendingCall): void {
  const list = listOf(all, answer.token);
  answer.next = slotAt<PendingCall>(all, list);
  unchecked((all[list] = answer));
}

/** Twice as many lists. */
function spread(before: StaticArray<PendingCall | null> | null): StaticArray<PendingCall | null> {
  const all = newSlots<PendingCall>(before === null ? 8 : before.length * 2);
  if (before !== null) {
    for (let i = 0; i < before.length; i++) {
      for (let answer = slotAt<PendingCall>(before, i); answer !== null;) {
        const next = answer.next;
        link(all, answer);
        answer = next;
      }
    }
  }
  lists = all;
  return all;
}

/** The call with this token; null when none waits under it. */
export function findPendingCall(token: u32): PendingCall | null {
  const all = lists;
  if (all === null) return null;
  let answer = slotAt<PendingCall>(all, listOf(all, token));
  while (answer !== null && answer.token != token) answer = answer.next;
  return answer;
}

/** Forgets the call with this token, and answers it; null when none waits under it. */
export function removePendingCall(token: u32): PendingCall | null {
  const all = lists;
  if (all === null) return null;
  const list = listOf(all, token);
  let previous: PendingCall | null = null;
  let answer = slotAt<PendingCall>(all, list);
  while (answer !== null && answer.token != token) {
    previous = answer;
    answer = answer.next;
  }
  if (answer === null) return null;
  if (previous === null) unchecked((all[list] = answer.next));
  else previous.next = answer.next;
  answer.next = null;
  count--;
  return answer;
}

/** How many calls are under way. */
export function pendingCallCount(): i32 {
  return count;
}
