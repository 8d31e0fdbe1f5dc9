import { runWoken } from "../../flow/fiber";
import { Signal } from "../../flow/signal";
import { Jwt, JwtError } from "../jwt/verifier";
import { Jwks } from "./jwks";
import { Waiter } from "./waiters";

/** A flow that waits. */
@final
class FlowWaiter extends Waiter {
  readonly signal: Signal = new Signal();

  wake(): void {
    this.signal.$wake();
  }

  run(): void {
    runWoken();
  }
}

/**
 * `keys.verify(token)` in a flow; where the token's key is not known, waits until the keys that are being fetched are there,
 * for so many milliseconds at most.
 */
export function verifyToken(keys: Jwks, token: string, milliseconds: u32 = 5000): Jwt {
  const first = keys.verify(token);
  if (first.error != JwtError.UnknownKey) return first;
  const waiter = new FlowWaiter();
  if (!keys.waitAs(waiter)) return first;
  waiter.signal.wait(milliseconds);
  return keys.verify(token);
}
