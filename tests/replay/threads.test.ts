/** Which VM of a thread a callback is of, where Envoy's log does not say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TraceReader } from "../../src/replay/index.js";

const start = [
  ...["[host->vm] _initialize()", "[host<-vm] _initialize return: void"],
  ...["[host->vm] proxy_on_context_create(1, 0)", "[host<-vm] proxy_on_context_create return: void"],
];

/** A host call in a callback, as a log has it. */
function calls(callback: string, step: string, ...more: string[]): string[] {
  const [name] = step.split("(");
  return [
    `[host->vm] ${callback}`,
    ...[`[vm->host] env.${step}`, `[vm<-host] env.${name} return: 0`, ...more],
    `[host<-vm] ${callback.split("(")[0]} return: void`,
  ];
}

/** The names of the callbacks of each VM, without those of the start. */
function assigned(...lines: string[]): { vms: string[][]; doubtful: number[] } {
  const reader = new TraceReader();
  reader.add(Buffer.from(lines.map((line) => `[trace][wasm] ${line}\n`).join("")));
  const { vms } = reader.end();
  return {
    vms: vms.map(({ callbacks }) => callbacks.slice(2).map(({ name, args }) => `${name} ${args.join(" ")}`)),
    doubtful: vms.map(({ doubtful }) => doubtful),
  };
}

const answers: readonly (readonly [asks: string, answer: string])[] = [
  ["proxy_http_call(1, 4, 2, 9, 3, 0, 4, 0, 5000, 8)", "proxy_on_http_call_response(1, 4, 3, 2, 0)"],
  ["proxy_grpc_stream(1, 4, 2, 9, 3, 0, 4, 0, 8)", "proxy_on_grpc_receive(1, 6, 3)"],
  ["proxy_set_tick_period_milliseconds(100)", "proxy_on_tick(1)"],
  ["proxy_register_shared_queue(1, 4, 8)", "proxy_on_queue_ready(1, 1)"],
];

for (const [asks, answer] of answers)
  test(`${answer.split("(")[0]} is of the VM that has asked for it`, () => {
    const called = calls("proxy_on_tick(1)", asks);
    const name = answer.replace(/\((.*)\)/, " $1").replaceAll(",", "");
    const answered = [`[host->vm] ${answer}`, `[host<-vm] ${answer.split("(")[0]} return: void`];
    // The first of three, then the second of them.
    const first = assigned(...start, ...called, ...start, ...start, ...answered);
    assert.deepEqual(first.vms, [["proxy_on_tick 1", name], [], []]);
    assert.deepEqual(first.doubtful, [0, 0, 0]);
    const second = assigned(...start, ...start, ...called, ...start, ...answered);
    assert.deepEqual(second.vms, [[], ["proxy_on_tick 1", name], []]);
  });

test("of two VMs that have called, the one that still waits gets the answer", () => {
  const [asks, answer] = answers[0]!;
  const answered = [`[host->vm] ${answer}`, "[host<-vm] proxy_on_http_call_response return: void"];
  const called = calls("proxy_on_tick(1)", asks);
  const { vms, doubtful } = assigned(...[...start, ...called, ...start, ...called, ...answered, ...answered]);
  assert.deepEqual(
    vms.map((names) => names.length),
    [2, 2],
  );
  assert.deepEqual(doubtful, [0, 2]); // the second tick, and which of both answers came first
});

test("a log that begins in the middle of a host call has no callback before the next one", () => {
  const middle = [
    ...["[host->vm] proxy_on_memory_allocate(20)", "[host<-vm] proxy_on_memory_allocate return: 1024"],
    "[vm<-host] env.proxy_get_header_map_value return: 0",
    ...["[vm->host] env.proxy_log(2, 1, 2)", "[vm<-host] env.proxy_log return: 0"],
    "[host<-vm] proxy_on_request_headers return: 0",
  ];
  const next = ["[host->vm] proxy_on_tick(1)", "[host<-vm] proxy_on_tick return: void"];
  assert.deepEqual(assigned(...start, ...middle, ...next).vms, [["proxy_on_tick 1"]]);
  const reader = new TraceReader();
  reader.add(Buffer.from([...middle, ...next].map((line) => `[trace][wasm] ${line}\n`).join("")));
  const { vms, notes } = reader.end();
  assert.deepEqual(
    vms.map(({ fromStart, callbacks }) => [fromStart, callbacks.map(({ name }) => name)]),
    [[false, ["proxy_on_tick"]]],
  );
  assert.deepEqual(notes, ["5 lines do not follow from those before them."]);
});

test("nobody has asked: the callback is doubtful", () => {
  const { vms, doubtful } = assigned(
    ...[...start, ...start, "[host->vm] proxy_on_tick(1)", "[host<-vm] proxy_on_tick return: void"],
  );
  assert.deepEqual(vms, [[], ["proxy_on_tick 1"]]);
  assert.deepEqual(doubtful, [0, 1]);
});
