/**
 * What the heap is put to: a graph of objects that changes at random, each of which can tell whether it still is what it was,
 * and memory by address. Nothing managed is on the stack between calls.
 */
import { blockEnd, freeObject, heapEnd, heapStart } from "proxy-wasm-as/assembly/memory/heap";

let random: u32 = 1;

function below(limit: u32): u32 {
  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  return random % limit;
}

/** A size that is small as a rule. */
function someSize(): i32 {
  const kind = below(100);
  if (kind < 80) return <i32>below(64);
  if (kind < 97) return <i32>below(1024);
  return <i32>below(largest);
}

let largest: u32 = 65536;

class Node {
  bytes: StaticArray<u8>;
  text: string;
  numbers: Array<u32> = [];
  links: Array<Node | null> = [];
  names: Map<string, Node> | null = null;
  next: Node | null = null;

  constructor(readonly id: u32) {
    const bytes = new StaticArray<u8>(someSize());
    for (let i = 0; i < bytes.length; i++) bytes[i] = <u8>(id + i);
    this.bytes = bytes;
    this.text = "node " + id.toString();
  }

  isWhole(): bool {
    const bytes = this.bytes;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] != <u8>(this.id + i)) return false;
    const numbers = this.numbers;
    for (let i = 0; i < numbers.length; i++) if (numbers[i] != this.id * 7 + i) return false;
    return this.text == "node " + this.id.toString();
  }

  lengthen(by: i32): void {
    const numbers = this.numbers;
    for (let i = 0; i < by; i++) numbers.push(this.id * 7 + numbers.length);
  }
}

/** Its data is in the module, what it refers to is not. */
const roots: StaticArray<Node | null> = [
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
];

class Raw {
  constructor(
    readonly address: usize,
    readonly size: i32,
    readonly fill: u8,
  ) {}

  isWhole(): bool {
    for (let i = 0; i < this.size; i++) if (load<u8>(this.address + i) != this.fill) return false;
    return true;
  }
}

const raws: Array<Raw> = [];
let nextId: u32 = 1;

function someNode(): Node | null {
  let node = roots[below(roots.length)];
  for (let steps = below(4); steps > 0 && node !== null; steps--) {
    const links = node.links;
    const further = links.length > 0 ? links[below(links.length)] : node.next;
    if (further === null) break;
    node = further;
  }
  return node;
}

function change(): void {
  const node = someNode();
  switch (below(node === null ? 1 : 12)) {
    case 0:
      roots[below(roots.length)] = new Node(nextId++);
      break;
    case 1:
      roots[below(roots.length)] = below(3) == 0 ? null : node;
      break;
    case 2:
      if (node!.links.length < 40) node!.links.push(someNode());
      break;
    case 3:
      node!.links = [];
      break;
    case 4:
      node!.lengthen(someSize());
      break;
    case 5:
      node!.numbers = [];
      break;
    case 6: {
      const names = new Map<string, Node>();
      for (let i = below(20); i > 0; i--) {
        const named = someNode();
        if (named !== null) names.set(named.text, named);
      }
      node!.names = names;
      break;
    }
    case 7:
      node!.next = new Node(nextId++);
      break;
    case 8: {
      const values = node!.numbers.slice(0);
      values.sort((a, b) => <i32>(b - a));
      for (let i = 1; i < values.length; i++) assert(values[i - 1] >= values[i]);
      break;
    }
    case 9:
      if (raws.length > 0 && below(2) == 0) {
        const index = below(raws.length);
        const raw = raws[index];
        assert(raw.isWhole(), "memory by address has changed");
        heap.free(raw.address);
        raws[index] = raws[raws.length - 1];
        raws.pop();
      } else if (raws.length < 16) {
        const size = someSize();
        const address = heap.alloc(size);
        memory.fill(address, <u8>nextId, size);
        raws.push(new Raw(address, size, <u8>nextId));
      }
      break;
    case 10:
      // As decoding does: as much as there can be, then as much as there is.
      let text = changetype<string>(__new((<usize>someSize()) << 1, idof<string>()));
      text = changetype<string>(__renew(changetype<usize>(text), text.length & ~1));
      break;
    default:
      node!.bytes = node!.bytes.slice<StaticArray<u8>>();
  }
}

const seen = new Set<usize>();

function check(node: Node | null): void {
  while (node !== null && !seen.has(changetype<usize>(node))) {
    seen.add(changetype<usize>(node));
    assert(node.isWhole(), "an object has changed");
    for (let i = 0; i < node.links.length; i++) check(node.links[i]);
    const names = node.names;
    if (names !== null) {
      const keys = names.keys();
      for (let i = 0; i < keys.length; i++) {
        const named = names.get(keys[i]);
        assert(named.text == keys[i], "a map has changed");
        check(named);
      }
    }
    node = node.next;
  }
}

/** Changes the graph `count` times. */
export function run(seed: u32, count: u32, maximum: u32): void {
  random = seed;
  largest = maximum;
  for (; count > 0; count--) change();
}

/** Traps when anything is not what it was; answers how many objects are reachable. */
export function verify(): u32 {
  for (let i = 0; i < roots.length; i++) check(roots[i]);
  for (let i = 0; i < raws.length; i++) assert(raws[i].isWhole(), "memory by address has changed");
  const count = seen.size;
  seen.clear();
  return count;
}

export function clear(): void {
  for (let i = 0; i < roots.length; i++) roots[i] = null;
}

/** A collection as the SDK makes it, or one in any case. */
export function collect(now: bool): void {
  if (now) __collect();
  else __collectWhenDue();
}

/** Overwrites what is free after a collection: nobody may need it. Traps when blocks do not follow each other. */
export function poison(): void {
  let block = heapStart();
  for (; block < heapEnd(); block = blockEnd(block)) {
    const object = freeObject(block);
    if (object != 0) memory.fill(object, 0xdd, load<u32>(object - 4));
  }
  assert(block == heapEnd(), "blocks do not follow each other");
}

/** A page that belongs to somebody else. */
export function takePage(): void {
  const page = memory.grow(1);
  memory.fill((<usize>page) << 16, 0xaa, 65536);
}

/** A list of as many nodes: marking it may not need the stack. */
export function chain(count: i32): i32 {
  let first: Node | null = null;
  largest = 1;
  for (let i = 0; i < count; i++) {
    const node = new Node(nextId++);
    node.next = first;
    first = node;
  }
  roots[0] = first;
  return count;
}

export function huge(size: usize): usize {
  return __new(size, idof<ArrayBuffer>());
}
