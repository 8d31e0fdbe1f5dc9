/**
 * A text that is put together from parts of another, each with its place there.
 *
 * @module
 */
import type { LoweredText, Remark } from "../../transform/compiler/parser-hook.js";

/** A part of a lowered text. */
export interface Piece {
  readonly text: string;
  /** Its place in the original text. */
  readonly start: number;
  readonly end: number;
  /** Tells whether it is the original text itself, so that each character has a place of its own. */
  readonly exact: boolean;
}

/** Puts pieces together. */
export function join(pieces: readonly Piece[], remarks: readonly Remark[]): LoweredText {
  const text = pieces.map((piece) => piece.text).join("");
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  /** The piece that the character at `offset` belongs to. */
  const pieceAt = (offset: number): number => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const place = (offset: number, end: boolean): number => {
    const index = pieceAt(end && offset > 0 ? offset - 1 : offset);
    const piece = pieces[index];
    if (piece === undefined) return 0;
    if (piece.exact) return Math.min(piece.end, piece.start + offset - starts[index]!);
    return end ? piece.end : piece.start;
  };
  return { text, place, remarks };
}
