/**
 * How long a request through hello takes in the embedded host, and making a host: `npm run bench:host`.
 * Prints medians and the distribution; nothing is asserted, because machines differ.
 */
import { readFileSync } from "node:fs";
import { Host, VirtualLoop } from "../../src/host/index.js";
import type { Fields } from "../../src/host/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

const path = await compileFilter("examples/hello/assembly/index.ts");

function report(name: string, microseconds: number[]): void {
  const sorted = microseconds.sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  console.log(
    `${name}: median ${at(0.5)} µs, 10 % ${at(0.1)}, 90 % ${at(0.9)}, 99 % ${at(0.99)} (${sorted.length} runs)`,
  );
}

async function measure(name: string, runs: number, action: () => unknown): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    const result = action();
    if (result instanceof Promise) await result;
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  report(name, times.slice(Math.floor(runs / 10)));
}

const loop = new VirtualLoop();
const core = await Host.start({ loop, filters: [{ wasm: new Uint8Array(readFileSync(path)) }] });
const fields: Fields = [
  [":authority", "example.test"],
  [":path", "/"],
  [":method", "GET"],
  [":scheme", "http"],
  ["user-agent", "bench"],
];
const client = { headers: () => {}, data: () => {}, trailers: () => {}, reset: () => {} };
await measure("a request through hello, the host alone", 20_000, () => {
  loop.do(() => core.openStream(client).onHeaders(fields, true));
  loop.run();
});

const host = await createHost({ wasm: path, upstream: { body: "hello" } });
await measure("a request through hello, test kit with upstream and trace", 20_000, async () => {
  await host.request({ path: "/x" });
});
await measure("making a host of a module that was compiled before", 300, () => createHost({ wasm: path }));

/** A custom section with a number: V8 knows modules that it has compiled by their bytes. */
let number = 0;
function newModule(): Uint8Array {
  const section = Buffer.from([0, 6, 1, 120, 0, 0, 0, 0]);
  section.writeUInt32LE(++number, 4);
  return new Uint8Array(Buffer.concat([readFileSync(path), section]));
}
await measure("making a host of a new module", 100, () => createHost({ wasm: newModule() }));
