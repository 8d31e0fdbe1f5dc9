/**
 * The messages of a suite, as the testers of Google Cloud Service Extensions define them (`TestSuite` and below).
 *
 * @module
 */
import protobuf from "protobufjs/light.js";
import type { INamespace, IField, Type } from "protobufjs";

/** Fields in the order of their numbers; `optional` ones tell "absent" from "0". */
function message(fields: Record<string, string>, oneofs: Record<string, string[]> = {}): object {
  const members: Record<string, IField> = {};
  let id = 0;
  for (const [name, definition] of Object.entries(fields)) {
    const [rule, type] = definition.includes(" ") ? definition.split(" ") : [undefined, definition];
    const optional = rule === "optional" ? { options: { proto3_optional: true } } : {};
    members[name] = {
      id: ++id,
      type: type,
      ...(rule === "repeated" && { rule }),
      ...optional,
    };
  }
  return {
    fields: members,
    oneofs: Object.fromEntries(Object.entries(oneofs).map(([name, oneof]) => [name, { oneof }])),
  };
}

const messages: INamespace = {
  options: { edition: "proto3" },
  nested: {
    TestSuite: message({ env: "Env", test: "repeated Test" }),
    Env: message({
      wasm_path: "string",
      config_path: "string",
      log_level: "LogLevel",
      log_path: "string",
      time_secs: "optional uint64",
      num_additional_streams: "int32",
      additional_stream_advance_rate: "int32",
    }),
    LogLevel: {
      values: { UNDEFINED: 0, TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, CRITICAL: 6 },
    },
    Test: message({
      name: "string",
      benchmark: "bool",
      num_chunks: "optional int32",
      chunk_size: "optional int32",
      properties: "repeated Property",
      request_headers: "Invocation",
      response_headers: "Invocation",
      request_body: "repeated Invocation",
      response_body: "repeated Invocation",
      plugin_init: "Expectation",
      stream_init: "Expectation",
      stream_destroy: "Expectation",
    }),
    Property: message({ path: "string", value: "string" }),
    Invocation: message({ input: "Input", result: "Expectation" }),
    Input: message(
      { header: "repeated Header", content: "string", file: "string" },
      { text: ["content", "file"] },
    ),
    Header: message({ key: "string", value: "string" }),
    Expectation: message({
      has_header: "repeated Header",
      no_header: "repeated Header",
      headers: "repeated StringMatcher",
      body: "repeated StringMatcher",
      immediate: "Immediate",
      log: "repeated StringMatcher",
    }),
    Immediate: message({
      http_status: "optional int32",
      grpc_status: "optional int32",
      details: "optional string",
    }),
    StringMatcher: message(
      { invert: "bool", exact: "string", regex: "string", file: "string" },
      { matcher: ["exact", "regex", "file"] },
    ),
  },
};

/** `TestSuite`, with what it consists of resolved. */
export const suiteType: Type = (() => {
  const root = protobuf.Root.fromJSON(messages);
  root.resolveAll();
  return root.lookupType("TestSuite");
})();

/** A message as an object: fields by the names of the schema. */
export interface Raw {
  readonly [field: string]: unknown;
}
