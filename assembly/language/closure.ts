/**
 * The objects that stand for functions that use variables of the functions around them. The build makes and reads these
 * objects (src/transform/compiler/closures.ts); the collector asks them what they hold.
 *
 * @module
 */

/** A function and what it holds: `held` objects behind these fields, then other values. */
@final
export class Closure {
  private number: u32 = 0;
  private held: u32 = 0;

  // @ts-ignore: decorator
  @unsafe private __visit(cookie: u32): void {
    let at = changetype<usize>(this) + offsetof<Closure>();
    const end = at + ((<usize>this.held) << alignof<usize>());
    for (; at != end; at += sizeof<usize>()) {
      const object = load<usize>(at);
      if (object != 0) __visit(object, cookie);
    }
  }
}

/** The place of a variable that changes and is an object. */
@final
export class ObjectBox {
  private value: Object | null = null;
}

/** The place of a variable that changes and is no object. */
@final
export class ValueBox {
  private value: u64 = 0;
}
