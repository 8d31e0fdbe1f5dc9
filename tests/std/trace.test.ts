/** std/trace: headers against the grammars of W3C and B3, spans as protobufjs reads them, in classes, flows and Envoy. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { type OtlpSpan, readOtlp, rejected } from "./otlp.js";
import { Random, rounds } from "./random.js";
import { until } from "../support/wait.js";

/** WASI's random bytes, which only a new trace needs. */
const wasi = { wasi_snapshot_preview1: { random_get: () => 1 } };
const module = await Module.load("trace", wasi);
const wasm = await compileFilter("tests/std/filters/trace-flow.ts");
const ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

/** `tracestate` as the specification's grammar has it, by regular expressions; undefined for none. */
function plainState(text: string): string {
  const members = text
    .split(",")
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ""))
    .filter((member) => member !== "");
  const isMember = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;
  const keys = members.map((member) => member.split("=")[0]);
  if (!members.every((member) => isMember.test(member)) || new Set(keys).size < keys.length) return "";
  if (members.length > 32) return "";
  const size = (): number => members.join(",").length;
  for (let i = members.length - 1; i >= 0 && size() > 512; i--)
    if (members[i]!.length > 128) members.splice(i, 1);
  while (size() > 512) members.pop();
  return members.join(",");
}

function plainW3c(parent: string, state: string): string {
  const match =
    /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[^]*)?$/.exec(
      parent,
    );
  if (match === null || (match[1] === "00" && match[5] !== undefined)) return "null";
  const kept = plainState(state);
  const head = `traceparent: 00-${match[2]}-${match[3]}-0${parseInt(match[4]!, 16) & 3}`;
  return kept === "" ? head : `${head}\ntracestate: ${kept}`;
}

function plainB3(text: string): string {
  const match = /^((?:[0-9a-f]{16})?[0-9a-f]{16})-([0-9a-f]{16})(?:-([01d])(?:-([0-9a-f]{16}))?)?$/.exec(
    text,
  );
  if (match === null) return "null";
  const [, id, span, decision, parent] = match;
  if ([id, span, parent].some((each) => each !== undefined && /^0+$/.test(each))) return "null";
  return `b3: ${id!.padStart(32, "0")}-${span}-${(decision ?? "0") === "0" ? 0 : 1}${decision === undefined ? "?" : ""}`;
}

test("headers of the specifications' examples, and what is wrong with others", () => {
  const parent = `00-${ID}-${SPAN}-01`;
  for (const text of [
    ...[
      parent,
      `00-${ID}-${SPAN}-00`,
      `00-${ID}-${SPAN}-ff`,
      `cc-${ID}-${SPAN}-01`,
      `cc-${ID}-${SPAN}-01-what`,
    ],
    ...[
      `${parent}-`,
      `${parent}.`,
      `cc-${ID}-${SPAN}-01.`,
      `ff-${ID}-${SPAN}-01`,
      parent.toUpperCase(),
      ` ${parent}`,
    ],
    ...["", "00", parent.slice(0, 54), `00-${"0".repeat(32)}-${SPAN}-01`, `00-${ID}-${"0".repeat(16)}-01`],
    ...[parent.replaceAll("-", "_"), `00-${ID}-${SPAN}-0x`, `0g-${ID}-${SPAN}-01`, `${parent},${parent}`],
    `cc-${ID}-${SPAN}-01-${"x".repeat(10_000)}`,
  ])
    assert.equal(module.text("w3c", text, ""), plainW3c(text, ""), text.slice(0, 100));
  const many = (count: number, value = "1"): string =>
    Array.from({ length: count }, (_, i) => `k${i}=${value}`).join(",");
  for (const state of [
    ...[
      "a=1",
      "a=1,b=2",
      " a=1 ,\t, b=2,",
      "a=1,a=2",
      "a",
      "a=",
      "=1",
      "A=1",
      "a=1=2",
      "a=\u00e9",
      "a=x y ",
      "a@b=c",
    ],
    ...[
      "1@b=c",
      "-a=1",
      "a*/_-=~!",
      "a=1,b=2\u0000",
      many(32),
      many(33),
      many(32, "x".repeat(20)),
      many(5, "x".repeat(200)),
    ],
    ...[
      `${"k".repeat(256)}=1`,
      `${"k".repeat(257)}=1`,
      `a=${"v".repeat(256)}`,
      `a=${"v".repeat(257)}`,
      ",".repeat(10_000),
    ],
    ...["x".repeat(10_240), many(2000), `a=1,${"b".repeat(240)}=${"c".repeat(250)},d=${"e".repeat(200)}`],
  ])
    assert.equal(module.text("w3c", parent, state), plainW3c(parent, state), state.slice(0, 100));
  for (const b3 of [
    ...[`${ID}-${SPAN}-1`, `${ID}-${SPAN}-0`, `${ID}-${SPAN}-d`, `${ID}-${SPAN}`, `${ID}-${SPAN}-1-${SPAN}`],
    ...[
      `${SPAN}-${SPAN}-1`,
      `${ID}-${SPAN}-2`,
      `${ID}-${SPAN}-true`,
      `${ID}-${SPAN}-1-`,
      `${ID}-${SPAN}-1-0-1`,
      ID,
    ],
    ...[
      `${ID.toUpperCase()}-${SPAN}-1`,
      `${"0".repeat(32)}-${SPAN}-1`,
      `${ID}-${"0".repeat(16)}-1`,
      "",
      "-",
      "2",
      "x".repeat(10_000),
    ],
    `${ID}-${SPAN}-1-${"0".repeat(16)}`,
  ])
    assert.equal(module.text("b3", b3), plainB3(b3), b3.slice(0, 100));
});

test("headers at random are read as the grammars say", () => {
  const random = new Random(1);
  const parts = [
    "a=1",
    "b@c=x y",
    "=",
    ",",
    " ",
    "A",
    "\u00e9",
    "k".repeat(130),
    "z=".concat("v".repeat(120)),
    "0=0",
    "a=2",
  ];
  let good = 0;
  for (let i = 0; i < rounds(3000); i++) {
    let parent = `${random.pick(["00", "01", "ff", "0"])}-${ID}-${SPAN}-${random.pick(["00", "01", "02", "03", "f1"])}`;
    let b3 = `${random.pick([ID, SPAN])}-${SPAN}${random.pick(["", "-0", "-1", "-d", "-x"])}${random.pick(["", `-${SPAN}`])}`;
    if (random.below(3) === 0) {
      const at = random.below(56);
      const put = random.pick(["", "0", "-", "A", "g", "\u00e9", "00"]);
      [parent, b3] = [parent, b3].map((text) => text.slice(0, at) + put + text.slice(at + 1)) as [
        string,
        string,
      ];
    }
    const state = Array.from({ length: random.below(8) }, () => random.pick(parts)).join(
      random.pick([",", ", ", ""]),
    );
    const expected = plainW3c(parent, state);
    if (expected.includes("tracestate")) good++;
    assert.equal(module.text("w3c", parent, state), expected, JSON.stringify([parent, state]));
    if (!/^[01d]$/.test(b3)) assert.equal(module.text("b3", b3), plainB3(b3), b3);
  }
  assert.ok(good > 100, String(good));
});

test("what is sent to collectors is UTF-8, and bounded", () => {
  const random = new Random(2);
  for (let i = 0; i < rounds(500); i++) {
    const text = random.text(40);
    // A lone surrogate becomes three bytes, EF BF BD.
    assert.equal(module.text("cleaned", text), Buffer.from(text).toString());
  }
  assert.equal(module.text("cleaned", "x".repeat(5000))!.length, 1024);
});

test("headers of any size take time in proportion", async () => {
  const judge = await linearJudge("trace", {}, wasi);
  const start = `00-${ID}-${SPAN}-01`;
  for (const unit of ["a=1,", ",", " ", "a", "-", "0", "\ud800"])
    judge((it, size) => it.number("size", `cc${start.slice(2)}-${unit}`, unit.repeat(size / unit.length)));
});

interface Collected {
  readonly spans: OtlpSpan[];
  readonly batches: number[];
  service?: string;
}

/** What a collector has been sent. */
function collect(into: Collected, body: Uint8Array): void {
  const [resource, ...more] = readOtlp(body).resourceSpans;
  assert.equal(more.length, 0);
  const { spans } = resource!.scopeSpans[0]!;
  into.service = resource!.resource.attributes[0]!.value["stringValue"]!;
  into.batches.push(spans.length);
  into.spans.push(...spans);
}

const hex = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

test("a flow's spans: names, times, parents, attributes, in batches; contexts of calls and the upstream", async () => {
  const collected: Collected = { spans: [], batches: [] };
  const host = await createHost({
    wasm,
    clusters: {
      auth: { status: 204, delay: 30 },
      collector: (call: { bodyBytes: Uint8Array }) => {
        collect(collected, call.bodyBytes);
        return { status: 200 };
      },
    },
  });
  const response = await host.request({
    headers: { b3: `${SPAN}-${SPAN}-1`, "x-b3-traceid": ID, "x-in": "\ud83d\ude00 \udcff", "x-many": "1" },
  });
  await host.tick(200);
  assert.equal(collected.service, "flow \u00e9");
  const [call, flow] = collected.spans as [OtlpSpan, OtlpSpan];
  const traceId = SPAN.padStart(32, "0");
  assert.deepEqual(
    [hex(flow.traceId), hex(flow.parentSpanId), flow.name, flow.kind],
    [traceId, SPAN, "flow", 2],
  );
  assert.deepEqual(
    [hex(call.traceId), call.parentSpanId, call.name, call.kind],
    [traceId, flow.spanId, "call", 3],
  );
  assert.ok(BigInt(call.endTimeUnixNano) - BigInt(call.startTimeUnixNano) >= 30_000_000n);
  assert.deepEqual(flow.attributes.slice(0, 3), [
    { key: "path", value: { stringValue: "\ud83d\ude00 \ufffd" } },
    { key: "flow", value: { boolValue: true } },
    { key: "minus", value: { intValue: "-5" } },
  ]);
  assert.deepEqual([flow.attributes.length, flow.droppedAttributesCount], [64, 9]);
  assert.deepEqual(flow.status, { message: "why", code: 2 });
  assert.equal(call.status, null);
  assert.equal(response.upstream!.headers.get("b3"), `${traceId}-${hex(flow.spanId)}-1`);
  assert.equal(response.upstream!.headers.get("x-b3-traceid"), undefined);
  assert.equal(response.calls[0]!.headers.get("b3"), `${traceId}-${hex(call.spanId)}-1`);
});

test("traces that begin here are recorded in part; those of others as they say", async () => {
  const collected: Collected = { spans: [], batches: [] };
  const host = await createHost({
    wasm,
    random: 5,
    clusters: {
      auth: { status: 200 },
      collector: (call: { bodyBytes: Uint8Array }) => {
        collect(collected, call.bodyBytes);
        return { status: 200 };
      },
    },
  });
  const decisions = new Map<string, number>();
  for (let i = 0; i < 60; i++) {
    const { upstream } = await host.request();
    const [, id, , sampled] = /^([0-9a-f]{32})-([0-9a-f]{16})-([01])$/.exec(upstream!.headers.get("b3")!)!;
    decisions.set(sampled!, (decisions.get(sampled!) ?? 0) + 1);
    assert.notEqual(id, "0".repeat(32));
    await host.tick(100);
  }
  assert.ok(decisions.get("1")! > 15 && decisions.get("0")! > 15, JSON.stringify([...decisions]));
  assert.equal(collected.spans.length, 2 * decisions.get("1")!);
  for (const [headers, sampled] of [
    [{ traceparent: `00-${ID}-${SPAN}-00` }, /^00-.*-00$/],
    [{ traceparent: `00-${ID}-${SPAN}-03`, tracestate: "a=1" }, /^00-.*-03$/],
    [{ "x-b3-traceid": ID, "x-b3-spanid": SPAN, "x-b3-sampled": "1" }, /^1$/],
    [{ "x-b3-traceid": ID, "x-b3-spanid": SPAN, "x-b3-sampled": "0" }, /^0$/],
    [{ "x-b3-traceid": ID, "x-b3-spanid": SPAN, "x-b3-sampled": "0", "x-b3-flags": "1" }, /^1$/],
    [{ "x-b3-sampled": "0" }, /^0$/],
    [{ b3: "0" }, /-0$/],
    [{ b3: "d" }, /-1$/],
  ] as [Record<string, string>, RegExp][]) {
    const { headers: sent } = (await host.request({ headers })).upstream!;
    const said = sent.get("traceparent") ?? sent.get("b3") ?? sent.get("x-b3-sampled");
    assert.match(said!, sampled, JSON.stringify(headers));
    const id = headers["traceparent"]?.slice(3, 35) ?? headers["x-b3-traceid"];
    if (id !== undefined) assert.ok((sent.get("traceparent") ?? sent.get("x-b3-traceid"))!.includes(id));
    if (headers["tracestate"] !== undefined) assert.equal(sent.get("tracestate"), "a=1");
  }
  const twice = await host.request({
    headers: [
      ["traceparent", `00-${ID}-${SPAN}-01`],
      ["traceparent", `00-${ID}-${SPAN}-01`],
      ["tracestate", "a=1"],
    ],
  });
  assert.equal(twice.upstream!.headers.get("traceparent"), undefined);
  assert.match(twice.upstream!.headers.get("b3")!, /^(?!0af7)[0-9a-f]{32}-/);
  assert.equal(twice.upstream!.headers.get("tracestate"), undefined);
});

test("a collector that is slow, fails, refuses or is not there: the queue is bounded, and what is lost is counted", async () => {
  const headers = { traceparent: `00-${ID}-${SPAN}-01` };
  const metrics = async (
    answer: object,
    requests: number,
    ticks: number,
  ): Promise<{ dropped: number; sent: number; batches: number }> => {
    let batches = 0;
    const host = await createHost({
      wasm,
      clusters: {
        auth: { status: 200 },
        collector: () => {
          batches++;
          return answer;
        },
      },
    });
    for (let i = 0; i < requests; i++) assert.equal((await host.request({ headers })).status, 200);
    for (let i = 0; i < ticks; i++) await host.tick(100);
    const { trace_spans_dropped: dropped = 0, trace_spans_sent: sent = 0 } = host.metrics();
    return { dropped, sent, batches };
  };
  assert.deepEqual(await metrics({ status: 200 }, 2, 3), { dropped: 0, sent: 4, batches: 2 });
  assert.deepEqual(await metrics({ status: 503 }, 1, 9), { dropped: 2, sent: 0, batches: 3 });
  assert.deepEqual(await metrics({ status: 400 }, 1, 9), { dropped: 2, sent: 0, batches: 1 });
  assert.deepEqual(await metrics({ status: 200, body: rejected(1) }, 1, 9), {
    dropped: 1,
    sent: 1,
    batches: 1,
  });
  assert.deepEqual(await metrics({ status: 200, body: rejected(1e9) }, 1, 9), {
    dropped: 2,
    sent: 0,
    batches: 1,
  });
  assert.deepEqual(await metrics({ status: 200, body: "garbage" }, 1, 9), {
    dropped: 0,
    sent: 2,
    batches: 1,
  });
  assert.deepEqual(await metrics({ status: 200 }, 10, 9), { dropped: 12, sent: 8, batches: 3 });
});

envoyTest("spans arrive in Envoy, from a flow", async (t) => {
  const collected: Collected = { spans: [], batches: [] };
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      if (incoming.url === "/v1/traces") collect(collected, Buffer.concat(chunks));
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const envoy = await startEnvoy(t, { filters: [{ wasm }], clusters: { auth: port, collector: port } });
  const headers: [string, string][] = [
    ["traceparent", `00-${ID}-${SPAN}-01`],
    ["tracestate", "a=1"],
  ];
  assert.equal((await request(envoy.port, { headers })).status, 200);
  await until(() => collected.spans.length >= 2);
  assert.deepEqual(
    collected.spans.map(({ name, traceId, traceState }) => [name, hex(traceId), traceState]),
    [
      ["call", ID, "a=1"],
      ["flow", ID, "a=1"],
    ],
  );
});
