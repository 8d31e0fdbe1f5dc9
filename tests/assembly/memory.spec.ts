import { isFieldName, isFieldValue, isFraming, isPseudo, nameKind } from "../../assembly/memory/field-syntax";
import { pairsReader, pairsSize, putPairs } from "../../assembly/memory/pairs";
import { OUT, allocate, mark, release, tryAllocate } from "../../assembly/memory/scratch";
import { put, putSize } from "../../assembly/memory/text";

function isName(text: string): bool {
  const before = mark();
  const address = put(text);
  const allowed = isFieldName(nameKind(address, putSize));
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

function kindOf(name: string): string {
  const before = mark();
  const kind = nameKind(put(name), putSize);
  release(before);
  return (
    (isFieldName(kind) ? "name" : "") +
    (isPseudo(kind) ? " pseudo" : "") +
    (isFraming(kind) ? " framing" : "")
  );
}

describe("literals", () => {
  it("are encoded once, and remembered with what was found about them", () => {
    const before = mark();
    const first = put("a literal of this test");
    expect(putSize).toBe(22);
    expect(mark()).toBe(before, "it is no longer in scratch memory");
    expect(isFieldName(nameKind(first, putSize))).toBe(false);
    expect(isFieldValue(first, putSize)).toBe(true);
    expect(put("")).not.toBe(0);
    expect(putSize).toBe(0);
    expect(put("a literal of this test")).toBe(first);
    expect(putSize).toBe(22);
    expect(isFieldName(nameKind(first, putSize))).toBe(false);
    expect(isFieldValue(first, putSize)).toBe(true);
    const made = put("a literal of " + "this test".toString().concat(""));
    expect(made).not.toBe(first, "a text that was made is none");
    expect(memory.compare(made, first, 22)).toBe(0);
    release(before);
  });

  it("are not remembered while a large value is in scratch memory, nor when they are long", () => {
    const before = mark();
    allocate(1 << 16);
    const inner = mark();
    expect(put("seen while scratch memory is elsewhere")).toBe(inner + 8);
    release(before);
    const outer = mark();
    put("seen while scratch memory is elsewhere");
    expect(mark()).toBe(outer);
    // prettier-ignore
    const long = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345";
    expect(put(long)).toBe(outer + 8);
    release(before);
  });
});

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
  it("tells pseudo-headers and those that frame the message from others, whatever their case", () => {
    expect(kindOf("x-user")).toBe("name");
    expect(kindOf(":path")).toBe("name pseudo");
    expect(kindOf(":")).toBe(" pseudo");
    expect(kindOf(": x")).toBe(" pseudo");
    expect(kindOf("content-length")).toBe("name framing");
    expect(kindOf("CONTENT-Length")).toBe("name framing");
    expect(kindOf("Transfer-Encoding")).toBe("name framing");
    expect(kindOf("TRANSFER-ENCODING")).toBe("name framing");
    expect(kindOf("content-lengtH")).toBe("name framing");
    const names = ["content-length", "transfer-encoding"];
    for (let which = 0; which < 2; which++) {
      const name = names[which];
      for (let at = 0; at < name.length; at++) {
        for (let unit = 0; unit < 256; unit++) {
          const other = name.substring(0, at) + String.fromCharCode(unit) + name.substring(at + 1);
          const isSame = other.toLowerCase() == name;
          if (kindOf(other).includes("framing") != isSame) expect(kindOf(other)).toBe(name + " " + other);
        }
      }
    }
  });

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
        expect(isValue(text)).toBe((byte >= 0x20 && byte != 0x7f) || byte == 9);
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
