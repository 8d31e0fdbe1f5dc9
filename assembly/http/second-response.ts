/**
 * A second response to one request. Envoy 1.40's router tries a request again after a pause even if Envoy or a filter has answered it in
 * the meantime. While a filter holds that answer, the upstream's response takes the place of its headers, and its body is put behind
 * the held one: the client would read it as the response to its next request. Such a stream is reset.
 *
 * @module
 */
import { StreamType } from "../abi/enums";
import { proxy_close_stream } from "../abi/imports";
import { noteDeferred, progress, setProgress } from "../runtime/current-callback";
import { log } from "../services/log";
import { isPropertyText } from "../services/property";
import { hasResponse } from "./answered";
import { ENDED_NOW, HELD, RESET, RESPONSE } from "./stream-state";

/** Flags beside those of `stream-state.ts`: it is known whether the response is the upstream's … */
const KNOWN: u32 = 1 << 29;
/** … or an answer of Envoy's or of a filter's, and it is one. */
const ANSWER: u32 = 1 << 30;

function isUpstreams(): bool {
  return isPropertyText("response\0code_details", "via_upstream");
}

function close(): void {
  setProgress(progress | RESET | ENDED_NOW);
  noteDeferred();
  proxy_close_stream(StreamType.Request);
}

/** Tells whether the response is the upstream's, to a request that has been answered, and says so in the log. */
function isSecond(): bool {
  if (!isUpstreams()) return false;
  log.error("a second response of the upstream; resetting the stream");
  return true;
}

/** Notes that a response's headers have come. Resets the stream if they are those of a second one, and answers whether it has. */
export function endsSecond(): bool {
  // A second response that is Envoy's own or a filter's takes the place of the first.
  if (hasResponse() && isSecond()) {
    close();
    return true;
  }
  setProgress(progress & ~(KNOWN | ANSWER));
  return false;
}

/** Notes that the response is held: the upstream's, to which there can be no second one, or an answer in its place. */
export function noteHeldResponse(): void {
  if ((progress & KNOWN) == 0) setProgress(progress | (isUpstreams() ? KNOWN : KNOWN | ANSWER));
}

/** Tells whether a second response has come to an answer that is held, which must not go on then; the log says so. */
export function isReplaced(): bool {
  const heldAnswer = (HELD << RESPONSE) | ANSWER;
  return (progress & heldAnswer) == heldAnswer && isSecond();
}

/** Resets the stream if a second response has come to an answer that is held, and answers whether it has. */
export function endsReplaced(): bool {
  if (!isReplaced()) return false;
  close();
  return true;
}
