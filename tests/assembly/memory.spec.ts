import { isFieldName, isFieldValue } from "../../assembly/memory/field";
import { pairsReader, pairsSize, putPairs } from "../../assembly/memory/pairs";
import { OUT, allocate, mark, release, tryAllocate } from "../../assembly/memory/scratch";
import { put, putSize } from "../../assembly/memory/text";

function isName(text: string): bool {
  const before = mark();
  const address = put(text);
  const allowed = isFieldName(address, putSize);
  release(before);
  return allowed;
}

function isValue(text: string): bool {
  const before = mark();
  const address = put(text);
  const allowed = isFieldValue(address, putSize);
  release(before);
  return allowed;
}

describe("scratch memory", () => {
  it("is a stack: what is released is given out again", () => {
    const before = mark();
    const first = allocate(100);
    release(before);
    expect(allocate(100)).toBe(first);
    release(before);
    expect(mark()).toBe(before);
  });

  it("grows for what does not fit, and reuses what it grew", () => {
    const before = mark();
    const large = allocate(1 << 20);
    memory.fill(large, 7, 1 << 20);
    expect(load<u8>(large, (1 << 20) - 1)).toBe(7);
    release(before);
    expect(mark()).toBe(before);
    const pages = memory.size();
    for (let i = 0; i < 100; i++) {
      allocate(1 << 20);
      allocate(10);
      release(before);
    }
    expect(memory.size()).toBe(pages);
  });

  it("refuses more than there can be", () => {
    const before = mark();
    expect(tryAllocate(0x3fffffff)).toBe(0);
    expect(tryAllocate(<usize>-1)).toBe(0);
    expect(tryAllocate(<usize>-8)).toBe(0);
    expect(mark()).toBe(before);
  });
});

describe("field names and values", () => {
  it("takes tokens for names, and pseudo-headers", () => {
    expect(isName("x-user")).toBe(true);
    expect(isName("X-User_1!#$%&'*+.^`|~")).toBe(true);
    expect(isName(":path")).toBe(true);
    const bad = [
      "",
      ":",
      "::a",
      "a b",
      "a:b",
      "a\r",
      "a\n",
      "a\u0000",
      "ä",
      "a\t",
      "a(b",
      'a"',
      "a/b",
      "a@b",
      "{a}",
      "a\u007f",
    ];
    for (let i = 0; i < bad.length; i++) expect(isName(bad[i])).toBe(false, bad[i]);
  });

  it("takes every byte but control characters for values, wherever it stands", () => {
    for (let place = 0; place < 20; place++) {
      for (let byte = 0; byte < 0x80; byte++) {
        const text = "x".repeat(place) + String.fromCharCode(byte) + "y".repeat(19 - place);
        expect(isValue(text)).toBe(byte >= 0x20 || byte == 9);
      }
    }
    expect(isValue("")).toBe(true);
    expect(isValue("größe \udcff")).toBe(true);
  });
});

describe("pairs", () => {
  it("come back as they were put", () => {
    const pairs = [
      ["a", "1"],
      ["", ""],
      ["größe", "\udcff水"],
      ["a", "x".repeat(3000)],
    ];
    const before = mark();
    const block = putPairs(pairs);
    store<usize>(OUT, block);
    store<usize>(OUT, pairsSize, 4);
    const reader = pairsReader();
    expect(reader.open()).toBe(4);
    for (let i = 0; i < pairs.length; i++) {
      expect(reader.next()).toBe(true);
      expect(reader.nameText()).toBe(pairs[i][0]);
      expect(reader.valueText()).toBe(pairs[i][1]);
    }
    expect(reader.next()).toBe(false);
    release(before);
  });

  it("are refused when the host would take them for none", () => {
    const many: string[][] = [];
    for (let i = 0; i < 1025; i++) many.push(["a", "b"]);
    const before = mark();
    putPairs(many);
    expect(pairsSize).toBe(0);
    many.pop();
    putPairs(many);
    expect(pairsSize).toBe(4 + 1024 * 12);
    putPairs([["a", "x".repeat(1 << 20)]]);
    expect(pairsSize).toBe(0);
    release(before);
    expect(mark()).toBe(before);
  });

  it("that are malformed end early instead of reading beyond the block", () => {
    const before = mark();
    const block = allocate(64);
    const reader = pairsReader();
    let state: u32 = 1;
    for (let round = 0; round < 50000; round++) {
      const size = <usize>(state % 40);
      for (let i: usize = 0; i < 64; i++) {
        state = state * 1664525 + 1013904223;
        store<u8>(block + i, (<u8>(state >> 24)) & 0x0f);
        if ((state & 0x700) != 0 && (i & 3) != 0) store<u8>(block + i, 0);
      }
      store<usize>(OUT, block);
      store<usize>(OUT, size, 4);
      reader.open();
      while (reader.next()) {
        assert(reader.name + reader.nameSize <= block + size);
        assert(reader.value + reader.valueSize <= block + size);
      }
    }
    store<u32>(block, 0xffffffff);
    store<usize>(OUT, 64, 4);
    expect(reader.open()).toBe(0);
    store<u32>(block, 1);
    store<u32>(block, 0xfffffff0, 4);
    store<u32>(block, 0xfffffff0, 8);
    expect(reader.open()).toBe(1);
    expect(reader.next()).toBe(false);
    release(before);
  });
});
