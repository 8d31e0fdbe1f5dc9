/**
 * The thrown error as an object, for `catch` and `onError`.
 *
 * @module
 */
import { entryText } from "../memory/entries";
import { messagePlace } from "./abort";
import { placeText } from "./bug";
import { Kind, entry, error, kind, text } from "./thrown";

/** The thrown error as an object; null if there is no memory for it. */
export function takeThrown(): Error | null {
  const message = messageOf();
  const thrown = error;
  if (thrown === null && isMemory(message)) return null;
  const known = thrown !== null ? thrown : newError(message);
  if ((<string>known.stack).length == 0) known.stack = placeText(messagePlace);
  return known;
}

function messageOf(): string {
  const message = text;
  if (message !== null) return message;
  return entry == 0 ? "" : entryText(entry);
}

/** Memory that is not to be had, or too much of it: what catches that would want some, too. */
function isMemory(message: string): bool {
  return message == "out of memory" || message.endsWith("in a callback");
}

function newError(message: string): Error {
  // The build's own are about numbers.
  switch (entry != 0 ? Kind.RangeError : kind) {
    case Kind.RangeError:
      return new RangeError(message);
    case Kind.TypeError:
      return new TypeError(message);
    case Kind.SyntaxError:
      return new SyntaxError(message);
    case Kind.URIError:
      return new URIError(message);
    default:
      return new Error(message);
  }
}
