/** Parts of the configuration class in config-class.ts. */
export type Port = u16;

export class Base {
  /** @min 0 */
  id: i32 = 0;
}

/** How much may pass. */
export class Limits {
  /** @min 1 @max 10000 */
  rps: u32 = 100;
  burst: i64 = 5;
}
