/**
 * Values of different types that belong together, such as `[string, number]`.
 *
 * @module
 */

/** A pair: `[A, B]`. */
@final
export class Tuple2<A, B> {
  constructor(
    public _0: A,
    public _1: B,
  ) {}

  get length(): i32 {
    return 2;
  }
}

/** `[A, B, C]`. */
@final
export class Tuple3<A, B, C> {
  constructor(
    public _0: A,
    public _1: B,
    public _2: C,
  ) {}

  get length(): i32 {
    return 3;
  }
}

/** `[A, B, C, D]`. */
@final
export class Tuple4<A, B, C, D> {
  constructor(
    public _0: A,
    public _1: B,
    public _2: C,
    public _3: D,
  ) {}

  get length(): i32 {
    return 4;
  }
}

/** A pair. */
export function pair<A, B>(first: A, second: B): Tuple2<A, B> {
  return new Tuple2(first, second);
}
