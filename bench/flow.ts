/** `npx tsx bench/flow.ts`: what waiting costs, as docs/flow.md has it. Operators are counted, there is no clock in it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countersOf, withCounters } from "../src/count/operators.js";
import { FlowHost } from "../tests/flow/support/host.js";
import { compileFilter } from "../tests/support/compile.js";

const folder = mkdtempSync(join(tmpdir(), "flow-"));

/** A module of `tests/flow/filters` in a host, what it has executed so far, and its size. */
async function start(name: string): Promise<{ host: FlowHost; operators: () => number; bytes: number }> {
  const wasm = readFileSync(await compileFilter(`tests/flow/filters/${name}.ts`));
  const file = join(folder, `${name}.wasm`);
  writeFileSync(file, withCounters(wasm));
  const host = new FlowHost(file);
  const counters = countersOf(host);
  return { host, operators: () => Number(counters.operators.value), bytes: wasm.length };
}

const REQUESTS = 1000;

/** Operators per request, after as many others. */
function perRequest(operators: () => number, request: () => void): number {
  for (let i = 0; i < REQUESTS; i++) request();
  const before = operators();
  for (let i = 0; i < REQUESTS; i++) request();
  return Math.round((operators() - before) / REQUESTS);
}

for (const name of ["hello", "hello-class"]) {
  const { host, operators, bytes } = await start(name);
  const request = (): void => {
    const stream = host.begin({ ":path": "/" });
    host.respond(stream);
    host.end(stream);
  };
  console.log(`${name.padEnd(12)} ${bytes} bytes, ${perRequest(operators, request)} operators per request`);
}

const { host, operators } = await start("waits");
const sleeping = (count: number): number =>
  perRequest(operators, () => {
    const stream = host.begin({ ":path": "/", "x-id": String(count) });
    for (let i = 0; i < count; i++) host.tick();
    host.end(stream);
  });
console.log(`sleep(1)     ${Math.round((sleeping(11) - sleeping(1)) / 10)} operators`);

const waiting = await start("waits");
const before = waiting.host.pages;
for (let i = 0; i < 10_000; i++) waiting.host.begin({ ":path": "/", "x-id": "1" });
const pages = waiting.host.pages - before;
console.log(
  `waiting      ${pages} pages for 10,000: at most ${Math.ceil((pages * 65536) / 10_000)} bytes each`,
);
rmSync(folder, { recursive: true });
