import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter } from "../support/compile.js";
import { FlowHost } from "./support/host.js";
import { drive } from "./support/drive.js";

/** What `filters/stress.ts` should say. */
function expected(id: number): string {
  const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
  const kind = [`zero${id}`, "one1", `rest${id}`, `rest${id}`][id % 4]!;
  const parts: string[] = [];
  const numbers = new Map<string, number>();
  for (let i = 0; i < 6 + (id & 1); i++) {
    if (i === 3) continue;
    numbers.set(`${id}${i}`, i);
    parts.push(`${id}${i}=${i}`);
    if (parts.length > 4) break;
  }
  for (const [key, value] of numbers) parts.push(`${key}${value}`);
  const out = [
    "square4",
    `circle${id & 7}${4 * (id & 7)}`,
    String(fibonacci(4)),
    kind,
    parts.join(","),
    `${id}0-${id}1-${id}2a1b${id}c2345`,
    held(String(id), 2 + (id & 1)),
    String(`v${id}`.length + 2),
  ];
  if (id % 3 !== 0) out.push("9");
  return `${out.join(";")}12${id}`;
}

/** What functions that hold variables say, where nothing waits. */
function held(id: string, count: number): string {
  let sum = 0;
  const adders: ((n: number) => number)[] = [];
  for (let i = 0; i < count; i++) {
    const text = `${id}${i}`;
    let own = i;
    adders.push((n) => {
      own += n;
      sum += own + text.length;
      return own;
    });
    own += 1;
  }
  let all = "";
  for (const add of adders) all += String(add(1));
  let counted = sum;
  const counter = (n: number): number => {
    const before = counted;
    counted += n;
    return before * 100 + counted;
  };
  const before = counter(1);
  all += String(adders[0]!(3));
  sum += 6;
  const names = [`${id}${sum}`, `b${sum}`];
  all += "!";
  names.push("4");
  const told = (all + names.join("")).repeat(2);
  const end = (told.length + id).repeat(2);
  return `${told}${sum}${before}${counter(2)}${end}`;
}

for (const level of ["-O3", "-Oz"]) {
  test(`interleaved flows keep every value through a collection after each callback (${level})`, async () => {
    const file = await compileFilter("tests/flow/filters/stress.ts", {
      options: [level, "--transform", "./tests/flow/support/harsh-collector.mjs"],
    });
    const host = new FlowHost(file);
    const outcome = drive(host, {
      streams: 600,
      atOnce: 100,
      seed: 1,
      dropOneIn: 80,
      headers: (n) => ({ ":path": "/", "x-id": String(n) }),
      check: (n, stream) => assert.equal(stream.reply?.body ?? stream.response.get("x-out"), expected(n)),
    });
    assert.ok(outcome.right > 250, JSON.stringify(outcome));
    assert.ok(outcome.dropped > 50, JSON.stringify(outcome));
    assert.deepEqual(host.logs, []);
    assert.ok(host.pages <= 16, `${host.pages} pages`);
  });
}
