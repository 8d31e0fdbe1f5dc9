import { mark, release, allocate } from "../../assembly/memory/scratch";
import {
  decode,
  encode,
  equals,
  equalsIgnoringCase,
  hasLoneSurrogate,
  put,
  putSize,
} from "../../assembly/memory/text";

/** A repeatable source of numbers (xorshift). */
let state: u32 = 2463534242;
function random(below: u32): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % below;
}

function bytesOf(values: i32[]): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = <u8>values[i];
  return bytes;
}

function decodeBytes(bytes: Uint8Array): string {
  return decode(bytes.dataStart, bytes.length);
}

/** Whether the bytes come back from their text as they were. */
function survives(bytes: Uint8Array): bool {
  const text = decodeBytes(bytes);
  const before = mark();
  const address = put(text);
  const same = putSize == <usize>bytes.length && memory.compare(address, bytes.dataStart, putSize) == 0;
  const equal = equals(bytes.dataStart, bytes.length, text);
  release(before);
  return same && equal;
}

describe("text", () => {
  it("decodes valid UTF-8 as usual", () => {
    const samples = [
      "",
      "a",
      "plain ASCII, longer than eight",
      "größer",
      "水",
      "𝄞 clef",
      "a\u0000b",
      "\ud7ff\ue000\uffff",
    ];
    for (let i = 0; i < samples.length; i++) {
      const bytes = Uint8Array.wrap(String.UTF8.encode(samples[i]));
      expect(decodeBytes(bytes)).toBe(samples[i]);
      expect(survives(bytes)).toBe(true);
    }
  });

  it("turns each byte that is no part of UTF-8 into a lone surrogate of its own", () => {
    expect(decodeBytes(bytesOf([0x80]))).toBe("\udc80");
    expect(decodeBytes(bytesOf([0x61, 0xff, 0x62]))).toBe("a\udcffb");
    expect(decodeBytes(bytesOf([0xc0, 0xaf]))).toBe("\udcc0\udcaf", "an overlong form");
    expect(decodeBytes(bytesOf([0xed, 0xa0, 0x80]))).toBe("\udced\udca0\udc80", "a surrogate");
    expect(decodeBytes(bytesOf([0xf4, 0x90, 0x80, 0x80]))).toBe("\udcf4\udc90\udc80\udc80", "above U+10FFFF");
    expect(decodeBytes(bytesOf([0xe6, 0xb0]))).toBe("\udce6\udcb0", "cut short");
    expect(decodeBytes(bytesOf([0xe6, 0xb0, 0x41]))).toBe("\udce6\udcb0A");
  });

  it("keeps every sequence of two bytes", () => {
    const bytes = new Uint8Array(2);
    let lost = 0;
    for (let i = 0; i < 65536; i++) {
      bytes[0] = <u8>(i >> 8);
      bytes[1] = <u8>i;
      if (!survives(bytes)) lost++;
    }
    expect(lost).toBe(0);
  });

  it("keeps random sequences of the bytes that begin and continue characters", () => {
    const interesting = [
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
      0xf5, 0xff,
    ];
    let lost = 0;
    for (let round = 0; round < 20000; round++) {
      const bytes = new Uint8Array(random(24));
      for (let i = 0; i < bytes.length; i++) bytes[i] = <u8>interesting[random(interesting.length)];
      if (!survives(bytes)) lost++;
    }
    expect(lost).toBe(0);
  });

  it("encodes what no decoded text contains as U+FFFD", () => {
    const before = mark();
    const address = allocate(16);
    expect(encode(changetype<usize>("\ud800"), 1, address)).toBe(3);
    expect(load<u8>(address)).toBe(0xef);
    expect(encode(changetype<usize>("\udc7f"), 1, address)).toBe(3);
    release(before);
    expect(hasLoneSurrogate("\ud800")).toBe(true);
    expect(hasLoneSurrogate("a\udc80")).toBe(true);
    expect(hasLoneSurrogate("𝄞")).toBe(false);
  });

  it("compares bytes with text without being fooled by its beginning", () => {
    const bytes = Uint8Array.wrap(String.UTF8.encode("größe"));
    expect(equals(bytes.dataStart, bytes.length, "größe")).toBe(true);
    expect(equals(bytes.dataStart, bytes.length, "größer")).toBe(false);
    expect(equals(bytes.dataStart, bytes.length, "größ")).toBe(false);
    expect(equals(bytes.dataStart, bytes.length, "")).toBe(false);
    expect(equals(bytes.dataStart, 0, "")).toBe(true);
    expect(equalsIgnoringCase("Content-LENGTH", "content-length")).toBe(true);
    expect(equalsIgnoringCase("content-length2", "content-length")).toBe(false);
  });
});
