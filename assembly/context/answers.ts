/**
 * Calls that are under way, by the token that the host gave them.
 *
 * @module
 */
import { cast } from "../memory/cast";
import { newSlots } from "../memory/slots";
import { Phase, Target, continueAs, wholeOf } from "../runtime/call";
import { Context, ContextKind } from "./context";
import { CallResult } from "./http-call";
import { findContext } from "./table";

/** What waits for the answer to a call; each kind of call overrides what can come for it. */
export abstract class Answer {
  /** The call's token, and what else is in the same list. */
  token: u32 = 0;
  next: Answer | null = null;

  constructor(
    /** The context that made the call, and that the answer is for. */
    readonly context: Context,
  ) {}

  /** The answer to an HTTP call. */
  onHttpResponse(result: CallResult): void {}

  /** A gRPC call's answer, or one message of a stream. */
  onGrpcMessage(size: u32): void {}

  onGrpcInitialMetadata(count: u32): void {}

  onGrpcTrailingMetadata(count: u32): void {}

  /** The end of a gRPC stream, or the failure of a call. */
  onGrpcClose(status: i32): void {}

  /** Whether nothing comes any more after what has come. */
  get isUnary(): bool {
    return true;
  }

  /** The context is gone, and more could come. */
  abandon(): void {}

  /** Goes on as a callback of the context that made the call; false when it is gone. */
  resume(): bool {
    const context = cast<Target, Context>(wholeOf(this.context));
    if (findContext(context.contextId) !== context) return false;
    return continueAs(context, context.$kind == ContextKind.Http ? Phase.Answer : Phase.Plugin);
  }
}

/** Lists of answers, as many as there are calls; made with the first call, so that a filter without calls carries none. */
// @ts-ignore: decorator
@lazy
let lists: StaticArray<Answer | null> | null = null;
// @ts-ignore: decorator
@lazy
let count: i32 = 0;

/** The list for a token: those that come in sequence are spread over all of them. */
// @ts-ignore: decorator
@inline
function listOf(all: StaticArray<Answer | null>, token: u32): u32 {
  return (token * 0x9e3779b1) >> (clz(<u32>all.length) + 1);
}

/** Keeps what waits for the answer with this token. */
export function addAnswer(token: u32, answer: Answer): void {
  let all = lists;
  if (all === null || count == all.length) all = spread(all);
  answer.token = token;
  link(all, answer);
  count++;
}

function link(all: StaticArray<Answer | null>, answer: Answer): void {
  const list = listOf(all, answer.token);
  answer.next = unchecked(all[list]);
  unchecked((all[list] = answer));
}

/** Twice as many lists. */
function spread(before: StaticArray<Answer | null> | null): StaticArray<Answer | null> {
  const all = newSlots<Answer>(before === null ? 8 : before.length * 2);
  if (before !== null) {
    for (let i = 0; i < before.length; i++) {
      for (let answer = unchecked(before[i]); answer !== null;) {
        const next = answer.next;
        link(all, answer);
        answer = next;
      }
    }
  }
  lists = all;
  return all;
}

/** What waits for the answer with this token; null when nothing does. */
export function findAnswer(token: u32): Answer | null {
  const all = lists;
  if (all === null) return null;
  let answer = unchecked(all[listOf(all, token)]);
  while (answer !== null && answer.token != token) answer = answer.next;
  return answer;
}

/** Forgets what waited for the answer with this token, if anything does. */
export function removeAnswer(token: u32): void {
  const all = lists;
  if (all === null) return;
  const list = listOf(all, token);
  let previous: Answer | null = null;
  let answer = unchecked(all[list]);
  while (answer !== null && answer.token != token) {
    previous = answer;
    answer = answer.next;
  }
  if (answer === null) return;
  if (previous === null) unchecked((all[list] = answer.next));
  else previous.next = answer.next;
  answer.next = null;
  count--;
}

/** How many calls are under way. */
export function answerCount(): i32 {
  return count;
}
