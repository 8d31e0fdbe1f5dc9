/**
 * Contexts that the filter makes by itself: what is made with a stream's context, or in a callback of it, is a part of that. Its
 * calls and actions are those of the stream, and its callbacks are called by whoever has made it.
 *
 * @module
 */
import { MAY_COMPOSE } from "../runtime/build";
import { callbackContext, inCallback } from "../runtime/current-callback";
import { Standing, Target } from "../runtime/target";
import { creatingId } from "./new-context";
import { findTarget } from "./table";

/** The contexts that have been made since the host began to have one made. */
// @ts-ignore: decorator
@lazy
let made: Target | null = null;

/** The number of a context that is being made: of the one that the host has made, or whose callback is running. */
export function idOfNew(): u32 {
  return creatingId != 0 ? creatingId : inCallback() ? callbackContext : 0;
}

/** Notes a context that is being made; its fields are not there yet. */
export function noteNew(context: Target): void {
  if (creatingId != 0) {
    context.$next = made;
    made = context;
  } else makePart(context, inCallback() ? findTarget(callbackContext) : null);
}

function makePart(context: Target, whole: Target | null): void {
  context.$standing = <u8>Standing.Lone;
  if (whole === null || !context.$mayBePartOf(whole.$kind)) return;
  context.$standing = <u8>Standing.Part;
  context.$next = whole;
  context.$owner = whole.$owner;
}

/** Makes what has been made beside `context`, which serves the host's, parts of it; without one they are gone. */
export function endCreation(context: Target | null): void {
  if (!MAY_COMPOSE) return;
  let part = made;
  made = null;
  while (part !== null) {
    const next = part.$next;
    part.$next = null;
    if (context === null) part.$standing = <u8>Standing.Gone;
    else if (part !== context) makePart(part, context);
    part = next;
  }
}
