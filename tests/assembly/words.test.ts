/**
 * What works on words of memory does the same as a slow reference: at every length around the borders of words, at every
 * alignment, with each byte or unit at each position.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsc } from "../../scripts/compilers.js";
import { randomFrom } from "../fuzz/random.js";
import { root } from "../support/paths.js";

interface Exports {
  readonly memory: WebAssembly.Memory;
  encode(source: number, length: number, target: number): number;
  decode(source: number, size: number): number;
  equals(address: number, size: number, text: number): number;
  equalBytes(one: number, other: number, size: number): number;
  findBytes(address: number, end: number, part: number, size: number): number;
  findUnits(address: number, end: number, part: number, size: number): number;
  findBytesTwoWay(address: number, end: number, part: number, size: number): number;
  findUnitsTwoWay(address: number, end: number, part: number, size: number): number;
  findByte(address: number, end: number, byte: number): number;
  findUnit(address: number, end: number, unit: number): number;
  isValue(text: number): number;
  replaced(text: number, search: number, replacement: number): number;
  valueAt(block: number, size: number, name: number, index: number): number;
  sizeOfIndex(block: number): number;
  room(size: number): number;
  newText(length: number): number;
}

const { message, files } = await runAsc([
  "tests/assembly/filters/memory.ts",
  "--outFile=memory.wasm",
  "--runtime=stub",
  "--use=PROXY_WASM_AS=1",
  "--bindings=raw",
  `--baseDir=${root}`,
  "--config=none",
  "-O",
]);
assert.equal(message, undefined);
const binary = files.find(([name]) => name.endsWith(".wasm"))![1];
const { instance } = (await WebAssembly.instantiate(binary, {
  env: { abort: () => assert.fail("abort") },
})) as unknown as { instance: WebAssembly.Instance };
const wasm = instance.exports as unknown as Exports;
const bytes = (): Buffer => Buffer.from(wasm.memory.buffer);

const SIZE = 4096;
const [one, two, three] = [wasm.room(SIZE), wasm.room(SIZE), wasm.room(SIZE)];
/** A text that the test writes again and again; its length is the word before it. */
const text = wasm.newText(512);

function writeText(units: string): number {
  const memory = bytes();
  memory.writeUInt32LE(units.length * 2, text - 4);
  memory.write(units, text, "utf16le");
  return text;
}

function readText(address: number): string {
  const memory = bytes();
  return memory.toString("utf16le", address, address + memory.readUInt32LE(address - 4));
}

/** PEP 383's decoding, character by character. */
function slowDecode(source: Buffer): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let result = "";
  for (let at = 0; at < source.length;) {
    let size = Math.min(4, source.length - at);
    for (; size > 0; size--) {
      try {
        const part = decoder.decode(source.subarray(at, at + size));
        if ([...part].length !== 1) continue;
        result += part;
        break;
      } catch {
        continue;
      }
    }
    if (size === 0) result += String.fromCharCode(0xdc00 + source[at]!);
    at += Math.max(size, 1);
  }
  return result;
}

/** Its encoding. */
function slowEncode(units: string): Buffer {
  const parts: Buffer[] = [];
  for (const character of units) {
    const point = character.codePointAt(0)!;
    if (point >= 0xdc80 && point <= 0xdcff) parts.push(Buffer.from([point - 0xdc00]));
    else if (point >= 0xd800 && point <= 0xdfff) parts.push(Buffer.from("\ufffd"));
    else parts.push(Buffer.from(character));
  }
  return Buffer.concat(parts);
}

const ascii = (length: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(0x20 + ((i * 7) % 95))).join("");

function checkDecode(source: Buffer, offset: number): void {
  bytes().fill(0xff, one, one + SIZE); // what lies around must not matter
  bytes().set(source, one + offset);
  const decoded = readText(wasm.decode(one + offset, source.length));
  if (decoded !== slowDecode(source)) assert.equal(decoded, slowDecode(source), source.toString("hex"));
}

function checkEncode(units: string): void {
  const source = writeText(units);
  bytes().fill(0x55, one, one + SIZE);
  const expected = slowEncode(units);
  const size = wasm.encode(source, units.length, one);
  const encoded = bytes().subarray(one, one + size);
  if (!encoded.equals(expected))
    assert.equal(encoded.toString("hex"), expected.toString("hex"), escape(units));
  assert.equal(bytes()[one + units.length * 3 + 1], 0x55, "nothing is written beyond the room asked for");
}

test("decode: every byte at every position, all lengths up to 40, all alignments", () => {
  for (let length = 0; length <= 40; length++) {
    const plain = Buffer.from(ascii(length));
    for (let offset = 0; offset < 8; offset++) checkDecode(plain, offset);
    for (let at = 0; at < length; at += length > 20 ? 3 : 1) {
      const source = Buffer.from(plain);
      for (let byte = 0; byte < 256; byte += byte >= 0x78 && byte < 0x88 ? 1 : 5) {
        source[at] = byte;
        checkDecode(source, at & 7);
      }
    }
  }
});

test("decode: characters of two to four bytes, whole and cut, across the borders of words", () => {
  for (const character of ["ü", "水", "𝄞", "\u{10ffff}", "\ud7ff", "\ue000"]) {
    const part = Buffer.from(character);
    for (let before = 0; before < 18; before++)
      for (let after = 0; after < 10; after++)
        for (let size = 1; size <= part.length; size++)
          checkDecode(
            Buffer.concat([Buffer.from(ascii(before)), part.subarray(0, size), Buffer.from(ascii(after))]),
            before & 7,
          );
  }
});

test("encode: every unit that matters at every position, all lengths up to 40", () => {
  const units = [
    0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7ff, 0x800, 0x6c34, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdc7f, 0xdc80,
    0xdcff, 0xdd00, 0xdfff, 0xe000, 0xffff,
  ];
  for (let length = 0; length <= 40; length++) {
    const plain = ascii(length);
    checkEncode(plain);
    for (let at = 0; at < length; at++)
      for (const unit of units)
        checkEncode(plain.slice(0, at) + String.fromCharCode(unit) + plain.slice(at + 1));
  }
  // Every unit once, and every pair of surrogates' kinds at the borders of words.
  for (let unit = 0; unit < 0x10000; unit++) checkEncode(String.fromCharCode(unit));
  const surrogates = [0xd800, 0xdbff, 0xdc00, 0xdc7f, 0xdc80, 0xdcff, 0xdfff];
  for (let at = 0; at < 18; at++)
    for (const first of surrogates)
      for (const second of surrogates) checkEncode(ascii(at) + String.fromCharCode(first, second) + ascii(5));
});

test("equal bytes: a difference is seen at every position, and none outside", () => {
  for (let size = 0; size <= 40; size++) {
    for (let offset = 0; offset < 8; offset++) {
      const memory = bytes();
      memory.fill(0x11, one, one + 64);
      memory.fill(0x22, two, two + 64);
      const plain = Buffer.from(ascii(size));
      memory.set(plain, one + 8 + offset);
      memory.set(plain, two + 8);
      assert.equal(wasm.equalBytes(one + 8 + offset, two + 8, size), 1, `size ${size}`);
      assert.equal(wasm.equals(one + 8 + offset, size, writeText(ascii(size))), 1);
      for (let at = 0; at < size; at++) {
        bytes()[two + 8 + at]! ^= 1 << (at & 7);
        assert.equal(wasm.equalBytes(one + 8 + offset, two + 8, size), 0, `size ${size}, at ${at}`);
        bytes()[two + 8 + at]! ^= 1 << (at & 7);
      }
    }
  }
});

const random = randomFrom(11);

/** Elements that look alike more often than not: repeated parts with a few changes, and some of other values. */
function alike(size: number, others: readonly number[]): number[] {
  const part = Array.from({ length: 1 + random(6) }, () => 0x61 + random(2));
  return Array.from({ length: size }, (_, i) => {
    if (random(30) === 0) return others[random(others.length)]!;
    return random(12) === 0 ? 0x61 + random(3) : part[i % part.length]!;
  });
}

test("find: the first occurrence of bytes and of units, as Buffer and String find it", () => {
  const others = [0, 1, 0x7f, 0x80, 0x81, 0xff];
  for (let round = 0; round < 20000; round++) {
    const size = random(round % 50 === 0 ? 1500 : 60);
    const hay = Buffer.from(alike(size, others));
    const start = random(size + 1);
    const partSize = 1 + random(random(3) === 0 ? 200 : 9);
    const part = Buffer.from(
      random(2) === 0 ? hay.subarray(start, start + partSize) : alike(partSize, others),
    );
    if (part.length === 0) continue;
    const offset = random(8);
    bytes().fill(0x61, two, two + SIZE);
    bytes().set(part, three);
    bytes().set(hay, two + offset);
    const from = random(3) === 0 ? random(size + 1) : 0;
    for (const find of [wasm.findBytes, wasm.findBytesTwoWay]) {
      const found = find(two + offset + from, two + offset + size, three, part.length);
      assert.equal(
        found === 0 ? -1 : found - two - offset,
        hay.indexOf(part, from),
        `${hay} ${part} ${from}`,
      );
    }
    const byte = others[random(others.length)]!;
    const one = wasm.findByte(two + offset + from, two + offset + size, byte);
    const expected = hay.indexOf(byte, from);
    assert.equal(one - two - offset, expected < 0 ? size : expected, `${hay} ${byte} ${from}`);
  }
  const units = [0, 1, 0x80, 0xff, 0x161, 0x6161, 0x8000, 0x8061, 0xd83d, 0xffff];
  for (let round = 0; round < 20000; round++) {
    const size = random(round % 50 === 0 ? 700 : 40);
    const hay = String.fromCharCode(...alike(size, units));
    const start = random(size + 1);
    const partSize = 1 + random(random(3) === 0 ? 150 : 9);
    const part =
      random(2) === 0 ? hay.slice(start, start + partSize) : String.fromCharCode(...alike(partSize, units));
    if (part === "") continue;
    bytes().fill(0x61, two, two + SIZE);
    bytes().write(hay, two + 2, "utf16le");
    bytes().write(part, three, "utf16le");
    const from = random(3) === 0 ? random(size + 1) : 0;
    const at = two + 2 + from * 2;
    const end = two + 2 + size * 2;
    for (const find of [wasm.findUnits, wasm.findUnitsTwoWay]) {
      const found = find(at, end, three, part.length * 2);
      assert.equal(
        found === 0 ? -1 : (found - two - 2) / 2,
        hay.indexOf(part, from),
        `${hay} ${part} ${from}`,
      );
    }
    const unit = units[random(units.length)]!;
    const one = wasm.findUnit(at, end, unit);
    const expected = hay.indexOf(String.fromCharCode(unit), from);
    assert.equal((one - two - 2) / 2, expected < 0 ? size : expected, `${hay} ${unit} ${from}`);
  }
});

test("one byte or unit is found, whatever stands before the place at which the search begins", () => {
  for (const wanted of [0, 0x2c, 0x61]) {
    for (let length = 0; length <= 12; length++) {
      bytes().fill(wanted, two, two + 16);
      bytes().fill(wanted ^ 1, two + 16, two + 16 + length);
      const end = two + 16 + length;
      assert.equal(wasm.findByte(two + 16, end, wanted), end, `byte ${wanted} in ${length}`);
      for (let at = 0; at < 16 + length; at++)
        bytes().writeUInt16LE(at < 8 ? wanted : wanted ^ 1, two + at * 2);
      const endOfUnits = two + 16 + length * 2;
      assert.equal(wasm.findUnit(two + 16, endOfUnits, wanted), endOfUnits, `unit ${wanted} in ${length}`);
    }
  }
});

test("field values: a control character but tab is seen at every position of every length", () => {
  for (let length = 1; length <= 40; length++) {
    const plain = ascii(length);
    assert.equal(wasm.isValue(writeText(plain)), 1);
    for (let at = 0; at < length; at++)
      for (let unit = 0; unit < 0x100; unit += unit < 0x24 || unit === 0x7e || unit === 0x7f ? 1 : 6) {
        const value = plain.slice(0, at) + String.fromCharCode(unit) + plain.slice(at + 1);
        const valid = (unit >= 0x20 && unit !== 0x7f) || unit === 9;
        if ((wasm.isValue(writeText(value)) !== 0) !== valid)
          assert.fail(`unit ${unit} at ${at} of ${length}`);
        const withTab = `\t${value}`;
        if ((wasm.isValue(writeText(withTab)) !== 0) !== valid)
          assert.fail(`unit ${unit} at ${at} of ${length}, behind a tab`);
      }
  }
});

test("replace: as String.prototype.replaceAll does, whatever becomes of the size", () => {
  const make = (units: string): number => {
    const address = wasm.newText(units.length);
    bytes().write(units, address, "utf16le");
    return address;
  };
  for (const [text, search, replacement] of [
    ["one secret, two secrets", "secret", "[removed]"],
    ["aaaa", "aa", "b"],
    ["aaaaa", "aa", ""],
    ["aaa", "a", "bcd"],
    ["ünïcödé ü", "ü", "水"],
    ["nothing", "else", "x"],
    ["", "a", "b"],
    ["short", "longer than that", ""],
    ["x".repeat(5000) + "y" + "x".repeat(77), "y", "zz"],
    ["xy".repeat(2000), "xy", "x"],
  ] as const)
    assert.equal(
      readText(wasm.replaced(make(text), make(search), make(replacement))),
      text.replaceAll(search, replacement),
    );
});

/** A block of pairs as the host sends it, and where the value of each pair is in it. */
function blockOf(pairs: readonly (readonly [name: string, value: string])[]): {
  block: Buffer;
  values: number[];
} {
  const head = Buffer.alloc(4 + pairs.length * 8);
  head.writeUInt32LE(pairs.length);
  const values: number[] = [];
  let at = head.length;
  for (const [i, [name, value]] of pairs.entries()) {
    head.writeUInt32LE(name.length, 4 + i * 8);
    head.writeUInt32LE(value.length, 8 + i * 8);
    values.push(at + name.length + 1);
    at += name.length + value.length + 2;
  }
  return {
    block: Buffer.concat([head, Buffer.from(pairs.map(([name, value]) => `${name}\0${value}\0`).join(""))]),
    values,
  };
}

/** Both ways to look for a name. */
const ways = (size: number): [way: string, index: number][] => [
  ["by order", 0],
  ["by index", two + ((size + 7) & ~7)],
];

test("names: the first header with a name is found, in any case, among names that are like it", () => {
  const random = randomFrom(7);
  const letters = "aAbZ-@`[{~^0";
  const nameOf = (): string =>
    Array.from({ length: 1 + random(20) }, () => letters[random(letters.length)]).join("");
  const lower = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  for (let round = 0; round < 60; round++) {
    const some = Array.from({ length: 1 + random(40) }, nameOf);
    const pairs = some.map((name, i) => [random(4) === 0 ? some[0]! : name, "v".repeat(i % 5)] as const);
    const { block, values } = blockOf(pairs);
    bytes().fill(0xff, two, two + SIZE);
    bytes().set(block, two);
    for (const name of [...some, ...some.map((each) => each.toUpperCase()), nameOf(), ""]) {
      const first = pairs.findIndex(([each]) => lower(each) === lower(name));
      for (const [way, index] of ways(block.length))
        assert.equal(
          wasm.valueAt(two, block.length, writeText(name), index),
          first < 0 ? -1 : values[first]!,
          `${way}: ${name} in ${pairs.map(([each]) => each).join(" ")}`,
        );
    }
  }
});

test("names: a block that is cut off or has sizes beyond it is not looked through", () => {
  const { block } = blockOf([
    ["accept", "text/html"],
    ["host", "example.com"],
  ]);
  const lookFor = (changed: Buffer, size: number): number[] => {
    bytes().fill(0, two, two + SIZE);
    bytes().set(changed, two);
    return ways(block.length).map(([, index]) => wasm.valueAt(two, size, writeText("absent"), index));
  };
  assert.deepEqual(lookFor(block, block.length), [-1, -1]);
  for (let size = 0; size < block.length; size++) assert.deepEqual(lookFor(block, size), [-2, -2], `${size}`);
  for (const at of [0, 4, 8, 12, 16])
    for (const value of [0xffffffff, 0x80000000, 0xfffffff6, 1000]) {
      const changed = Buffer.from(block);
      changed.writeUInt32LE(value, at);
      assert.deepEqual(lookFor(changed, block.length), [-2, -2], `${value} at ${at}`);
    }
  bytes().writeUInt32LE(3, two);
  assert.equal(wasm.sizeOfIndex(two), 64 * 4 + 3 * 8);
});
