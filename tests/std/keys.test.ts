/** std/cache under keys that strangers choose so that they meet: what it costs is what other keys cost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CountedModule } from "./linear.js";

/** The hash of the library's own maps (XXH32 without a seed), for texts of six characters. */
function libraryHash(text: string): number {
  const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
  let hash = (12 + 374761393) | 0;
  for (let i = 0; i < 6; i += 2) {
    hash = (hash + Math.imul(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16), 3266489917)) | 0;
    hash = Math.imul(rotate(hash, 17), 668265263);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  hash = Math.imul(hash ^ (hash >>> 13), 3266489917);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const COUNT = 1000;
const plain = Array.from({ length: COUNT }, (_, i) => (100_000 + i).toString());
/** Keys that land in one place of a map without a secret, for all of its sizes up to 4,096 places. */
const meeting: string[] = [];
for (let i = 0; meeting.length < COUNT; i++) {
  const text = i.toString(36).padStart(6, "-");
  if ((libraryHash(text) & 4095) === 0) meeting.push(text);
}

/** A module with a clock that stands still. */
async function load(): Promise<CountedModule> {
  const counted: CountedModule = await CountedModule.load("keys", {
    proxy_get_current_time_nanoseconds: (at: number): number => {
      const memory = counted.module.exports.memory as unknown as WebAssembly.Memory;
      new DataView(memory.buffer).setBigUint64(at, 1_700_000_000_123_456_789n, true);
      return 0;
    },
    proxy_log: () => 0,
  });
  return counted;
}

for (const [name, result] of [
  ["keep", COUNT],
  ["rotate", 10],
  ["fly", COUNT],
  ["crowd", COUNT],
] as const)
  test(`${name}: keys that meet in a map without a secret cost what others cost`, async () => {
    const counted = await load();
    const stepsOf = (keys: readonly string[]): number =>
      counted.stepsOf((it) => assert.equal(it.number(name, keys.join("\n")), result));
    stepsOf(plain);
    const [usual, hostile] = [stepsOf(plain), stepsOf(meeting)];
    assert.ok(hostile < 1.3 * usual, `${hostile} steps instead of ${usual}`);
    const many = Array.from({ length: 8 * COUNT }, (_, i) => (100_000 + i).toString());
    const steps = counted.stepsOf((it) => it.number(name, many.join("\n")));
    assert.ok(steps < 8 * 1.3 * usual, `${steps} steps for eight times as many as ${usual}`);
  });
