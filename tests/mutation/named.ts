/** Faults that tests once let pass, each with the test that sees it now. */

export interface NamedFault {
  readonly title: string;
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
  readonly test: string;
}

const fault = (title: string, file: string, from: string, to: string, test: string): NamedFault => ({
  title,
  file,
  from,
  to,
  test: `tests/${test}.test.ts`,
});

export const named: readonly NamedFault[] = [
  fault(
    "a password is sent to another origin in an upload",
    "src/oci/client.ts",
    "if (this.authorization !== undefined && new URL(url).origin === new URL(this.origin).origin)",
    "if (this.authorization !== undefined)",
    "oci/hostile",
  ),
  fault(
    "a password is sent to a token server without TLS",
    "src/oci/client.ts",
    'return protocol === "http:" && (isLoopback(host) || this.options.insecure === host);',
    'return protocol === "http:";',
    "oci/hostile",
  ),
  fault("a blob without end is read", "src/oci/pull.ts", "if (size > layer.size) break;", "", "oci/hostile"),
  fault(
    "a gzip bomb is unpacked",
    "src/oci/pull.ts",
    "gunzipSync(layer, { maxOutputLength: MAX_MODULE_BYTES + 1024 * 1024 })",
    "gunzipSync(layer)",
    "oci/hostile",
  ),
  fault(
    "x-forwarded-proto is removed by a literal",
    "src/transform/source/header-rules.ts",
    "/^(x-forwarded-proto|host)$/.test(name)",
    "/^(host)$/.test(name)",
    "tooling/header-literals",
  ),
  fault(
    "x-forwarded-proto is removed at run time",
    "assembly/http/header-rules.ts",
    'return map == HeaderMapType.RequestHeaders && (isHost(kind) || isNamed(address, size, "x-forwarded-proto"));',
    "return map == HeaderMapType.RequestHeaders && isHost(kind);",
    "envoy/headers",
  ),
  fault(
    "a splice beyond the body's end changes its length",
    "assembly/http/body.ts",
    "length = min(length, before - start);",
    "",
    "envoy/body",
  ),
  fault(
    "a stream that is gone is not marked",
    "assembly/context/table.ts",
    "context.$standing = <u8>Standing.Gone;",
    "",
    "host/gone",
  ),
  fault(
    "a timer that had to wait is forgotten",
    "assembly/context/timers.ts",
    "&& !timer.fire(now) && this.first === null) this.first = timer;",
    "&& timer.fire(now)) continue;",
    "host/gone",
  ),
  fault(
    "trailers behind a given length end nothing",
    "src/host/http/router.ts",
    "this.takesTrailers ? upstream.trailers(trailers) : upstream.data(noBytes, true)",
    "this.takesTrailers ? upstream.trailers(trailers) : undefined",
    "host/refused-upload",
  ),
  fault(
    "the rest of a refused upload is not read",
    "src/host/server/downstream.ts",
    "incoming.resume(); // what is left of the request stands before the connection's next one",
    "",
    "host/refused-upload",
  ),
  fault(
    "a host that another has replaced is not closed",
    "src/host/server/index.ts",
    "if (old.open === 0) run(() => old.host.close());",
    "",
    "host/reload",
  ),
  fault(
    "a host that another has replaced is not closed with its last request",
    "src/host/server/index.ts",
    "if (--generation.open === 0 && generation.retired)",
    "if (--generation.open < 0)",
    "host/reload",
  ),
  fault(
    "RBAC of HTTP and of the network are exchanged",
    "src/deploy/envoy-filter.ts",
    'const rbac = point === "http" ? "http" : "network";',
    'const rbac = point === "http" ? "network" : "http";',
    "deploy/envoy-filter",
  ),
  fault(
    "the PATH goes before func-e",
    "src/envoy/find.ts",
    "[...funcE(), ...onPath()]",
    "[...onPath(), ...funcE()]",
    "envoy/find",
  ),
  fault(
    "a number without end is read",
    "src/wasm/reader.ts",
    'if (factor > 2 ** 56) throw new RangeError("a number is too long");',
    "",
    "cli/inspect",
  ),
  fault(
    "a client that cuts a connection which is held is seen",
    "src/host/tcp/stream.ts",
    "if (this.passed === this.filters.length) this.end(CloseType.Remote);",
    "this.end(CloseType.Remote);",
    "parity/parity",
  ),
  fault(
    "what came with Envoy 1.39 counts as old",
    "src/inspect/lint.ts",
    'else if (module.startsWith("wasi_") && !oldWasi.has(name))',
    "else if (!oldWasi.has(name) && false)",
    "cli/inspect",
  ),
  fault(
    "the time of a POST's answer begins with its headers",
    "src/host/http/router.ts",
    "info.attempts++;\n    if (endStream) this.startTimer();",
    "info.attempts++;\n    this.startTimer();",
    "host/timeouts",
  ),
];
