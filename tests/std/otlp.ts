/** OTLP's messages as protobufjs reads them: opentelemetry/proto/trace/v1/trace.proto, as far as spans need it. */
import protobuf from "protobufjs";

const { root } = protobuf.parse(`
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4;
  string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10; Status status = 15;
}
message Status { string message = 2; int32 code = 3; }
message Response { Partial partial_success = 1; }
message Partial { int64 rejected_spans = 1; string error_message = 2; }
`);

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  traceState: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, string | boolean> }[];
  droppedAttributesCount: number;
  status: { message: string; code: number } | null;
}

export interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: Record<string, string> }[] };
    scopeSpans: { scope: { name: string }; spans: OtlpSpan[] }[];
  }[];
}

/** What a collector has been sent; fails where it is no such message. */
export function readOtlp(body: Uint8Array): OtlpRequest {
  const type = root.lookupType("Request");
  return type.toObject(type.decode(body), {
    longs: String,
    bytes: String,
    defaults: true,
    oneofs: false,
  }) as OtlpRequest;
}

/** A collector's answer that it has not taken so many. */
export function rejected(spans: number): Buffer {
  const type = root.lookupType("Response");
  return Buffer.from(type.encode({ partialSuccess: { rejectedSpans: spans, errorMessage: "no" } }).finish());
}
