/**
 * Traces: contexts that go on from client to upstream and calls, and spans for a collector.
 *
 * @module
 */
export { TraceContext, TraceFormat } from "./trace/context";
export { Span, SpanKind } from "./trace/span";
export { Tracer, TracerOptions } from "./trace/tracer";
