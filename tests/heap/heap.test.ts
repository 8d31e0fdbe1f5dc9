/**
 * The memory manager alone, under random graphs of objects, arrays that grow, large buffers and memory by address, with
 * collections at random points. `HEAP_ROUNDS` and `HEAP_SEED` make longer runs: HEAP_ROUNDS=100000 npm test -- heap
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileFilter } from "../support/compile.js";

interface Exports {
  memory: WebAssembly.Memory;
  run(seed: number, changes: number, largest: number): void;
  verify(): number;
  clear(): void;
  collect(now: boolean): void;
  poison(): void;
  takePage(): void;
  chain(length: number): void;
  huge(size: number): number;
}

const rounds = Number(process.env["HEAP_ROUNDS"] ?? "500");
const firstSeed = Number(process.env["HEAP_SEED"] ?? "1");

/** The module, and what it says before it traps. */
async function start(level: string): Promise<Exports & { readonly message: () => string }> {
  const options = ["--config=none", "--runtime=minimal", "--exportRuntime", level];
  const file = await compileFilter("tests/heap/filters/stress.ts", {
    options: [...options, "--transform", "./tests/heap/heap-only.mjs"],
  });
  let message = "";
  const text = (address: number): string => {
    const size = new DataView(memory.buffer).getUint32(address - 4, true);
    return new TextDecoder("utf-16le").decode(new Uint8Array(memory.buffer, address, size));
  };
  const env = {
    abort(address: number) {
      message = address === 0 ? "" : text(address);
      throw new Error(message);
    },
  };
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { env });
  const exports = instance.exports as unknown as Exports;
  const { memory } = exports;
  return { ...exports, message: () => message };
}

const pagesOf = ({ memory }: Exports): number => memory.buffer.byteLength / 65536;

for (const level of ["-O0", "-O3z"]) {
  test(`every object keeps its contents, whatever is allocated and collected meanwhile (${level})`, async () => {
    const heap = await start(level);
    let random = firstSeed;
    const below = (limit: number): number => {
      random = Math.imul(random, 1664525) + 1013904223;
      return (random >>> 8) % limit;
    };
    for (let round = 0; round < rounds; round++) {
      heap.run(below(0x7fffffff) + 1, 1 + below(200), below(50) === 0 ? 1 << 20 : 1 << 16);
      const now = below(3) === 0;
      heap.collect(now);
      if (now) heap.poison();
      if (below(7) === 0) heap.verify();
      if (below(400) === 0) heap.takePage();
    }
    heap.verify();
  });
}

test("memory stays bounded under random sizes up to 1 MiB", async () => {
  const heap = await start("-O3z");
  const cycle = (seed: number): void => {
    heap.run(seed, 50, 1 << 20);
    heap.collect(false);
    if (seed % 20 === 0) heap.clear();
  };
  for (let seed = 1; seed <= 400; seed++) cycle(seed);
  const before = pagesOf(heap);
  for (let seed = 401; seed <= 400 + rounds; seed++) cycle(seed);
  assert.ok(pagesOf(heap) <= before * 1.25, `${before} -> ${pagesOf(heap)} pages`);
  heap.clear();
  heap.collect(true);
});

test("a list of 100,000 objects is marked without the stack, and is gone with its first", async () => {
  const heap = await start("-O3z");
  heap.chain(100_000);
  heap.collect(true);
  const before = pagesOf(heap);
  heap.clear();
  heap.collect(true);
  heap.chain(100_000);
  assert.ok(pagesOf(heap) <= before * 1.02, `${before} -> ${pagesOf(heap)} pages`);
});

test("an object that no memory can hold ends the module with a message", async () => {
  const heap = await start("-O3z");
  assert.throws(() => heap.huge(0x7fffffff), /out of memory/);
  assert.throws(() => heap.huge(-1), /out of memory/);
});
