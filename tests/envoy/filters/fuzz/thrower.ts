// What is thrown on purpose, in any callback and within any call. Whatever else is thrown is a fault.

/** Throws something of any kind: `kind` says which. */
export function throwAny(kind: u32): void {
  const zero = <i32>(kind & 0x10);
  const list: i32[] = [1, 2];
  switch (kind % 8) {
    case 0:
      assert(zero != 0, "fuzz: asserted");
      break;
    case 1:
      list[2] = list[7 + zero];
      break;
    case 2:
      list[0] = 7 / zero;
      break;
    case 3:
      new Map<string, i32>().get("none");
      break;
    case 4:
      endless(zero + 1);
      break;
    case 5:
      unreachable();
    default:
  }
  throw new Error("fuzz: thrown");
}

/** Calls itself without end. */
function endless(depth: i32): i32 {
  return depth == 0 ? 0 : endless(depth + 1) + 1;
}
