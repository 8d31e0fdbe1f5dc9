/**
 * What the measured filters do, in every language: configuration, the requests of the measurement, and what has to come
 * of them. A filter that fails to load costs nothing, so nothing is measured that has not been checked.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CountingHost, Request } from "../src/count/index.js";

export interface Workload {
  readonly name: string;
  readonly description: string;
  readonly configuration?: string;
  /** The clusters that it calls, and the status that they answer. */
  readonly answers?: Readonly<Record<string, number>>;
  /** The request that is measured; the filter lets it pass. */
  readonly request: Request;
  /** Throws when the filter does not do what it should. */
  check(host: CountingHost): void;
}

const plain: Request = {};
const denied: Request = { path: "/denied" };

const marks = (host: CountingHost, path: string): string[] =>
  host
    .request({ path })
    .headers.filter(([name]) => name === "x-wasm")
    .map(([, value]) => value);

/** 64 KiB as HTTP brings them: in chunks of 16 KiB. "secret" stands in it 64 times. */
const text = Buffer.from(
  Array.from({ length: 64 }, (_, i) =>
    `${"lorem ipsum dolor sit amet, ".repeat(36)}${i} secret `.padEnd(1024, "."),
  ).join(""),
);
const body: Request = {
  method: "POST",
  body: [0, 1, 2, 3].map((i) => text.subarray(i * 16384, (i + 1) * 16384)),
};

const token = "t-8c1f0a3e5b7d9f2468ace13579bdf02468";

export const workloads: readonly Workload[] = [
  {
    name: "noop",
    description: "does nothing",
    request: plain,
    check: (host) => assert.equal(host.request(plain).status, 200),
  },
  {
    name: "hdr",
    description: "reads `:path`, answers 403 to `/denied`, adds a response header",
    request: plain,
    check(host) {
      assert.deepEqual(marks(host, "/"), ["1"]);
      assert.equal(host.request(denied).status, 403);
    },
  },
  {
    name: "hdr-state",
    description: "`hdr` with a field per stream and a configured value",
    configuration: "configured",
    request: plain,
    check(host) {
      assert.deepEqual(marks(host, "/"), ["configured"]);
      assert.deepEqual(marks(host, "/denied"), []);
      assert.equal(host.request(denied).status, 403);
    },
  },
  {
    name: "headers60",
    description: "adds 20 request headers, reads each, removes each",
    request: plain,
    check(host) {
      const { status, upstream } = host.request(plain);
      assert.equal(status, 200);
      assert.ok(!upstream!.headers.some(([name]) => name.startsWith("x-bench")));
    },
  },
  {
    name: "all-headers",
    description: "reads all request headers and logs them in one line",
    request: plain,
    check(host) {
      assert.equal(host.request({ path: "/seen" }).status, 200);
      const line = host.logs.at(-1) ?? "";
      assert.match(line, /:path=\/seen; :method=GET; .*x-forwarded-for=10\.1\.2\.3; x-request-id=1f0f5e3c-/);
    },
  },
  {
    name: "body",
    description: "replaces a word in a request body of 64 KiB",
    request: body,
    check(host) {
      const { status, upstream } = host.request(body);
      assert.equal(status, 200);
      assert.equal(upstream!.body.toString(), text.toString().replaceAll("secret", "[removed]"));
    },
  },
  {
    name: "json-auth",
    description: "reads a JSON configuration once, compares a token",
    configuration: JSON.stringify({ header: "x-token", token, comment: "unused", list: [1, 2, { a: null }] }),
    request: { headers: [["x-token", token]] },
    check(host) {
      assert.equal(host.request({ headers: [["x-token", token]] }).status, 200);
      assert.equal(host.request({ headers: [["x-token", `${token}x`]] }).status, 401);
      assert.equal(host.request(plain).status, 401);
    },
  },
  {
    name: "flow-auth",
    description: "asks another service whether the request may pass",
    answers: { auth: 200 },
    request: plain,
    check: (host) => assert.equal(host.request(plain).status, 200),
  },
];
