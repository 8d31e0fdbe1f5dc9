import { explain } from "./explain.js";
import type { RequestInit, TestResponse } from "./test-stream.js";
import type { UpstreamCall } from "./upstream-call.js";

/** Virtual milliseconds that a request may take. */
export const WAIT = 60_000;

/** Why a request hangs, where that is known. */
export interface HangReasons {
  /** A call that a test holds and did not answer. */
  readonly held: UpstreamCall | undefined;
  /** Headers are held for a body that does not come while they are. */
  readonly withoutBody: "request" | "response" | undefined;
}

/** A request hangs: nothing is left that could let it go on. */
export class StreamHangs extends Error {
  override readonly name = "StreamHangs";

  constructor(
    { method = "GET", path = "/", wait = WAIT }: RequestInit,
    response: TestResponse,
    { held, withoutBody }: HangReasons,
  ) {
    const why =
      held !== undefined
        ? ofHeld(held)
        : `a filter holds it, and nothing within ${wait} ms could let it go on. Resume or answer it in the filter; ` +
          "give `wait` when a later timer does";
    const hint = withoutBody === undefined ? "" : ofBody(withoutBody);
    super(
      `The request ${method} ${path} hangs: ${why}; or pass \`mayHang: true\` where hanging is what the test wants.` +
        `${hint}\n\n${explain(response)}`,
    );
  }
}

function ofHeld({ method, path, cluster }: UpstreamCall): string {
  return (
    `${method} ${path} to the cluster "${cluster}" is held ("hold"), and nobody answers it. Answer it while the ` +
    "request waits: `const pending = host.request(…); await host.idle(); host.calls[0].answer(…); await pending`; " +
    "let a timeout pass with `await host.tick(…)` before `await pending`; or let the cluster answer late, " +
    "by `{ delay: … }`"
  );
}

function ofBody(side: "request" | "response"): string {
  const callback = side === "request" ? "onRequestBody" : "onResponseBody";
  return (
    `\nThe ${side}'s headers are held (StopIteration), and ${callback} is not called while they are. Where it shall let ` +
    "them go on, set `allow_on_headers_stop_iteration: true` in the plugin's configuration in Envoy, and " +
    "`allowOnHeadersStopIteration: true` here; or let the headers go on, and hold the body."
  );
}
