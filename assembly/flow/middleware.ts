/**
 * Handlers put together from small functions.
 *
 * @module
 */
import { Exchange } from "./exchange";
import { ExchangeResponse } from "./request-and-response";

/** The rest of the chain behind a middleware: the other middlewares, and the upstream behind them. */
export abstract class Next {
  /** Runs the rest of the chain. Answers the response, or null when the request was answered without the upstream. */
  abstract run(): ExchangeResponse | null;
}

/** A part of a handler: does its work, calls `next.run()` at most once, and may do more with what that answers. */
export type Middleware = (x: Exchange, next: Next) => void;

/** The chain from the middleware `index` on. A class of its own, because the compiler has no recursive types. */
@final
class Rest extends Next {
  constructor(
    private readonly x: Exchange,
    private readonly chain: Middleware[],
    private readonly index: i32,
  ) {
    super();
  }

  run(): ExchangeResponse | null {
    const x = this.x;
    if (this.index < this.chain.length) {
      const middleware = unchecked(this.chain[this.index]);
      middleware(x, new Rest(x, this.chain, this.index + 1));
    } else if (!x.isAnswered && x.response === null) x.next();
    return x.response;
  }
}

/**
 * Runs functions in order, each around those behind it, and passes the request on behind the last. One that answers with
 * `x.respond` and does not call `next.run()` ends it.
 *
 * @example
 * registerFlow("gate", (x: Exchange): void => use(x, [access, auth, rateLimit]));
 */
export function use(x: Exchange, chain: Middleware[]): void {
  new Rest(x, chain, 0).run();
}
