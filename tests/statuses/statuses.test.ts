/** Every host function answers with every status and every shape of value: nothing traps, and nothing is mistaken. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hostFunctions } from "../../src/abi.js";
import { compileFilter } from "../support/compile.js";
import type { Fault } from "./bare-host.js";
import { LARGE, runOnce, valueFunctions } from "./bare-host.js";

/** What each call of `everything.ts` asks the host for. */
const asks: Record<string, readonly string[]> = {
  vmConfiguration: ["proxy_get_buffer_bytes"],
  configuration: ["proxy_get_buffer_bytes"],
  "environment.get": [],
  "queue.register": ["proxy_register_shared_queue"],
  "headers.get": ["proxy_get_header_map_value"],
  "headers.getBytes": ["proxy_get_header_map_value"],
  "headers.getAll": ["proxy_get_header_map_pairs"],
  "headers.has": ["proxy_get_header_map_value"],
  "headers.equals": ["proxy_get_header_map_value"],
  "headers.startsWith": ["proxy_get_header_map_value"],
  "headers.includes": ["proxy_get_header_map_value"],
  "headers.pick": ["proxy_get_header_map_value"],
  "headers.entries": ["proxy_get_header_map_pairs"],
  "headers.byteLength": ["proxy_get_header_map_size"],
  "headers.set": ["proxy_replace_header_map_value"],
  "headers.add": ["proxy_add_header_map_value"],
  "headers.remove": ["proxy_remove_header_map_value"],
  "headers.replaceAll": ["proxy_set_header_map_pairs"],
  "property.text": ["proxy_get_property"],
  "property.bytes": ["proxy_get_property"],
  "property.integerOr": ["proxy_get_property"],
  "property.numberOr": ["proxy_get_property"],
  "property.boolOr": ["proxy_get_property"],
  "property.has": ["proxy_get_property"],
  "property.set": ["proxy_set_property"],
  "property.setBytes": ["proxy_set_property"],
  "shared.get": ["proxy_get_shared_data"],
  "shared.set": ["proxy_set_shared_data"],
  "shared.setBytes": ["proxy_set_shared_data"],
  "shared.clear": ["proxy_set_shared_data"],
  "shared.update": ["proxy_get_shared_data", "proxy_set_shared_data"],
  "shared.add": ["proxy_get_shared_data", "proxy_set_shared_data"],
  "queue.resolve": ["proxy_resolve_shared_queue"],
  "queue.enqueue": ["proxy_enqueue_shared_queue"],
  "queue.enqueueBytes": ["proxy_enqueue_shared_queue"],
  "queue.dequeue": ["proxy_dequeue_shared_queue"],
  "counter.increment": ["proxy_define_metric", "proxy_increment_metric"],
  "counter.value": ["proxy_define_metric", "proxy_get_metric"],
  "gauge.set": ["proxy_define_metric", "proxy_record_metric"],
  "gauge.add": ["proxy_define_metric", "proxy_increment_metric"],
  "histogram.record": ["proxy_define_metric", "proxy_record_metric"],
  "counter.with": ["proxy_define_metric", "proxy_increment_metric"],
  "gauge.with": ["proxy_define_metric", "proxy_record_metric"],
  "histogram.with": ["proxy_define_metric", "proxy_record_metric"],
  "clock.now": ["proxy_get_current_time_nanoseconds"],
  "log.isEnabled": ["proxy_get_log_level"],
  foreign: ["proxy_call_foreign_function"],
  compress: ["proxy_call_foreign_function"],
  uncompress: ["proxy_call_foreign_function"],
  "expression.compile": ["proxy_call_foreign_function"],
  verifySignature: ["proxy_call_foreign_function"],
  sign: ["proxy_call_foreign_function"],
  clearRouteCache: ["proxy_call_foreign_function"],
  setFilterState: ["proxy_call_foreign_function"],
  declareProperty: ["proxy_call_foreign_function"],
  "attributes.text": ["proxy_get_property"],
  "attributes.integer": ["proxy_get_property"],
  "stream.open": ["proxy_grpc_stream"],
  fetch: ["proxy_http_call"],
  grpcCall: ["proxy_grpc_call"],
  "other.headers": ["proxy_set_effective_context", "proxy_get_header_map_value"],
  "body.size": ["proxy_get_buffer_status"],
  "body.text": ["proxy_get_buffer_bytes"],
  "body.bytes": ["proxy_get_buffer_bytes"],
  "body.slice": ["proxy_get_buffer_bytes"],
  "body.sliceBytes": ["proxy_get_buffer_bytes"],
  "body.set": ["proxy_set_buffer_bytes"],
  "body.splice": ["proxy_set_buffer_bytes"],
  "body.middle": ["proxy_get_buffer_status", "proxy_get_buffer_bytes", "proxy_set_buffer_bytes"],
  "body.setBytes": ["proxy_set_buffer_bytes"],
  "body.append": ["proxy_set_buffer_bytes"],
  "body.prepend": ["proxy_set_buffer_bytes"],
  "body.appendBytes": ["proxy_set_buffer_bytes"],
  "body.prependBytes": ["proxy_set_buffer_bytes"],
  "body.clear": ["proxy_set_buffer_bytes"],
  "tcp.resumeDownstream": ["proxy_continue_stream"],
  "tcp.size": ["proxy_get_buffer_status"],
  "tcp.text": ["proxy_get_buffer_bytes"],
  "tcp.set": ["proxy_set_buffer_bytes"],
  "tcp.bytes": ["proxy_get_buffer_bytes"],
  "tcp.close": ["proxy_close_stream"],
  "stats.next": ["proxy_get_buffer_bytes"],
  "body.replaceAll": ["proxy_get_buffer_bytes", "proxy_set_buffer_bytes"],
  "trailers.get": [],
  "initialMetadata.get": ["proxy_get_header_map_value"],
  "stream.message": ["proxy_get_buffer_bytes"],
  "stream.send": ["proxy_grpc_send"],
  "stream.close": ["proxy_grpc_close"],
  "stream.cancel": ["proxy_grpc_cancel"],
  "trailingMetadata.entries": ["proxy_get_header_map_pairs"],
  "stream.closeMessage": ["proxy_get_status"],
  "grpc.message": [],
  "call.headers": ["proxy_get_header_map_pairs"],
  "call.body": ["proxy_get_buffer_bytes"],
  "call.trailers": ["proxy_get_header_map_value"],
  "other.resume": ["proxy_set_effective_context", "proxy_continue_stream"],
  respond: ["proxy_set_effective_context", "proxy_send_local_response"],
  "foreign.argument": ["proxy_get_buffer_bytes"],
  reset: ["proxy_set_effective_context", "proxy_close_stream"],
  "log.headers": ["proxy_get_header_map_value"],
  "plugin.done": ["proxy_done"],
};

/** What a reader gives when it has nothing. */
const nothing = ["", "null", "0", "-1", "false"];

/** These answer in another way than with the host's status. */
const silent = new Set([
  "stream.closeMessage", // the status is the call's, the message is empty
  "stream.message", // a message that cannot be read is an empty one
  "foreign.argument",
  "log.isEnabled", // in doubt a message is written
]);

/** What the SDK itself says when a body could not be changed, since the host has kept the header of its length. */
const kept = 'a body was not changed, because "content-length" is there; answering 500';

const module = new WebAssembly.Module(
  readFileSync(await compileFilter("tests/statuses/filters/everything.ts")),
);
const usual = runOnce(module);
const parse = (line: string): [name: string, what: string, status: number] => {
  const [name, what, status] = line.split("|");
  return [name!, what!, Number(status)];
};

/** What the filter said with a fault, next to what it says without. */
function* said(
  fault: Fault,
): Generator<[name: string, what: string, status: number, usual: string | undefined]> {
  for (const line of runOnce(module, fault)) {
    if (line === kept) {
      assert.equal(fault.name, "proxy_remove_header_map_value", line);
      continue;
    }
    const [name, what, status] = parse(line);
    assert.ok(name in asks, `${name} is not in the list`);
    yield [name, what, status, usual.find((other) => other.startsWith(`${name}|`))];
  }
}

test("every call is in the list, and every host function but some is asked", () => {
  assert.deepEqual(new Set(usual.map((line) => parse(line)[0])), new Set(Object.keys(asks)));
  const asked = new Set(Object.values(asks).flat());
  const left = [...hostFunctions.keys()].filter((name) => !asked.has(name));
  // What these answer is nobody's to see.
  assert.deepEqual(left, ["proxy_log", "proxy_set_tick_period_milliseconds"]);
});

test("a body whose length's header the host has kept is not changed, and that is told", () => {
  assert.ok(
    runOnce(module, { name: "proxy_remove_header_map_value", status: 1, shape: "short" }).includes(kept),
  );
});

for (const name of hostFunctions.keys()) {
  test(`${name}: no status traps, and each is told`, () => {
    for (const status of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 255, 0x7fffffff, -1]) {
      for (const [call, what, told] of said({ name, status, shape: "short" })) {
        if (!asks[call]!.includes(name) || silent.has(call)) continue;
        // A sum that was never set begins at nothing.
        if (call === "shared.add" && name === "proxy_get_shared_data" && status === 1) continue;
        assert.ok(nothing.includes(what), `${call} gave ${what} although ${name} answered ${status}`);
        // A stream that cannot be put in effect is not there, whatever the host says.
        if (name === "proxy_set_effective_context") assert.notEqual(told, 0, call);
        // One that another worker has changed is tried again, and again.
        else if (call === "shared.update" && told === 0) assert.equal(status, 1, call);
        else assert.equal(told, status, call);
      }
    }
  });
}

for (const name of valueFunctions) {
  test(`${name}: null, nothing and 1 MiB are what they are`, () => {
    for (const shape of ["untouched", "null", "large"] as const) {
      for (const [call, what, told, before] of said({ name, status: 0, shape })) {
        if (!asks[call]!.includes(name)) continue;
        if (before!.split("|")[1] !== "7") continue;
        assert.equal(told, 0, `${call} fails`);
        assert.equal(what, shape === "large" ? String(LARGE) : "0", `${call} with ${shape}`);
      }
    }
  });
}
