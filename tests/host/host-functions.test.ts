/** Host functions by themselves: which of their addresses is wrong, what they answer, and the reason that is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Body } from "../../src/host/abi/body.js";
import { HeaderMap } from "../../src/host/abi/header-map.js";
import { encodePairs } from "../../src/host/abi/pairs.js";
import { Status } from "../../src/host/abi/status.js";
import { noBytes, textOf } from "../../src/host/abi/text.js";
import { hostFunctions } from "../../src/host/calls/index.js";
import { Metrics } from "../../src/host/services/metrics.js";
import { SharedData } from "../../src/host/services/shared-data.js";
import { SharedQueues } from "../../src/host/services/shared-queues.js";
import { unserializable } from "../../src/host/services/properties.js";
import { VirtualLoop } from "../../src/host/vm/loop.js";
import { GuestMemory } from "../../src/host/vm/memory.js";

/** An address outside of the memory, and one that has no more than two bytes. */
const OUT = 70_000;
const EDGE = 65_534;

/** A VM as host functions see it; `reasons` has what is told, `acts` what was done. */
function machine() {
  const guest = new GuestMemory(new WebAssembly.Memory({ initial: 1 }));
  const [reasons, acts]: [string[], unknown[]] = [[], []];
  let next = 0;
  let numbers = 0;
  const loop = new VirtualLoop(1_700_000_000_123);
  const map = HeaderMap.of([
    ["a", "1"],
    ["empty", ""],
  ]);
  const act = (...what: unknown[]): number => {
    acts.push(what);
    return Status.Ok;
  };
  const root = {
    id: 1,
    status: { code: 5, message: "m\xe9" },
    grpc: {
      send: (token: number, message: Uint8Array, isEnd: boolean) => (
        act("send", token, textOf(message), isEnd),
        token === 6
      ),
      close: (token: number) => (act("close", token), token === 6),
      cancel: (token: number) => (act("cancel", token), token === 6),
      startCall: (token: number, _: unknown, request: { timeout: number }, message: Uint8Array) =>
        act("grpc call", token, request.timeout, textOf(message)),
      startStream: (token: number) => act("grpc stream", token),
      onClose: (token: number, status: number, why: string) => act("closed", token, status, why),
    },
    startHttpCall: (token: number, _: unknown, request: { timeout: number; body: Uint8Array }) =>
      act("http call", token, request.timeout, textOf(request.body)),
    setTickPeriod: (period: number) => act("tick", period),
    readableConfiguration: undefined as Uint8Array | undefined,
    callData: undefined as Uint8Array | undefined,
    onQueueReady: () => undefined,
    vm: undefined as unknown,
    delete: () => act("deleted"),
  };
  const context = {
    root,
    id: 1,
    logPrefix: "p",
    isLogging: false,
    buffer: (type: number) =>
      type > 1
        ? undefined
        : Object.assign(Body.of(new Uint8Array(Buffer.from("body"))), {
            write: (_: unknown, start: number, length: number, data: Uint8Array) =>
              act("write", start, length, textOf(data)),
          }),
    mapForReading: (type: number) => (type > 1 ? undefined : map),
    mapForWriting: (type: number) => (type > 0 ? undefined : map),
    mapReason: (type: number) => `map ${type} is not there`,
    onMapChanged: (type: number) => act("changed", type),
    sendLocalResponse: (reply: { body: Uint8Array }) => act("local", { ...reply, body: textOf(reply.body) }),
    continueStream: (type: number) => act("continue", type),
    closeStream: (type: number) => act("close stream", type),
    property: (path: string[]) => ({ a: "value", map: unserializable, none: noBytes })[path.join(".")],
    setProperty: (path: string, value: Uint8Array) => act("property", path, textOf(value)),
  };
  const after: (() => void)[] = [];
  const vm = {
    guest,
    context,
    abiVersion: "0.2.1",
    stopNext: false,
    pendingDone: new Set<unknown>(),
    options: { vmId: "v", configuration: new Uint8Array(Buffer.from("vm")), environment: [] },
    environment: {
      loop,
      logLevel: 2,
      clusters: new Map<string, object>([
        ["c", {}],
        ["empty", { hasEndpoints: false }],
      ]),
      sharedData: new SharedData(),
      queues: new SharedQueues(),
      metrics: new Metrics(),
      foreignFunctions: new Map<string, (argument: Uint8Array) => unknown>([
        ["echo", (argument) => argument],
        ["none", () => noBytes],
        ["bad", () => Status.BadArgument],
      ]),
      log: (entry: object) => act("log", entry),
      rules: {},
      crash: (why: string) => assert.fail(why),
    },
    because: (status: number, reason: string) => (reasons.push(reason), status),
    badAddress: (what: string, ptr: number, length: number) => {
      reasons.push(`${what}: ${length} at ${ptr}`);
      return Status.InvalidMemoryAccess;
    },
    give: (bytes: Uint8Array, ptrOut: number, sizeOut: number, evenEmpty = false): number => {
      act("give", textOf(bytes), evenEmpty);
      return guest.writeU32(ptrOut, next) && guest.writeU32(sizeOut, bytes.length)
        ? Status.Ok
        : Status.InvalidMemoryAccess;
    },
    nextNumber: (_kind: string, bits: number) => 4 * ++numbers + bits,
    afterCall: (action: () => void) => after.push(action),
    setEffective: (id: number) => id === 1,
    takeThrown: () => "stack",
    call: (_: unknown, name: string, ...args: number[]) => act(name, ...args),
  };
  root.vm = vm;
  /** Puts a text where no other is, and answers its address and length. */
  const put = (text: string | Uint8Array): [number, number] => {
    const bytes = typeof text === "string" ? new Uint8Array(Buffer.from(text, "latin1")) : text;
    const at = 1000 + next;
    next += bytes.length;
    guest.write(at, bytes);
    return [at, bytes.length];
  };
  const call = (name: string, ...args: (number | bigint)[]): unknown =>
    hostFunctions.get(name)!(vm as never, ...(args as never[]));
  return { vm, guest, reasons, acts, put, call, after, root, context, map };
}

/** A function, arguments that are right, and the names of what its addresses lead to: the place among arguments, and a length. */
const addresses: readonly (readonly [
  name: string,
  args: (m: ReturnType<typeof machine>) => (number | bigint)[],
  places: Readonly<Record<number, string>>,
])[] = [
  ["proxy_log", (m) => [2, ...m.put("x")], { 1: "the message" }],
  ["proxy_get_log_level", () => [8], { 0: "the address for the result" }],
  ["proxy_get_current_time_nanoseconds", () => [8], { 0: "the address for the result" }],
  ["proxy_get_property", (m) => [...m.put("a"), 8, 12], { 0: "the path" }],
  ["proxy_set_property", (m) => [...m.put("a"), ...m.put("b")], { 0: "the path", 2: "the value" }],
  [
    "proxy_get_shared_data",
    (m) => [...m.put("k"), 8, 12, 16],
    { 0: "the key", 4: "the address for the result" },
  ],
  ["proxy_set_shared_data", (m) => [...m.put("k"), ...m.put("v"), 0], { 0: "the key", 2: "the value" }],
  [
    "proxy_register_shared_queue",
    (m) => [...m.put("q"), 8],
    { 0: "the queue's name", 2: "the address for the result" },
  ],
  [
    "proxy_resolve_shared_queue",
    (m) => [...m.put("v"), ...m.put("q"), 8],
    { 0: "the VM id", 2: "the queue's name", 4: "the address for the result" },
  ],
  ["proxy_enqueue_shared_queue", (m) => [1, ...m.put("x")], { 1: "the message" }],
  [
    "proxy_define_metric",
    (m) => [0, ...m.put("m"), 8],
    { 1: "the metric's name", 3: "the address for the result" },
  ],
  ["proxy_get_metric", () => [4, 8], { 1: "the address for the result" }],
  [
    "proxy_call_foreign_function",
    (m) => [...m.put("echo"), ...m.put("x"), 8, 12],
    { 0: "the function's name", 2: "the argument" },
  ],
  [
    "envoy_resolve_dns",
    (m) => [...m.put("localhost"), 8],
    { 0: "the host's name", 2: "the address for the result" },
  ],
  ["proxy_get_header_map_value", (m) => [0, ...m.put("a"), 8, 12], { 1: "the header's name" }],
  ["proxy_get_header_map_size", () => [0, 8], { 1: "the address for the size" }],
  ["proxy_set_header_map_pairs", (m) => [0, ...m.put(encodePairs([["a", "2"]]))], { 1: "the pairs" }],
  [
    "proxy_add_header_map_value",
    (m) => [0, ...m.put("b"), ...m.put("2")],
    { 1: "the header's name", 3: "the header's value" },
  ],
  [
    "proxy_replace_header_map_value",
    (m) => [0, ...m.put("b"), ...m.put("2")],
    { 1: "the header's name", 3: "the header's value" },
  ],
  ["proxy_remove_header_map_value", (m) => [0, ...m.put("a")], { 1: "the header's name" }],
  [
    "proxy_get_buffer_status",
    () => [0, 8, 12],
    { 1: "the address for the length", 2: "the address for the flags" },
  ],
  ["proxy_set_buffer_bytes", (m) => [0, 0, 1, ...m.put("x")], { 3: "the data" }],
  [
    "proxy_send_local_response",
    (m) => [403, ...m.put("why"), ...m.put("body"), ...m.put(encodePairs([])), 0],
    { 1: "the details", 3: "the body", 5: "the headers" },
  ],
  [
    "proxy_http_call",
    (m) => [...m.put("c"), ...m.put(heads), ...m.put("body"), ...m.put(encodePairs([])), 5, 8],
    {
      0: "the cluster's name",
      2: "the headers",
      4: "the body",
      6: "the trailers",
      9: "the address for the token",
    },
  ],
  [
    "proxy_grpc_call",
    (m) => [...m.put(service), ...m.put("S"), ...m.put("M"), ...m.put(encodePairs([])), ...m.put("x"), 5, 8],
    {
      ...{ 0: "the service", 2: "the service's name", 4: "the method", 6: "the metadata", 8: "the message" },
      11: "the address for the token",
    },
  ],
  [
    "proxy_grpc_stream",
    (m) => [...m.put(service), ...m.put("S"), ...m.put("M"), ...m.put(encodePairs([])), 8],
    {
      0: "the service",
      2: "the service's name",
      4: "the method",
      6: "the metadata",
      8: "the address for the token",
    },
  ],
  ["proxy_grpc_send", (m) => [6, ...m.put("x"), 0], { 1: "the message" }],
  ["proxy_get_status", () => [8, 12, 16], { 0: "the address for the code" }],
];

const heads = encodePairs([
  [":method", "GET"],
  [":path", "/"],
  [":authority", "a"],
]);
const service = Uint8Array.of(0x0a, 3, 0x0a, 1, 0x63);

/** A machine that has what a call needs: an entry, a queue, a metric. */
function ready(): ReturnType<typeof machine> {
  const m = machine();
  m.call("proxy_set_shared_data", ...m.put("k"), ...m.put("v"), 0);
  m.call("proxy_register_shared_queue", ...m.put("q"), 8);
  m.call("proxy_define_metric", 0, ...m.put("m"), 8);
  m.acts.length = 0;
  return m;
}

for (const [name, argumentsOf, places] of addresses)
  test(`${name}: each address outside the memory is named`, () => {
    const m = ready();
    const args = argumentsOf(m);
    assert.equal(m.call(name, ...args), Status.Ok, m.reasons.join());
    assert.deepEqual(m.reasons, []);
    for (const [place, what] of Object.entries(places)) {
      const one = ready();
      const wrong = argumentsOf(one);
      const isResult = what.startsWith("the address");
      wrong[Number(place)] = isResult ? EDGE : OUT;
      const length = isResult ? (/time|get_metric/.test(name) ? 8 : 4) : wrong[Number(place) + 1];
      assert.equal(one.call(name, ...wrong), Status.InvalidMemoryAccess);
      assert.deepEqual(one.reasons, [`${what}: ${length} at ${isResult ? EDGE : OUT}`]);
    }
  });

/** A call that is refused, its status and the reason. */
const refusals: readonly (readonly [
  name: string,
  args: (m: ReturnType<typeof machine>) => (number | bigint)[],
  status: number,
  reason: string,
])[] = [
  ["proxy_log", (m) => [6, ...m.put("x")], Status.BadArgument, "there is no log level 6"],
  ["proxy_log", (m) => [-1, ...m.put("x")], Status.BadArgument, "there is no log level 4294967295"],
  ["proxy_get_property", (m) => [...m.put(""), 8, 12], Status.SerializationFailure, "the path is empty"],
  ["proxy_get_property", (m) => [...m.put("x\0y\0"), 8, 12], Status.NotFound, "there is no property x.y now"],
  [
    "proxy_get_property",
    (m) => [...m.put("map"), 8, 12],
    Status.SerializationFailure,
    "map is not a value; ask for one of its fields",
  ],
  [
    "proxy_get_shared_data",
    (m) => [...m.put("x"), 8, 12, 16],
    Status.NotFound,
    'there is no shared data "x"',
  ],
  [
    "proxy_set_shared_data",
    (m) => [...m.put("k"), ...m.put("w"), 9],
    Status.CasMismatch,
    'the shared data "k" changed since number 9',
  ],
  [
    "proxy_resolve_shared_queue",
    (m) => [...m.put("v"), ...m.put("x"), 8],
    Status.NotFound,
    'no VM "v" has registered a queue "x"',
  ],
  ["proxy_enqueue_shared_queue", (m) => [2, ...m.put("x")], Status.NotFound, "there is no queue 2"],
  ["proxy_dequeue_shared_queue", () => [2, 8, 12], Status.NotFound, "there is no queue 2"],
  ["proxy_dequeue_shared_queue", () => [1, 8, 12], Status.Empty, "queue 1 is empty"],
  ["proxy_define_metric", (m) => [3, ...m.put("m"), 8], Status.BadArgument, "there is no metric type 3"],
  ["proxy_increment_metric", () => [6, 1n], Status.BadArgument, "a histogram is not incremented"],
  ["proxy_increment_metric", () => [8, 1n], Status.NotFound, "this VM has defined no metric 8"],
  ["proxy_increment_metric", () => [4, 0n], Status.BadArgument, "a counter is not incremented by 0"],
  ["proxy_increment_metric", () => [4, -1n], Status.BadArgument, "a counter is not incremented by -1"],
  ["proxy_record_metric", () => [8, 1n], Status.NotFound, "this VM has defined no metric 8"],
  ["proxy_get_metric", () => [6, 8], Status.BadArgument, "a histogram has no value"],
  ["proxy_get_metric", () => [9, 8], Status.NotFound, "this VM has defined no metric 9"],
  [
    "proxy_call_foreign_function",
    (m) => [...m.put("x"), ...m.put(""), 8, 12],
    Status.NotFound,
    "there is no foreign function x",
  ],
  [
    "proxy_call_foreign_function",
    (m) => [...m.put("bad"), ...m.put(""), 8, 12],
    Status.BadArgument,
    "the foreign function bad refused its argument",
  ],
  [
    "proxy_get_header_map_value",
    (m) => [8, ...m.put("a"), 8, 12],
    Status.BadArgument,
    "there is no header map type 8",
  ],
  ["proxy_get_header_map_value", (m) => [7, ...m.put("a"), 8, 12], Status.BadArgument, "map 7 is not there"],
  ["proxy_get_header_map_value", (m) => [0, ...m.put("x"), 8, 12], Status.NotFound, "there is no header x"],
  ["proxy_get_header_map_pairs", () => [8, 8, 12], Status.BadArgument, "there is no header map type 8"],
  ["proxy_get_header_map_size", () => [8, 8], Status.BadArgument, "there is no header map type 8"],
  ["proxy_get_header_map_size", () => [1, 8], Status.BadArgument, "map 1 is not there"],
  [
    "proxy_set_header_map_pairs",
    (m) => [8, ...m.put(heads)],
    Status.BadArgument,
    "there is no header map type 8",
  ],
  ["proxy_set_header_map_pairs", (m) => [1, ...m.put(heads)], Status.BadArgument, "map 1 is not there"],
  ...["proxy_add_header_map_value", "proxy_replace_header_map_value"].flatMap(
    (name) =>
      [
        [name, (m) => [8, ...m.put("a"), ...m.put("b")], Status.BadArgument, "there is no header map type 8"],
        [name, (m) => [1, ...m.put("a"), ...m.put("b")], Status.BadArgument, "map 1 is not there"],
      ] as (typeof refusals)[number][],
  ),
  [
    "proxy_remove_header_map_value",
    (m) => [8, ...m.put("a")],
    Status.BadArgument,
    "there is no header map type 8",
  ],
  ["proxy_remove_header_map_value", (m) => [1, ...m.put("a")], Status.BadArgument, "map 1 is not there"],
  ["proxy_get_buffer_status", () => [9, 8, 12], Status.BadArgument, "there is no buffer type 9"],
  [
    "proxy_get_buffer_status",
    () => [8, 8, 12],
    Status.NotFound,
    "buffer 8 is there only in its own callback",
  ],
  ["proxy_get_buffer_bytes", () => [9, 0, 1, 8, 12], Status.BadArgument, "there is no buffer type 9"],
  [
    "proxy_get_buffer_bytes",
    () => [7, 0, 1, 8, 12],
    Status.NotFound,
    "buffer 7 is there only in proxy_on_context_create and proxy_on_configure of the plugin",
  ],
  [
    "proxy_set_buffer_bytes",
    (m) => [9, 0, 1, ...m.put("x")],
    Status.BadArgument,
    "there is no buffer type 9",
  ],
  [
    "proxy_set_buffer_bytes",
    (m) => [2, 0, 1, ...m.put("x")],
    Status.NotFound,
    "buffer 2 is there only in its own callback",
  ],
  [
    "proxy_set_effective_context",
    () => [2],
    Status.BadArgument,
    "there is no context 2, or it has been deleted",
  ],
  ["proxy_done", () => [], Status.NotFound, "proxy_on_done of this plugin has not answered 0"],
  ["proxy_http_call", (m) => callOf(m, { timeout: -1 }), Status.BadArgument, "a timeout is not negative"],
  [
    "proxy_http_call",
    (m) => callOf(m, { cluster: "x" }),
    Status.BadArgument,
    'there is no cluster "x"; those that there are: c, empty',
  ],
  [
    "proxy_http_call",
    (m) => callOf(m, { cluster: "empty" }),
    Status.InternalFailure,
    'the cluster "empty" has no endpoints',
  ],
  ...[":path", ":method", ":authority"].map((needed): (typeof refusals)[number] => [
    "proxy_http_call",
    (m) =>
      callOf(m, {
        pairs: encodePairs(
          [":path", ":method", ":authority"].filter((name) => name !== needed).map((name) => [name, "x"]),
        ),
      }),
    Status.BadArgument,
    `the headers of an http call need ${needed}`,
  ]),
  [
    "proxy_http_call",
    (m) => callOf(m, { pairs: Uint8Array.of(1) }),
    Status.BadArgument,
    "the headers of an http call need :path: header pairs need at least 4 bytes",
  ],
  [
    "proxy_grpc_stream",
    (m) => [
      ...m.put(Uint8Array.of(0x0a, 3, 0x0a, 1, 0x78)),
      ...m.put("S"),
      ...m.put("M"),
      ...m.put(encodePairs([])),
      8,
    ],
    Status.InternalFailure,
    'there is no cluster "x"',
  ],
  [
    "proxy_grpc_call",
    (m) => [...m.put("\xff"), ...m.put("S"), ...m.put("M"), ...m.put(encodePairs([])), ...m.put(""), 0, 8],
    Status.ParseFailure,
    '"\xff" is neither a GrpcService nor a cluster',
  ],
  ["proxy_grpc_send", (m) => [5, ...m.put("x"), 0], Status.BadArgument, "5 is no token of a gRPC stream"],
  [
    "proxy_grpc_send",
    (m) => [10, ...m.put("x"), 0],
    Status.NotFound,
    "there is no gRPC call or stream 10, or it has ended",
  ],
  ...["proxy_grpc_close", "proxy_grpc_cancel"].flatMap(
    (name) =>
      [
        [name, () => [4], Status.BadArgument, "4 is no token of a gRPC call or stream"],
        [name, () => [7], Status.BadArgument, "7 is no token of a gRPC call or stream"],
        [name, () => [5], Status.NotFound, "there is no gRPC call or stream 5, or it has ended"],
      ] as (typeof refusals)[number][],
  ),
];

function callOf(
  m: ReturnType<typeof machine>,
  { cluster = "c", pairs = heads, timeout = 5 }: { cluster?: string; pairs?: Uint8Array; timeout?: number },
): number[] {
  return [...m.put(cluster), ...m.put(pairs), ...m.put(""), ...m.put(encodePairs([])), timeout, 8];
}

for (const [name, argumentsOf, status, reason] of refusals)
  test(`${name}: ${reason}`, () => {
    const m = ready();
    assert.equal(m.call(name, ...argumentsOf(m)), status);
    assert.deepEqual(m.reasons, [reason]);
  });

test("metrics count as their types do, without a sign", () => {
  const m = machine();
  const define = (type: number): number => {
    assert.equal(m.call("proxy_define_metric", type, ...m.put(`m${type}`), 8), Status.Ok);
    return m.guest.readU32(8)!;
  };
  const [counter, gauge, histogram] = [define(0), define(1), define(2)];
  const value = (id: number): bigint => {
    assert.equal(m.call("proxy_get_metric", id, 16), Status.Ok);
    return (BigInt(m.guest.readU32(20)!) << 32n) | BigInt(m.guest.readU32(16)!);
  };
  for (const [id, how, amount, after] of [
    [counter, "increment", 5n, 5n],
    [counter, "record", 2n, 7n],
    [gauge, "increment", 5n, 5n],
    [gauge, "increment", -6n, 2n ** 64n - 1n],
    [gauge, "record", -2n, 2n ** 64n - 2n],
  ] as const) {
    assert.equal(m.call(`proxy_${how}_metric`, id, amount), Status.Ok);
    assert.equal(value(id), after);
  }
  assert.equal(m.call("proxy_record_metric", histogram, 3n), Status.Ok);
  assert.equal(m.call("proxy_record_metric", histogram, -1n), Status.Ok);
  const [, , last] = m.vm.environment.metrics.list();
  assert.deepEqual([last!.count, last!.sum], [2, 3n + 2n ** 64n - 1n]);
});

test("a buffer is read from where it is asked for, as far as it goes", () => {
  for (const [start, length, text] of [
    [0, 4, "body"],
    [1, 2, "od"],
    [3, 9, "y"],
    [0, -1, "body"],
    [4, 1, ""],
    [-1, 1, ""],
    [0, 0, ""],
  ] as const) {
    const m = machine();
    assert.equal(m.call("proxy_get_buffer_bytes", 0, start, length, 8, 12), Status.Ok);
    assert.deepEqual(m.acts, [["give", text, false]]);
  }
  const m = machine();
  assert.equal(m.call("proxy_get_buffer_status", 0, 8, 12), Status.Ok);
  assert.deepEqual([m.guest.readU32(8), m.guest.readU32(12)], [4, 0]);
  assert.equal(m.call("proxy_set_buffer_bytes", 0, -1, -2, ...m.put("new")), Status.Ok);
  assert.deepEqual(m.acts, [["write", 4294967295, 4294967294, "new"]]);
});

test("headers are read and changed in the map that is meant", () => {
  const m = machine();
  const done = (name: string, ...args: number[]): unknown[] => {
    m.acts.length = 0;
    assert.equal(m.call(name, ...args), Status.Ok, name);
    return [...m.acts];
  };
  assert.deepEqual(done("proxy_get_header_map_value", 0, ...m.put("A"), 8, 12), [["give", "1", false]]);
  assert.deepEqual(done("proxy_get_header_map_value", 1, ...m.put("empty"), 8, 12), [["give", "", false]]);
  assert.deepEqual(done("proxy_get_header_map_pairs", 0, 8, 12), [
    ["give", textOf(encodePairs(m.map.pairs())), false],
  ]);
  assert.deepEqual(done("proxy_get_header_map_pairs", 7, 8, 12), [["give", "", false]]);
  done("proxy_get_header_map_size", 0, 8);
  assert.equal(m.guest.readU32(8), m.map.byteSize);
  assert.deepEqual(done("proxy_add_header_map_value", 0, ...m.put("a"), ...m.put("2")), [["changed", 0]]);
  assert.deepEqual(m.map.getAll("a"), ["1", "2"]);
  assert.deepEqual(done("proxy_replace_header_map_value", 0, ...m.put("a"), ...m.put("3")), [["changed", 0]]);
  assert.deepEqual(m.map.getAll("a"), ["3"]);
  assert.deepEqual(done("proxy_remove_header_map_value", 0, ...m.put("a")), [["changed", 0]]);
  assert.equal(m.map.has("a"), false);
  assert.deepEqual(
    done(
      "proxy_set_header_map_pairs",
      0,
      ...m.put(
        encodePairs([
          ["b", "1"],
          ["b", "2"],
        ]),
      ),
    ),
    [["changed", 0]],
  );
  assert.deepEqual(m.map.pairs(), [
    ["b", "1"],
    ["b", "2"],
  ]);
  // ABI 0.1.0 knows no header that is missing, and a logger no map that is.
  m.vm.abiVersion = "0.1.0";
  assert.deepEqual(done("proxy_get_header_map_value", 0, ...m.put("x"), 8, 12), [["give", "", false]]);
  m.vm.abiVersion = "0.2.1";
  m.context.isLogging = true;
  assert.equal(m.call("proxy_get_header_map_value", 7, ...m.put("x"), 8, 12), Status.NotFound);
});

test("what a call does, once it is right", () => {
  const m = ready();
  const done = (name: string, ...args: (number | bigint)[]): unknown[] => {
    m.acts.length = 0;
    m.after.length = 0;
    assert.equal(m.call(name, ...args), Status.Ok, `${name} ${m.reasons.join()}`);
    return [...m.acts];
  };
  const entry = { level: "info", from: "p", message: "x", contextId: 1, ofModule: true };
  assert.deepEqual(done("proxy_log", 2, ...m.put("x")), [["log", entry]]);
  assert.deepEqual(done("proxy_log", 1, ...m.put("x")), []);
  assert.deepEqual(done("proxy_log", 5, ...m.put("x")), [
    ["log", { ...entry, level: "critical", stack: "stack" }],
  ]);
  done("proxy_get_log_level", 8);
  assert.equal(m.guest.readU32(8), 2);
  assert.deepEqual(done("proxy_set_tick_period_milliseconds", -1), [["tick", 4294967295]]);
  assert.deepEqual(done("proxy_get_property", ...m.put("a\0"), 8, 12), [["give", "value", false]]);
  assert.deepEqual(done("proxy_set_property", ...m.put("a\0b"), ...m.put("c")), [["property", "a\0b", "c"]]);
  assert.deepEqual(done("proxy_get_shared_data", ...m.put("k"), 8, 12, 16), [["give", "v", false]]);
  assert.equal(m.guest.readU32(16), 1);
  done("proxy_resolve_shared_queue", ...m.put(""), ...m.put("q"), 8);
  assert.equal(m.guest.readU32(8), 1, "an empty VM id is the own one");
  done("proxy_enqueue_shared_queue", 1, ...m.put("x"));
  assert.deepEqual(done("proxy_dequeue_shared_queue", 1, 8, 12), [["give", "x", false]]);
  const foreign = (name: string, argument: string): unknown =>
    done("proxy_call_foreign_function", ...m.put(name), ...m.put(argument), 8, 12);
  assert.deepEqual(foreign("echo", "x"), [["give", "x", true]]);
  assert.deepEqual(foreign("echo", ""), [["give", "", true]]);
  assert.deepEqual(foreign("none", ""), [["give", "", false]]);
  assert.deepEqual(done("proxy_get_configuration", 8, 12), [["give", "vm", false]]);
  m.root.readableConfiguration = new Uint8Array(Buffer.from("own"));
  assert.deepEqual(done("proxy_get_configuration", 8, 12), [["give", "own", false]]);
  const [[dns, id, , size]] = done("envoy_resolve_dns", ...m.put("localhost"), 8) as [unknown[]];
  assert.deepEqual([dns, id, size, m.root.callData], ["envoy_on_resolve_dns", 1, 18, undefined]);
  assert.equal((done("envoy_resolve_dns", ...m.put("other"), 8) as unknown[][])[0]![3], 0);
  assert.deepEqual([m.call("pthread_equal", 1, 1), m.call("pthread_equal", 1, 2)], [1, 0]);

  const reply = { status: 403, details: "why", body: "body", headers: [["a", "1"]], grpcStatus: -1 };
  const local = done(
    "proxy_send_local_response",
    403,
    ...m.put("why"),
    ...m.put("body"),
    ...m.put(encodePairs([["a", "1"]])),
    -1,
  );
  assert.deepEqual([local, m.vm.stopNext], [[["local", reply]], true]);
  assert.deepEqual(done("proxy_continue_stream", 1), [["continue", 1]]);
  assert.deepEqual(done("proxy_close_stream", 3), [["close stream", 3]]);
  assert.deepEqual(done("proxy_continue_request"), [["continue", 0]]);
  assert.deepEqual(done("proxy_continue_response"), [["continue", 1]]);
  done("proxy_clear_route_cache");
  done("proxy_set_effective_context", 1);

  const token = m.guest.readU32(8);
  const [[kind, number, timeout, body]] = done("proxy_http_call", ...callOf(m, {})) as [unknown[]];
  assert.deepEqual([kind, timeout, body], ["http call", 5, ""]);
  assert.deepEqual([m.guest.readU32(8), (number as number) & 3], [number, 0]);
  assert.notEqual(number, token);
  const target = [...m.put(service), ...m.put("S"), ...m.put("M"), ...m.put(encodePairs([]))];
  const [[, call, wait, message]] = done("proxy_grpc_call", ...target, ...m.put("x"), -1, 8) as [unknown[]];
  assert.deepEqual([(call as number) & 3, m.guest.readU32(8), wait, message], [1, call, 4294967295, "x"]);
  const [[, stream]] = done("proxy_grpc_stream", ...target, 8) as [unknown[]];
  assert.deepEqual([(stream as number) & 3, m.guest.readU32(8)], [2, stream]);
  assert.deepEqual(done("proxy_grpc_send", 6, ...m.put("x"), 1), [["send", 6, "x", true]]);
  assert.deepEqual(done("proxy_grpc_send", 6, ...m.put("x"), 0), [["send", 6, "x", false]]);
  assert.deepEqual(done("proxy_grpc_close", 6), [["close", 6]]);
  assert.deepEqual(done("proxy_grpc_cancel", 6), [["cancel", 6]]);
  assert.deepEqual(done("proxy_get_status", 8, 12, 16), [["give", "m\xe9", false]]);
  assert.equal(m.guest.readU32(8), 5);
});

test("a cluster that is unknown to gRPC is told at the end of the callback, and a plugin that is done is deleted then", () => {
  const m = machine();
  const unknown = Uint8Array.of(0x0a, 3, 0x0a, 1, 0x78);
  const target = [...m.put(unknown), ...m.put("S"), ...m.put("M"), ...m.put(encodePairs([]))];
  assert.equal(m.call("proxy_grpc_call", ...target, ...m.put(""), 0, 8), Status.InternalFailure);
  assert.deepEqual(m.acts, []);
  m.after.shift()!();
  assert.deepEqual(m.acts, [["closed", 5, 14, "Cluster not available"]]);
  m.acts.length = 0;
  m.vm.context = m.root as never;
  Object.assign(m.root, { root: m.root });
  assert.equal(m.call("proxy_done"), Status.NotFound);
  m.vm.pendingDone.add(m.root);
  assert.equal(m.call("proxy_done"), Status.Ok);
  assert.deepEqual([m.acts, m.vm.pendingDone.size], [[], 0]);
  m.after.shift()!();
  assert.deepEqual(m.acts, [["deleted"]]);
});
