/**
 * The instructions of WebAssembly: how long each is, and what it means for the count.
 *
 * @module
 */
import type { Reader } from "./reader.js";

/** The module has something that is not counted, such as garbage collection. */
export class UncountedError extends Error {
  override readonly name = "UncountedError";
}

/** The kind of an operator, for the count. */
export enum Kind {
  None = 0,
  /** It does nothing. */
  Free = 1,
  /** Code goes on elsewhere after it, or comes here from elsewhere. */
  Border = 2,
  /** It moves as many bytes as the number on top of the stack says. */
  Bulk = 4,
}

/** Skips what a function's body says of its locals; answers how many it has beside its parameters. */
export function skipLocals(body: Reader): number {
  let locals = 0;
  for (let groups = body.uint(); groups > 0; groups--) {
    locals += body.uint();
    body.byte();
  }
  return locals;
}

/** Skips the next operator. */
export function skipOperator(reader: Reader): Kind {
  const code = reader.byte();
  switch (code) {
    case 0x00: // unreachable
    case 0x0a: // throw_ref
    case 0x0f: // return
      return Kind.Border;
    case 0x01: // nop
      return Kind.Free;
    case 0x02: // block
    case 0x06: // try
      reader.skipNumber();
      return Kind.Free;
    case 0x03: // loop
      reader.skipNumber();
      return Kind.Free | Kind.Border;
    case 0x04: // if
    case 0x08: // throw
    case 0x09: // rethrow
    case 0x0c: // br
    case 0x0d: // br_if
    case 0x12: // return_call
      reader.skipNumber();
      return Kind.Border;
    case 0x05: // else
    case 0x0b: // end
    case 0x19: // catch_all
      return Kind.Free | Kind.Border;
    case 0x07: // catch
    case 0x18: // delegate
      reader.skipNumber();
      return Kind.Free | Kind.Border;
    case 0x1f: // try_table
      reader.skipNumber();
      for (let clauses = reader.uint(); clauses > 0; clauses--) {
        if (reader.byte() < 2) reader.skipNumber(); // the tag, where it does not catch all
        reader.skipNumber();
      }
      return Kind.Free;
    case 0x0e: // br_table
      for (let labels = reader.uint() + 1; labels > 0; labels--) reader.skipNumber();
      return Kind.Border;
    case 0x10: // call: what it throws leaves the function, or goes on at a catch
      reader.skipNumber();
      return Kind.Border;
    case 0x11: // call_indirect
    case 0x13: // return_call_indirect
      reader.skipNumber();
      reader.skipNumber();
      return Kind.Border;
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0x41: // i32.const
    case 0x42: // i64.const
    case 0xd0: // ref.null
    case 0xd2: // ref.func
      reader.skipNumber();
      return Kind.None;
    case 0x1c: // select with types
      reader.vector();
      return Kind.None;
    case 0x43: // f32.const
      reader.at += 4;
      return Kind.None;
    case 0x44: // f64.const
      reader.at += 8;
      return Kind.None;
    case 0xfc:
      return skipPrefixed(reader);
    case 0xfd:
      return skipVector(reader);
    case 0xfe:
      return skipAtomic(reader);
  }
  if (code >= 0x20 && code <= 0x26) {
    reader.skipNumber(); // a local, global or table
    return Kind.None;
  }
  if (code >= 0x28 && code <= 0x3e) return skipMemory(reader);
  if ((code >= 0x45 && code <= 0xc4) || code === 0x1a || code === 0x1b || code === 0xd1) return Kind.None;
  throw new UncountedError(`operator 0x${code.toString(16)} is not known`);
}

function skipPrefixed(reader: Reader): Kind {
  const code = reader.uint();
  if (code < 8) return Kind.None; // conversions
  reader.skipNumber();
  if (code === 8 || code === 10 || code === 12 || code === 14) reader.skipNumber();
  return code === 10 || code === 11 ? Kind.Bulk : Kind.None;
}

/** A memory's operand: alignment, perhaps the memory, and the offset. */
function skipMemory(reader: Reader): Kind {
  if ((reader.uint() & 64) !== 0) reader.skipNumber();
  reader.skipNumber();
  return Kind.None;
}

/** SIMD. */
function skipVector(reader: Reader): Kind {
  const code = reader.uint();
  if (code <= 11 || code === 92 || code === 93) return skipMemory(reader);
  if (code === 12 || code === 13) reader.at += 16; // v128.const, i8x16.shuffle
  if (code >= 21 && code <= 34) reader.at++; // a lane
  if (code >= 84 && code <= 91) {
    skipMemory(reader);
    reader.at++;
  }
  return Kind.None;
}

function skipAtomic(reader: Reader): Kind {
  if (reader.uint() !== 3) return skipMemory(reader);
  reader.at++; // atomic.fence
  return Kind.None;
}
