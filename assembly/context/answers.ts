/**
 * Calls that are under way, by the token that the host gave them.
 *
 * @module
 */
import { Phase, continueAs } from "../runtime/call";
import { Context, ContextKind } from "./context";
import { CallResult } from "./http-call";
import { findContext } from "./table";

/** What waits for the answer to a call; each kind of call overrides what can come for it. */
export abstract class Answer {
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
    const context = this.context;
    if (findContext(context.contextId) !== context) return false;
    return continueAs(context, context.$kind == ContextKind.Http ? Phase.Answer : Phase.Plugin);
  }
}

/** Made with the first call, so that a filter without calls does not carry it. */
// @ts-ignore: decorator
@lazy
let answers: Map<u32, Answer> | null = null;

/** Keeps what waits for the answer with this token. */
export function addAnswer(token: u32, answer: Answer): void {
  let map = answers;
  if (map === null) answers = map = new Map<u32, Answer>();
  map.set(token, answer);
}

/** What waits for the answer with this token; null when nothing does. */
export function findAnswer(token: u32): Answer | null {
  const map = answers;
  return map !== null && map.has(token) ? map.get(token) : null;
}

/** Forgets what waited for an answer. */
export function removeAnswer(token: u32): void {
  const map = answers;
  if (map !== null) map.delete(token);
}

/** How many calls are under way. */
export function answerCount(): i32 {
  const map = answers;
  return map === null ? 0 : map.size;
}
