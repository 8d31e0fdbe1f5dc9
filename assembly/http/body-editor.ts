/**
 * Editors: classes that change a body as it passes.
 *
 * @module
 */

/** So many bytes of a body are held at most because an editor or a flow keeps some back. */
export const MOST_HELD: u32 = 1 << 16;

/**
 * Changes a body piece by piece, of whatever size both are: takes what has come, answers what goes on, and may keep bytes back
 * until more has come. `std/edit` and `std/html` have some; extend it for one of your own. Each body needs a new one.
 *
 * @example
 * class Upper extends BodyEditor {
 *   push(chunk: Uint8Array, last: bool): Uint8Array {
 *     for (let i = 0; i < chunk.length; i++) if (chunk[i] >= 0x61 && chunk[i] <= 0x7a) chunk[i] -= 0x20;
 *     return chunk;
 *   }
 * }
 */
export abstract class BodyEditor {
  /**
   * Called with what has come of the body; answers what goes on in its place. `last`: nothing follows, and nothing may be kept
   * back; the chunk may be empty then.
   */
  abstract push(chunk: Uint8Array, last: bool): Uint8Array;

  /**
   * How many bytes are kept back now. Any number but 0 has the body held, so that they can still be added when trailers end
   * it: one that adds something at the end answers 1 at least.
   */
  get held(): u32 {
    return 0;
  }
}
