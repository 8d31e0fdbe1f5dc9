/**
 * Expressions in CEL that Envoy evaluates.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { lastStatus } from "../runtime/status";
import { callForeignFunction } from "../services/foreign";

/**
 * An expression in CEL, Envoy's language for conditions, over its attributes. Compile it once, in `onConfigure`.
 *
 * @example
 * const isInternal = Expression.compile('source.address.startsWith("10.")');
 * // in a stream's callback
 * if (isInternal !== null && isInternal.isTrue()) return FilterHeadersStatus.Continue;
 */
export class Expression {
  private constructor(private readonly token: Uint8Array) {}

  /**
   * Compiles an expression; null when it is wrong, which Envoy's log then explains (`Status.BadArgument`), or when the host
   * has no CEL (`Status.NotFound`). Source: Envoy's foreign function `expr_create`.
   */
  static compile(source: string): Expression | null {
    const token = callForeignFunction("expr_create", Uint8Array.wrap(String.UTF8.encode(source)));
    return token === null ? null : new Expression(token);
  }

  /**
   * The value for the stream whose callback is running, encoded as the property of its type would be: text as it is, a
   * whole number or a time in 8 bytes; null when it has none, an attribute being absent for example. Source: Envoy's
   * foreign function `expr_evaluate`.
   */
  evaluate(): Uint8Array | null {
    return callForeignFunction("expr_evaluate", this.token);
  }

  /** Tells whether the value is `true`; false also when there is none. */
  isTrue(): bool {
    const value = this.evaluate();
    return value !== null && value.length == 1 && value[0] != 0;
  }

  /** Forgets the expression; it has no value afterwards. Source: Envoy's foreign function `expr_delete`. */
  dispose(): Status {
    callForeignFunction("expr_delete", this.token);
    return lastStatus();
  }
}
