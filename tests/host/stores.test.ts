/** What VMs share: metrics, data, queues, random bytes; the clock of tests; and the rules of Envoy's releases. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { envoyVersions, oldWasi, rulesOf } from "../../src/host/envoy-rules.js";
import { Metrics } from "../../src/host/services/metrics.js";
import { secretBytes, seededBytes } from "../../src/host/services/random.js";
import { flagOfReset, statusOfReset } from "../../src/host/services/response-flags.js";
import { SharedData } from "../../src/host/services/shared-data.js";
import { SharedQueues } from "../../src/host/services/shared-queues.js";
import { RealLoop, VirtualLoop } from "../../src/host/vm/loop.js";

test("metrics: one of each type and name, in order, as text for Prometheus", () => {
  const metrics = new Metrics();
  const [counter, gauge, histogram] = [0, 1, 2].map((type) => metrics.define(type, "a.b-c"));
  assert.deepEqual(
    [counter, gauge, histogram].map((metric) => metric!.type),
    ["counter", "gauge", "histogram"],
  );
  assert.equal(metrics.define(0, "a.b-c"), counter);
  counter!.value = 5n;
  gauge!.value = 7n;
  Object.assign(histogram!, { count: 2, sum: 9n });
  assert.equal(metrics.get("a.b-c"), 5);
  assert.equal(metrics.get("g"), undefined);
  metrics.define(1, "g:_9").value = 3n;
  assert.equal(metrics.get("g:_9"), 3);
  metrics.define(2, "h");
  assert.equal(metrics.get("h"), undefined, "a histogram has no one value");
  assert.deepEqual(
    metrics.list().map(({ type, name }) => `${type} ${name}`),
    ["counter a.b-c", "gauge a.b-c", "histogram a.b-c", "gauge g:_9", "histogram h"],
  );
  assert.equal(
    metrics.prometheus(),
    [
      ...["# TYPE a_b_c counter", "a_b_c{} 5", "# TYPE a_b_c gauge", "a_b_c{} 7", "# TYPE a_b_c histogram"],
      ...['a_b_c_bucket{le="+Inf"} 2', "a_b_c_sum{} 9", "a_b_c_count{} 2", "# TYPE g:_9 gauge", "g:_9{} 3"],
      ...["# TYPE h histogram", 'h_bucket{le="+Inf"} 0', "h_sum{} 0", "h_count{} 0", ""],
    ].join("\n"),
  );
});

test("shared data: a number that is not the entry's refuses a change, 0 is any, and VMs have their own", () => {
  const data = new SharedData();
  const bytes = Uint8Array.of(1);
  assert.equal(data.get("a", "k"), undefined);
  assert.ok(data.set("a", "k", bytes, 9), "where there is no entry, no number is wrong");
  assert.deepEqual(data.get("a", "k"), { value: bytes, cas: 1 });
  assert.equal(data.get("b", "k"), undefined);
  assert.ok(data.set("b", "k", bytes, 0));
  assert.equal(data.get("b", "k")!.cas, 2);
  assert.ok(!data.set("a", "k", Uint8Array.of(2), 2));
  assert.deepEqual(data.get("a", "k"), { value: bytes, cas: 1 });
  assert.ok(data.set("a", "k", Uint8Array.of(2), 1));
  assert.ok(data.set("a", "k", Uint8Array.of(3), 0));
  assert.deepEqual(data.get("a", "k"), { value: Uint8Array.of(3), cas: 4 });
  assert.ok(data.set("a", "l", bytes, 0));
  assert.equal(data.get("a", "l")!.cas, 5);
});

test("queues: by VM and name, first in first out, and the last who registered is told later", () => {
  const loop = new VirtualLoop();
  const told: string[] = [];
  const receiver = (name: string): never =>
    ({ vm: { environment: { loop } }, onQueueReady: (id: number) => told.push(`${name} ${id}`) }) as never;
  const queues = new SharedQueues();
  assert.equal(queues.resolve("v", "q"), undefined);
  assert.equal(queues.register("v", "q", receiver("one")), 1);
  assert.equal(queues.register("v", "r", receiver("one")), 2);
  assert.equal(queues.register("vq", "", receiver("one")), 3, "a VM and a name are not run together");
  assert.equal(queues.register("v", "q", receiver("two")), 1);
  assert.deepEqual([queues.resolve("v", "q"), queues.resolve("v", "r"), queues.resolve("vq", "")], [1, 2, 3]);
  assert.equal(queues.enqueue(4, Uint8Array.of(1)), false);
  assert.equal(queues.enqueue(1, Uint8Array.of(1)), true);
  assert.equal(queues.enqueue(1, Uint8Array.of(2)), true);
  assert.deepEqual(told, []);
  loop.run();
  assert.deepEqual(told, ["two 1", "two 1"]);
  assert.deepEqual(queues.dequeue(1), Uint8Array.of(1));
  assert.deepEqual(queues.dequeue(1), Uint8Array.of(2));
  assert.deepEqual([queues.dequeue(1), queues.dequeue(2), queues.dequeue(4)], [null, null, undefined]);
});

test("random bytes: those of a seed are the same everywhere, this machine's are of any length", () => {
  const hexOf = (seed: number): string => {
    const bytes = new Uint8Array(8);
    seededBytes(seed)(bytes);
    return Buffer.from(bytes).toString("hex");
  };
  assert.equal(hexOf(1), hexOf(1));
  assert.notEqual(hexOf(1), hexOf(2));
  assert.equal(hexOf(-1), hexOf(0xffffffff));
  const source = seededBytes(1);
  const [first, second] = [new Uint8Array(4), new Uint8Array(4)];
  source(first);
  source(second);
  assert.equal(Buffer.from([...first, ...second]).toString("hex"), hexOf(1));
  const long = new Uint8Array(200_000);
  secretBytes(long);
  for (const at of [0, 65_530, 131_060, 199_900])
    assert.ok(long.subarray(at, at + 100).some((byte) => byte !== 0));
});

test("flags and statuses of a lost upstream", () => {
  for (const [reason, bit, status] of [
    ["remote connection failure", 5, 503],
    ["connection termination", 6, 503],
    ["remote reset", 4, 503],
    ["remote refused stream reset", 4, 503],
    ["remote error with CONNECT request", 4, 503],
    ["protocol error", 23, 502],
  ] as const)
    assert.deepEqual([flagOfReset(reason), statusOfReset(reason)], [1 << bit, status], reason);
});

test("the clock of tests: what is due comes in its order, at its time, with all that it posts", () => {
  const loop = new VirtualLoop(1000);
  const seen: string[] = [];
  const note = (what: string) => (): void => void seen.push(`${what} at ${loop.now()}`);
  loop.after(20, note("b"));
  loop.after(10, note("a"));
  loop.after(20, () => {
    note("c")();
    loop.post(note("posted"));
    loop.after(0, note("at once"));
    loop.after(-5, note("overdue"));
  });
  loop.after(15, note("cancelled")).cancel();
  loop.after(31, note("later"));
  loop.post(note("first"));
  assert.deepEqual([loop.isBusy, loop.nextDue, seen], [true, 1010, []]);
  loop.advance(30);
  assert.deepEqual(seen, [
    ...["first at 1000", "a at 1010", "b at 1020", "c at 1020", "posted at 1020"],
    ...["overdue at 1020", "at once at 1020"],
  ]);
  assert.deepEqual([loop.now(), loop.isBusy, loop.nextDue], [1030, false, 1031]);
  loop.advance(1);
  assert.equal(seen.at(-1), "later at 1031");
  assert.equal(loop.nextDue, undefined);
  assert.equal(new VirtualLoop().now(), Date.UTC(2026, 0, 1));
});

for (const [name, make] of [
  ["of tests", () => new VirtualLoop()],
  ["in real time", () => new RealLoop()],
] as const)
  test(`a loop ${name}: the end of an event comes after all within it, also when it throws`, () => {
    const loop = make();
    const seen: string[] = [];
    const note = (what: string) => (): void => void seen.push(what);
    loop.atEnd(note("outside"));
    loop.do(() => {
      loop.atEnd(() => {
        note("end")();
        loop.atEnd(note("end of the end"));
      });
      loop.do(() => {
        loop.atEnd(note("inner end"));
        note("inner")();
      });
      note("outer")();
    });
    const broken = (): void =>
      loop.do(() => {
        loop.atEnd(note("end of what threw"));
        throw new Error("broken");
      });
    assert.throws(broken, { message: "broken" });
    loop.do(note("again"));
    assert.equal(seen[0], "outside");
    assert.deepEqual(seen.slice(1, 3), ["inner", "outer"]);
    assert.deepEqual(
      seen.slice(3).sort(),
      ["again", "end", "end of the end", "end of what threw", "inner end"].sort(),
    );
    assert.ok(seen.indexOf("end of what threw") < seen.indexOf("again"));
  });

test("a loop in real time: events are of their own, timers come late and can be cancelled", async () => {
  const loop = new RealLoop();
  const seen: string[] = [];
  assert.ok(Math.abs(loop.now() - Date.now()) < 1000);
  loop.after(5, () => seen.push("cancelled")).cancel();
  const far = loop.after(2 ** 31 + 1000, () => seen.push("far"));
  await new Promise<void>((resolve) => {
    loop.after(30, () => {
      seen.push("timer");
      resolve();
    });
    loop.post(() => seen.push("posted"));
    seen.push("now");
  });
  far.cancel();
  assert.deepEqual(seen, ["now", "posted", "timer"]);
});

test("a release of Envoy has its rules, and one that is unknown is refused", () => {
  const { wasi, lacksForeign, ...rules } = rulesOf();
  assert.deepEqual([wasi, [...lacksForeign]], [undefined, []]);
  assert.deepEqual(rules, {
    ...{ version: "1.40", tellsWhyRefused: false, passesKeepAlive: false, knowsProtocolErrors: true },
    ...{ cutsWithError: true, polls: true, readsPem: true, bringsBoolsToText: true },
  });
  /** The first release in which something is so, of those that the host can be. */
  const since = (is: (rules: ReturnType<typeof rulesOf>) => boolean): string =>
    envoyVersions
      .map((version) => `${version} ${is(rulesOf(version))}`)
      .find((line) => line.endsWith("true"))!;
  assert.equal(
    since((each) => !each.tellsWhyRefused),
    "1.38 true",
  );
  assert.equal(
    since((each) => !each.passesKeepAlive),
    "1.38 true",
  );
  assert.equal(
    since((each) => each.knowsProtocolErrors),
    "1.37 true",
  );
  assert.equal(
    since((each) => each.cutsWithError),
    "1.37 true",
  );
  assert.equal(
    since((each) => each.wasi === undefined),
    "1.39 true",
  );
  assert.equal(
    since((each) => each.polls),
    "1.39 true",
  );
  assert.equal(
    since((each) => !each.lacksForeign.has("sign")),
    "1.37 true",
  );
  assert.equal(
    since((each) => each.readsPem),
    "1.37 true",
  );
  assert.equal(
    since((each) => each.bringsBoolsToText),
    "1.37 true",
  );
  assert.deepEqual([...rulesOf("1.38").wasi!], oldWasi);
  assert.throws(() => rulesOf("1.35" as never), {
    message: 'There is no Envoy "1.35" here; known are 1.36, 1.37, 1.38, 1.39, 1.40.',
  });
});
