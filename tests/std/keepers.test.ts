/** std/cache and std/limit against plain models of them, in the embedded host, and exact over threads in Envoy. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { Random, rounds } from "./random.js";

const wasm = await compileFilter("tests/std/filters/keepers.ts");
const START = 1_700_000_000_000;

async function start(): Promise<{
  run: (...commands: string[]) => Promise<string[]>;
  tick: (ms: number) => Promise<unknown>;
}> {
  const host = await createHost({ wasm, time: START });
  return {
    run: async (...commands) => {
      const response = await host.request({ headers: { "x-do": commands.join(";") } });
      assert.equal(response.status, 200);
      return response.body.split("\n");
    },
    tick: (ms) => host.tick(ms),
  };
}

test("the cache of a VM is a plain list by use, with times", async () => {
  const { run, tick } = await start();
  const random = new Random(1);
  let now = 0;
  /** The newest last. */
  let model: { key: string; value: string; until: number }[] = [];
  const take = (key: string): (typeof model)[0] | undefined => {
    const found = model.find((entry) => entry.key === key);
    model = model.filter((entry) => entry !== found);
    return found;
  };
  for (let i = 0; i < rounds(150); i++) {
    const commands: string[] = [];
    const expected: string[] = [];
    for (let n = 0; n < 10; n++) {
      const key = `k${random.below(8)}`;
      const kind = random.below(10);
      if (kind < 4) {
        commands.push(`get|${key}`);
        const found = take(key);
        if (found !== undefined && found.until > now) model.push(found);
        expected.push(found !== undefined && found.until > now ? found.value : "null");
      } else if (kind < 8) {
        const time = random.pick([0, -5, 100, 1000, 5000]);
        const value = `v${i}-${n}`;
        commands.push(`set|${key}|${value}|${time}`);
        const known = take(key);
        if (time > 0) {
          if (known === undefined && model.length === 5) model.shift();
          model.push({ key, value, until: now + time });
        }
        expected.push(String(model.length));
      } else if (kind === 8) {
        commands.push(`has|${key}`);
        const found = model.find((entry) => entry.key === key);
        expected.push(String(found !== undefined && found.until > now));
      } else {
        commands.push(`delete|${key}`);
        expected.push(String(take(key) !== undefined));
      }
    }
    assert.deepEqual(await run(...commands), expected, `round ${i}`);
    const time = random.pick([0, 50, 500]);
    await tick(time);
    now += time;
  }
});

test("the cache of a VM stays within its bound, and its memory does", async () => {
  const { run } = await start();
  assert.deepEqual(await run("fill|a"), ["10000 v29999 false"]);
  assert.deepEqual(await run("fill|b", "fill|c"), ["10000 v29999 false", "10000 v29999 false"]);
});

test("shared values have times, sizes and one who adds them; what others wrote there is no value", async () => {
  const { run, tick } = await start();
  assert.deepEqual(await run("shared-get|a", "shared-set|a|one|1000", "shared-get|a"), ["null", "0", "one"]);
  assert.deepEqual(await run("shared-add|a|two|1000", "shared-get|a", "shared-add|b|x|1000"), [
    "false",
    "one",
    "true",
  ]);
  await tick(1000);
  assert.deepEqual(await run("shared-get|a", "shared-add|a|three|1000", "shared-get|a"), [
    "null",
    "true",
    "three",
  ]);
  assert.deepEqual(await run("shared-delete|a", "shared-get|a"), ["0", "null"]);
  assert.deepEqual(await run(`shared-set|a|${"x".repeat(100)}|1000`, "shared-get|a"), ["2", "null"]);
  assert.deepEqual(await run(`shared-set|a|${"x".repeat(99)}|1000`, "shared-get|a"), ["0", "x".repeat(99)]);
  assert.deepEqual(await run("shared-break||\xff\x08", "shared-get|a", "shared-add|a|y|10"), [
    "",
    "null",
    "true",
  ]);
});

test("two keys with the same place drive each other out, and are never taken for each other", async () => {
  const { run } = await start();
  const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
  for (const key of keys) await run(`shared-set|${key}|${key}|1000`);
  const found = await run(...keys.map((key) => `shared-get|${key}`));
  let kept = 0;
  for (const [i, value] of found.entries()) {
    if (value === "null") continue;
    assert.equal(value, keys[i]);
    kept++;
  }
  assert.ok(kept > 20 && kept <= 64, `${kept} are kept`);
});

test("of those that want the same, one fetches, and not too many wait", async () => {
  const { run } = await start();
  assert.deepEqual(await run("join|a|1", "join|a|2", "join|b|3", "join|b|4"), ["0", "1", "0", "2"]);
  assert.deepEqual(await run("land|a", "land|a", "join|a|5", "land|b", "land|a"), ["1,2", "", "0", "3", "5"]);
});

test("a bucket of tokens is that of a plain model", async () => {
  const { run, tick } = await start();
  const random = new Random(2);
  const model = new Map<string, { tokens: number; at: number }>();
  let now = 0;
  for (let i = 0; i < rounds(200); i++) {
    const key = `client${random.below(3)}`;
    const cost = random.pick([1, 1, 1, 2, 5, 6, 0]);
    const state = model.get(key) ?? { tokens: 5000, at: now };
    state.tokens = Math.min(5000, state.tokens + (now - state.at) * 2);
    state.at = now;
    const allowed = cost * 1000 <= state.tokens && cost <= 5;
    if (allowed) state.tokens -= cost * 1000;
    model.set(key, state);
    const [passed, remaining, reset, retry] = (await run(`bucket|${key}|${cost}`))[0]!.split(" ");
    assert.deepEqual(
      [passed, Number(remaining)],
      [String(allowed), Math.floor(state.tokens / 1000)],
      `round ${i}`,
    );
    assert.equal(Number(reset), Math.ceil((5000 - state.tokens) / 2000));
    const missing = cost > 5 ? 5000 : cost * 1000 - state.tokens;
    assert.equal(Number(retry), allowed ? 0 : Math.ceil(missing / 2000));
    const time = random.pick([0, 0, 100, 250, 1000]);
    await tick(time);
    now += time;
  }
});

test("a bucket whose rate is zero, negative or no number is not filled, and traps nobody", async () => {
  const { run, tick } = await start();
  for (const rate of ["0", "-0", "-1", "-1e300", "NaN", "1e-300", "-Infinity"]) {
    const [first, second, third] = await run(`rate|${rate}`, `rate|${rate}`, `rate|${rate}`);
    assert.deepEqual(
      [first, second, third].map((text) => text!.split(" ")[0]),
      ["true", "true", "false"],
      rate,
    );
    await tick(60_000);
    assert.match((await run(`rate|${rate}`))[0]!, /^false 0 /, rate);
  }
  for (const rate of ["1e300", "Infinity"]) {
    await run(`rate|${rate}|2`);
    await tick(1);
    assert.match((await run(`rate|${rate}|2`))[0]!, /^true /, rate);
  }
});

test("a key's bytes count for the size of a shared value", async () => {
  const { run } = await start();
  const key = "\u20ac".repeat(33);
  assert.deepEqual(await run(`shared-set|${key}|x|1000`, `shared-set|${key}|xx|1000`), ["0", "2"]);
});

test("a window slides as a plain model does, and headers say how it stands", async () => {
  const { run, tick } = await start();
  const random = new Random(3);
  let now = START;
  const counts = new Map<number, number>();
  const usedAt = (time: number): number => {
    const at = Math.floor(time / 10_000);
    return (
      (counts.get(at) ?? 0) + Math.ceil(((counts.get(at - 1) ?? 0) * (10_000 - (time % 10_000))) / 10_000)
    );
  };
  for (let i = 0; i < rounds(300); i++) {
    const window = Math.floor(now / 10_000);
    const over = now % 10_000;
    const used = usedAt(now);
    const allowed = used + 1 <= 4;
    if (allowed) counts.set(window, (counts.get(window) ?? 0) + 1);
    const [answer] = await run("short|a");
    const rest = Math.ceil((10_000 - over) / 1000);
    const left = Math.max(4 - used - (allowed ? 1 : 0), 0);
    const [passed, remaining, reset, retry] = answer!.split(" ");
    assert.deepEqual([passed, Number(remaining), Number(reset)], [String(allowed), left, rest], `round ${i}`);
    const headers = answer!.split(" | ").slice(1);
    const expected = ['ratelimit-policy: "short";q=4;w=10', `ratelimit: "short";r=${left};t=${rest}`];
    if (!allowed) expected.push(`retry-after: ${retry}`);
    assert.deepEqual(headers, expected);
    // Who comes when it was told passes, and nobody who comes a second earlier.
    if (allowed) assert.equal(retry, "0");
    else {
      assert.ok(usedAt(now + Number(retry) * 1000) + 1 <= 4, `round ${i}: after ${retry} s`);
      if (retry !== "1")
        assert.ok(usedAt(now + (Number(retry) - 1) * 1000) + 1 > 4, `round ${i}: ${retry} s`);
    }
    const time = random.pick([0, 100, 1500, 4000, 12_000]);
    await tick(time);
    now += time;
  }
});

test("keys that share a counter are limited together, never less; a name that cannot be sent is changed", async () => {
  const { run, tick } = await start();
  const passed = async (...keys: string[]): Promise<string> =>
    (await run(...keys.map((key) => `few|${key}`))).map((text) => text.split(" ")[0]).join(" ");
  assert.equal(await passed("a", "b", "c", "a"), "true true false false");
  await tick(30_000);
  assert.equal(await passed("b", "b", "b"), "true true false");
  assert.match((await run("few|a"))[0]!, /"a _few_";q=2/);
});

envoyTest(
  "of 200 requests at once in four threads, a limit of 50 lets exactly 50 pass, ten times for each kind of limit",
  async (t) => {
    const envoy = await startEnvoy(t, { filters: [{ wasm, vmId: "limits" }], concurrency: 4 });
    for (let run = 0; run < 20; run++) {
      const name = run < 10 ? "window" : "slow";
      const command = run % 2 === 0 ? `${name}|client${run}` : `${name}|client ${run}`;
      const answers = await Promise.all(
        Array.from({ length: 200 }, () =>
          request(envoy.port, {
            headers: [
              ["x-do", command],
              ["connection", "close"],
            ],
          }),
        ),
      );
      const passed = answers.filter(({ body }) => body.startsWith("true "));
      assert.equal(passed.length, 50, `run ${run}`);
      const left = passed.map(({ body }) => Number(body.split(" ")[1])).sort((a, b) => a - b);
      // A bucket's tokens come with time: where a thread has read the clock a little earlier, one less is whole.
      const isRight = left.every((count, i) => (name === "slow" ? count <= i : count === i));
      assert.ok(isRight, `each count is answered once: ${left.join(" ")}`);
    }
    // Many in each request, so that threads do get in each other's way: none is lost.
    const commands = Array.from({ length: 300 }, () => "many|a").join(";");
    const busy = (): Promise<{ status: number; body: string }> =>
      request(envoy.port, {
        headers: [
          ["x-do", commands],
          ["connection", "close"],
        ],
      });
    for (const { body } of await Promise.all(Array.from({ length: 40 }, busy)))
      assert.equal(body.match(/^true /gm)?.length, 300);
    const { body } = await request(envoy.port, { headers: [["x-do", "many|a|0"]] });
    assert.equal(Number(body.split(" ")[1]), 1_000_000 - 40 * 300);
    const threads = await envoy.admin("/stats?filter=worker_[0-9]*.downstream_cx_total");
    const taken = [...threads.matchAll(/: ([0-9]+)$/gm)].map(([, count]) => Number(count));
    assert.equal(taken.length, 4);
    assert.ok(taken.filter((count) => count > 200).length >= 2, `the threads took ${taken.join(", ")}`);
  },
);

envoyTest("of many threads that add the same shared value, one does", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm, vmId: "adds" }], concurrency: 4 });
  for (let run = 0; run < 10; run++) {
    const answers = await Promise.all(
      Array.from({ length: 24 }, () =>
        request(envoy.port, {
          headers: [
            ["x-do", `shared-add|k${run}|v|60000`],
            ["connection", "close"],
          ],
        }),
      ),
    );
    assert.equal(answers.filter(({ body }) => body === "true").length, 1, `run ${run}`);
  }
});
