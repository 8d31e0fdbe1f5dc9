/** One-line faults in the rules of the embedded host. Each must make at least one parity scenario red. */

export interface Mutant {
  /** Below src/host. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
}

const m = (file: string, from: string, to: string): Mutant => ({ file, from, to });

const stream = "http/stream.ts";
const filter = "http/wasm-filter.ts";
const callbacks = "http/callbacks.ts";
const grpc = "grpc-calls.ts";
const direction = "http/direction.ts";
const decode = "http/decode.ts";
const encode = "http/encode.ts";
const writer = "http/response-writer.ts";
const reply = "http/local-reply.ts";
const router = "http/router.ts";

export const mutants: readonly Mutant[] = [
  // Header maps
  m("abi/header-map.ts", 'lower === "host" ? ":authority" : lower', "lower"),
  m("abi/header-map.ts", "if (inline.has(key)) {", "if (false as boolean) {"),
  m("abi/header-map.ts", ": `${entry[1]},${value}`", ": value"),
  m(
    "abi/header-map.ts",
    "    this.remove(key);\n    this.append(key, value);",
    "    this.append(key, value);",
  ),
  m(
    "abi/header-map.ts",
    'while (at < this.entries.length && this.entries[at]![0].startsWith(":")) at++;',
    "at = 0;",
  ),
  m("abi/header-map.ts", "size += name.length + value.length;", "size += 1;"),
  m("abi/pairs.ts", "if (at > bytes.length) return bad(", "if (false as boolean) return bad("),
  m("calls/headers.ts", 'vm.abiVersion === "0.1.0"', 'vm.abiVersion !== "0.1.0"'),
  m("calls/headers.ts", "if (map === undefined && !context.isLogging)", "if (map === undefined)"),
  m(
    "calls/headers.ts",
    "const map = vm.context.mapForWriting(type);\n  if (map === undefined) return unavailable(vm, type);\n  return vm.guest",
    "const map = vm.context.mapForReading(type);\n  if (map === undefined) return unavailable(vm, type);\n  return vm.guest",
  ),
  m("calls/headers.ts", "    map[how](key, value);", '    if (how === "add") map.add(key, value);'),
  m("calls/headers.ts", "  map.clear();", "  if (pairs.length > 0) map.clear();"),
  m("calls/headers.ts", "map === undefined || map.size === 0 ? noBytes", "map === undefined ? noBytes"),
  // Lifetimes
  m(filter, "if (status === HeadersStatus.Continue) this.requestHeaders = undefined;", ""),
  m(filter, "if (status === HeadersStatus.Continue) this.responseHeaders = undefined;", ""),
  m(
    filter,
    "    else return super.continueStream(type);\n    this.requestHeaders = undefined;",
    "    else return super.continueStream(type);",
  ),
  m(filter, "this.logging ? undefined : this.requestTrailers", "this.requestTrailers"),
  m(filter, "this.logging ? this.stream.requestHeaders : this.requestHeaders;", "this.requestHeaders;"),
  m(filter, "this.logging ? this.stream.responseTrailers : this.responseTrailers;", "this.responseTrailers;"),
  m(filter, "if (this.requestBody !== undefined && this.endOfStream)", "if (this.requestBody !== undefined)"),
  m(filter, "if (this.responseBody !== undefined && this.endOfStream)", "if (false as boolean)"),
  // Answers of callbacks
  m(
    callbacks,
    "if (this.context.vm.stopNext || result >>> 0 > 4) return",
    "if (this.context.vm.stopNext) return",
  ),
  m(callbacks, "if (this.context.vm.stopNext || result >>> 0 > 4) return", "if (result >>> 0 > 4) return"),
  m(callbacks, "this.context.settings.allowOnHeadersStopIteration\n", "false\n"),
  m(callbacks, "this.context.settings.allowOnHeadersStopIteration\n", "true\n"),
  m(
    callbacks,
    "if (result === 3 || result === 4) return result;",
    "if (result === 2 || result === 3 || result === 4) return 4;",
  ),
  m(
    callbacks,
    "result >>> 0 > 3) status = DataStatus.StopNoBuffer",
    "result >>> 0 > 3) status = DataStatus.StopAndBuffer",
  ),
  m(
    callbacks,
    "vm.stopNext || result !== 0 ? TrailersStatus.Stop",
    "vm.stopNext || result === 1 ? TrailersStatus.Stop",
  ),
  // Bodies
  m(
    filter,
    "    if (this.holdsRequest) {\n      this.stream.decode.hold(this, data);",
    "    if (this.holdsRequest) {",
  ),
  m(
    filter,
    "    if (this.holdsResponse) {\n      this.stream.encode.hold(this, data);",
    "    if (this.holdsResponse) {",
  ),
  m(
    filter,
    "this.holdsRequest = status === DataStatus.StopAndBuffer;",
    "this.holdsRequest = status !== DataStatus.Continue;",
  ),
  m(filter, "if (status === DataStatus.Continue) this.requestBody = undefined;", ""),
  m("context.ts", "      body.drain(length);\n", ""),
  m(
    "context.ts",
    "else if (start >= body.length) body.append(data);",
    "else if (start > body.length) body.append(data);",
  ),
  m(
    "context.ts",
    "else if (start >= body.length) body.append(data);",
    "else if (start > 0) body.append(data);",
  ),
  m(
    "calls/buffers.ts",
    "if (from >= buffer.length) return vm.give(noBytes, ptrOut, sizeOut);",
    "if (from >= buffer.length) return Status.BadArgument;",
  ),
  m("calls/buffers.ts", "vm.guest.writeU32(flagsOut, 0)", "vm.guest.writeU32(flagsOut, 1)"),
  m("calls/buffers.ts", "const LAST_BUFFER = 8;", "const LAST_BUFFER = 7;"),
  m(
    direction,
    "direction.streaming = status === DataStatus.StopAndWatermark;",
    "direction.streaming = true;",
  ),
  m(
    direction,
    'this.direction.streaming = this.iteration === "stop all, watermark";',
    "this.direction.streaming = true;",
  ),
  m(
    direction,
    'this.direction.streaming = this.iteration === "stop all, watermark";',
    "this.direction.streaming = false;",
  ),
  m(direction, "if (this.stoppedAll) this.startHere = true;", ""),
  m(direction, "    if (!this.headersContinued) {", "    if (false as boolean) {"),
  m(direction, "direction.isComplete && !hadTrailers", "direction.isComplete"),
  m(direction, "if (hadTrailers) direction.doTrailers(this);", ""),
  m(direction, "        return true;\n      }\n      this.hold(data);", "        return true;\n      }"),
  m(decode, "holdIfStoppedAll(data) || place.endStream) return;", "endStream) return;"),
  m(decode, "return ownReply(413,", "return ownReply(414,"),
  m(
    "abi/body.ts",
    "this.above || this.size <= this.limit) return;",
    "this.above || this.size < this.limit) return;",
  ),
  // The stream
  m(stream, "[...wasm].reverse()", "[...wasm]"),
  m(
    stream,
    "for (const filter of this.wasmFilters) filter.onLog();",
    "for (const filter of [...this.wasmFilters].reverse()) filter.onLog();",
  ),
  m(stream, "for (const filter of this.wasmFilters) filter.onLog();", ""),
  m(stream, "    for (const filter of this.wasmFilters) filter.onDestroy();\n", ""),
  m(stream, 'headers.add("x-forwarded-proto", "http");', ""),
  m(writer, 'headers.put("server", "envoy");', ";"),
  m(writer, 'if (!headers.has("date"))', "if (true as boolean)"),
  m(stream, 'this.info.responseCodeDetails = "downstream_remote_disconnect";', ""),
  m(
    encode,
    "if (problem !== undefined) {\n      const details = `filter_removed_required_response",
    "if (false as boolean) {\n      const details = `filter_removed_required_response",
  ),
  m(encode, "if (this.isAborted) status = HeadersStatus.StopIteration;", ""),
  m(stream, "this.prepared ??= prepareReply", "this.prepared = prepareReply"),
  m(
    stream,
    "} else if (!this.writer.hasStarted) this.replyDirectly",
    "} else if (false as boolean) this.replyDirectly",
  ),
  m(
    stream,
    "this.info.responseCodeDetails = reply.details;",
    "this.info.responseCodeDetails ??= reply.details;",
  ),
  m(
    encode,
    "    if (responseHeaders === undefined) {\n      refuseWithoutHeaders(environment);",
    "    if (responseHeaders === undefined) {",
  ),
  m(writer, "if (stream.isHttp2 || !mayHaveBody", "if (!stream.isHttp2 || !mayHaveBody"),
  // Local replies
  m(reply, 'if (!name.startsWith(":"))', "if (true as boolean)"),
  m(reply, "reply.grpcStatus ?? grpcStatusOf(reply.status)", "reply.grpcStatus ?? 2"),
  m(reply, 'headers.put(":status", "200");', ""),
  m(reply, "percentEncode(textOf(reply.body))", "textOf(reply.body)"),
  m(reply, 'headers.put("content-length", String(reply.body.length));', ""),
  m(reply, 'if (!headers.has("content-type"))', "if (true as boolean)"),
  m(reply, "endStream: isHead || reply.body.length === 0", "endStream: reply.body.length === 0"),
  m(filter, "status: response.status & 0xffff,", "status: response.status,"),
  m(filter, "grpcStatus >= 0 && grpcStatus <= 16", "grpcStatus <= 16"),
  m(filter, "details: detailsOf(response.details),", "details: response.details,"),
  m("calls/streams.ts", "  vm.stopNext = true;\n", ""),
  m("vm/vm.ts", "    this.stopNext = false;\n", ""),
  m("vm/vm.ts", "if (!this.contexts.has(id)) return false;", ""),
  m(filter, 'this.stream.info.responseCodeDetails ??= "wasm_close_stream";', ""),
  m(filter, 'if (this.stream.isCodecGone) this.refuse("proxy_close_stream");', ""),
  m(filter, "if (this.stream.isCodecGone && this.stream.hasResponseStarted)", "if (false as boolean)"),
  m(filter, "this.stream.isCodecGone && this.stream.hasResponseStarted", "this.stream.isCodecGone"),
  m(stream, "this.isRemoteComplete && (this.writer.isComplete || this.wasClosed)", "true"),
  m(stream, "(this.writer.isComplete || this.wasClosed);", "this.writer.isComplete;"),
  m(stream, "isOver && this.isRemoteComplete &&", "isOver &&"),
  m(
    stream,
    "if (this.isDestroyed || this.isEnding) {\n      this.wasClosed = true;",
    "if (this.isDestroyed || this.isEnding) {",
  ),
  m(encode, "if (stream.isEnding && stream.responseHeaders === undefined)", "if (false as boolean)"),
  m(stream, "    data.take();\n    this.pieces++;", "    this.pieces++;"),
  m(filter, "if (!isGone) return new BodyBuffer", "if (isGone) return new BodyBuffer"),
  m(filter, "if (isRequest || this.stream.isEnding)", "if (isRequest)"),
  m(
    filter,
    "endStream && !this.stream.isHttp2 ? this.stream.passedPieces : undefined",
    "this.stream.passedPieces",
  ),
  // Failures
  m(callbacks, 'details: "wasm_fail_stream",', 'details: "",'),
  m(
    filter,
    "    if (!this.created || this.callbacks.hasReplied) return HeadersStatus.Continue;",
    "    if (!this.created) return HeadersStatus.Continue;",
  ),
  m("vm/plugin-handle.ts", 'failurePolicy === "FAIL_OPEN"', "false"),
  m("vm/plugin-handle.ts", "now - this.loadedAt >= reloadBackoff", "true"),
  m(
    "vm/vm.ts",
    "return this.failure === undefined ? Number(result ?? 0) >>> 0 : 0;",
    "return Number(result ?? 8) >>> 0;",
  ),
  m("vm/vm.ts", "if (ptr === 0 && bytes.length > 0)", "if (ptr === -1)"),
  m(
    "vm/memory.ts",
    "return (ptr >>> 0) + (length >>> 0) <= this.bytes.length;",
    "return (ptr >>> 0) < 2 ** 31;",
  ),
  // Calls
  m(
    "calls/callouts.ts",
    'for (const needed of [":path", ":method", ":authority"])',
    'for (const needed of [":path", ":method"])',
  ),
  m("calls/callouts.ts", "if (timeout < 0)", "if (timeout < -1)"),
  m("calls/callouts.ts", "if (target.hasEndpoints === false)", "if (false as boolean)"),
  m("calls/grpc-service.ts", "if (!isMessage(bytes, service))", "if (false as boolean)"),
  m("calls/grpc-service.ts", "vm.because(Status.ParseFailure,", "vm.because(Status.BadArgument,"),
  m("calls/grpc-service.ts", 'wanted === "text" ? isUtf8(value)', 'wanted === "text" ? true'),
  m("calls/grpc-service.ts", "  3: duration,\n  5:", "  5:"),
  m("calls/grpc-service.ts", '  5: { 1: "text", 2: "text" },\n  6: retries,', "  6: retries,"),
  m("calls/grpc-service.ts", "  6: retries,\n", ""),
  m("abi/protobuf.ts", "groups.length === 0 ? fields : undefined", "fields"),
  m("abi/protobuf.ts", "        groups.push(Math.floor(tag / 8));\n", "        return undefined;\n"),
  m("calls/callouts.ts", 'root.grpc.onClose(token, 14, "Cluster not available")', "void token"),
  m("services/http-call.ts", 'this.ownAnswer(504, "upstream request timeout")', "undefined"),
  m(
    "services/http-call.ts",
    "else this.end(this.ownAnswer(statusOfReset(reason), resetMessage(reason, this.rules)));",
    "else this.end(undefined);",
  ),
  m(
    "services/http-call.ts",
    "if (this.headers !== undefined) this.end(undefined);",
    "if (this.headers !== undefined) this.finish();",
  ),
  m("services/http-call.ts", 'fields.put("x-envoy-internal", "true");', ""),
  m("services/http-call.ts", 'fields.put("content-length", String(body.length));', ""),
  m(
    "root-context.ts",
    'if (response === undefined) this.status = { code: BROKEN_CONNECTION, message: "reset" };',
    "",
  ),
  m(
    "root-context.ts",
    'if (response === undefined) this.status = { ...this.status, message: "" };',
    'this.status = { code: 0, message: "" };',
  ),
  m("root-context.ts", "      this.httpCallResponse = undefined;\n", ""),
  m(
    "root-context.ts",
    "    this.create();\n    this.readableConfiguration = undefined;",
    "    this.readableConfiguration = undefined;\n    this.create();",
  ),
  m("root-context.ts", "    this.readableConfiguration = configuration;\n", ""),
  // Router
  m(router, 'headers.has(":path") && headers.has("x-forwarded-proto")', 'headers.has(":path")'),
  m(router, 'headers.has(":path") && headers.has("x-forwarded-proto")', 'headers.has("x-forwarded-proto")'),
  m(router, "if (this.timeout > 0) headers.put(", "if (this.timeout < 0) headers.put("),
  m(router, "if (problem !== undefined) {", "if (false as boolean) {"),
  m(router, 'headers.put("x-envoy-upstream-service-time", String(Math.round(latency)));', ""),
  m(router, "for (const other of this.attempts) if (other !== from) other.cancel();", ""),
  m(router, "upstream_reset_after_response_started${details}", "upstream_reset${details}"),
  m("http/header-checks.ts", "/[^\\t\\x20-\\x7e\\x80-\\xff]/", "/[\\n]/"),
  // Services
  m("services/shared-data.ts", "cas !== 0 && entry.cas !== cas", "entry.cas !== cas"),
  m("services/shared-data.ts", "cas !== 0 && entry.cas !== cas", "false"),
  m("services/shared-queues.ts", "receiver.vm.environment.loop.post(() => receiver.onQueueReady(id));", ""),
  m(
    "services/shared-queues.ts",
    "receiver.vm.environment.loop.post(() => receiver.onQueueReady(id));",
    "receiver.onQueueReady(id);",
  ),
  m(
    "calls/services.ts",
    "if (message === null) return vm.because(Status.Empty,",
    "if (message === null) return vm.because(Status.NotFound,",
  ),
  m("calls/services.ts", 'vmId === "" ? vm.options.vmId : vmId', "`${vmId}-`"),
  m(
    "calls/services.ts",
    'if (metric.type === "counter" && offset <= 0n)',
    'if (metric.type === "counter" && offset < 0n)',
  ),
  m(
    "calls/services.ts",
    'if (metric.type === "counter") metric.value = u64(metric.value + value);',
    'if (metric.type === "counter") metric.value = u64(value);',
  ),
  m(
    "calls/services.ts",
    'if ((id & 3) > MetricType.Gauge) return vm.because(Status.BadArgument, "a histogram has no value");',
    "",
  ),
  m(
    "calls/services.ts",
    "if (name === undefined) return vm.because(Status.BadArgument, `there is no log level",
    "if (name === undefined) return vm.because(Status.Ok as never, `there is no log level",
  ),
  m(
    "services/metrics.ts",
    "const key = `${type} ${name}`;",
    "const key = `${type} ${name} ${this.all.size}`;",
  ),
  m(
    "services/attributes.ts",
    'case "url_path":\n      return path?.split("?")[0];',
    'case "url_path":\n      return path;',
  ),
  m("services/attributes.ts", "if (headers === undefined) return undefined;\n", ""),
  m(
    "services/attributes.ts",
    "return info.responseCode === undefined ? undefined : grpcStatusOf(info.responseCode);",
    "return info.responseCode === undefined ? undefined : 0;",
  ),
  m(
    filter,
    "return path.length === 1 ? this.stream.filterState",
    "return path.length > 0 ? this.stream.filterState",
  ),
  m(
    "root-context.ts",
    "[this.plugin!.rootId, this.vm.options.vmId]",
    "[this.plugin!.name, this.plugin!.rootId, this.vm.options.vmId]",
  ),
  m(
    "stream-context.ts",
    "[readable(this.settings.name), this.rootContext.logPrefix]",
    "[this.rootContext.logPrefix]",
  ),
  // gRPC
  m(
    "services/grpc-client.ts",
    "if (this.localEnd) return;\n    this.localEnd = endStream;",
    "this.localEnd = endStream;",
  ),
  m("services/grpc-client.ts", '["te", "trailers"],', '["x-te", "trailers"],'),
  m("services/grpc-client.ts", 'message === "" ? details', 'message === "" ? ""'),
  m("services/grpc-client.ts", "    this.events.initialMetadata(new HeaderMap());\n", ""),
  m("services/grpc-status.ts", "[429, 502, 503, 504].includes(http)", "[429, 502, 504].includes(http)"),
  m(
    "services/http-call.ts",
    'ownReply(status, "", message), this.isGrpc, false',
    'ownReply(status, "", message), false, false',
  ),
  m("services/grpc-client.ts", "    this.events.trailingMetadata(trailers);\n", ""),
  m(
    grpc,
    "if (status !== 0) this.onClose(token, status, text);",
    'if (status !== 99) this.onClose(token, status, "");',
  ),
  m(
    grpc,
    "initialMetadata: () => undefined,",
    'initialMetadata: (map) => this.tell("proxy_on_grpc_receive_initial_metadata", token, map.size),',
  ),
  m(grpc, "        this.trailingMetadata = undefined;\n", ""),
  m(grpc, "    this.root.status = { code: status, message };\n", ""),
  m(grpc, "    else open.localClosed = true;", "    else this.streams.delete(token);"),
  m("calls/callouts.ts", "if ((token & 3) !== 2)", "if ((token & 3) === 0)"),
  // Connections
  m("tcp/stream.ts", "[...this.filters].reverse()", "[...this.filters]"),
  m("tcp/stream.ts", "else if (this.connected) this.read(index + 1);", ""),
  m("tcp/stream.ts", "if (this.clientEndSeen) this.end(CloseType.Local);", ""),
  m(
    "tcp/stream.ts",
    "if (this.clientEndSeen) this.end(CloseType.Local);",
    "if (this.clientEndSeen) this.end(CloseType.Remote);",
  ),
  m(
    "tcp/stream.ts",
    "if (this.passed === this.filters.length) this.end(CloseType.Remote);",
    "this.end(CloseType.Local);",
  ),
  m("tcp/wasm-filter.ts", "    if (goesOn) this.downstreamData = undefined;\n", ""),
  m("tcp/wasm-filter.ts", "    if (endStream) this.onUpstreamClose();\n", ""),
  m("tcp/wasm-filter.ts", "    this.onDone();\n    this.onLog();", "    this.onLog();\n    this.onDone();"),
  m("tcp/wasm-filter.ts", "    this.stream.close();\n    return false;", "    return false;"),
  m(
    "tcp/wasm-filter.ts",
    "type === StreamType.Downstream || type === StreamType.Upstream",
    "type === StreamType.Downstream",
  ),
  // Access loggers
  m("host.ts", "for (const logger of this.accessLoggers) logger.root.logStream(stream);", ""),
  m("root-context.ts", "    this.logged = undefined;\n", ""),
  m(
    "root-context.ts",
    "isOfRequest ? attribute(path, this.logged!.info, this.logged!) : undefined",
    "undefined",
  ),
];
