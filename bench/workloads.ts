/**
 * What the measured filters do, in every language: configuration, the requests of the measurement, and what has to come
 * of them. A filter that fails to load costs nothing, so nothing is measured that has not been checked.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { CountingHost, Request } from "../src/count/index.js";
import * as rs256 from "./rs256.js";

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

const desktop =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** What a browser sends. */
const browser: NonNullable<Request["headers"]> = [
  ["user-agent", desktop],
  ["accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
  ["accept-encoding", "gzip, deflate, br, zstd"],
  ["authorization", "Bearer 2f1e4c0a9d8b7c6e5f4a3b2c1d0e9f8a"],
  ["accept-language", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7"],
  ["cookie", "session=6f1e2d3c4b5a69788796a5b4; theme=dark; consent=all; _ga=GA1.1.1820364.17000000"],
  ["cache-control", "max-age=0"],
  ["referer", "https://shop.example/items?page=2"],
  ["sec-fetch-dest", "document"],
  ["sec-fetch-mode", "navigate"],
  ["sec-fetch-site", "same-origin"],
  ["sec-fetch-user", "?1"],
  ["upgrade-insecure-requests", "1"],
  ["x-tenant", "acme-europe-1"],
];
const sizeOf = (name: string): number => browser.find(([each]) => each === name)![1].length;
const visit: Request = { headers: browser, path: "/api/v1/items?id=42" };

/** What a filter has told the upstream in one header. */
const told = (host: CountingHost, name: string, request: Request = visit): string | undefined =>
  host.request(request).upstream?.headers.find(([each]) => each === name)?.[1];

const secret = "a secret of at least thirty-two bytes";

/** A token that does not expire in this century. */
function tokenOf(subject: string, key: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: "https://id.example",
    sub: subject,
    aud: "api",
    exp: 4102444800,
    scope: "read write",
  };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
const bearing = (jwt: string): Request => ({ headers: [["authorization", `Bearer ${jwt}`]] });

const from = (agent: string): Request => ({ headers: [["user-agent", agent]] });

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
  {
    name: "reads5",
    description: "reads five headers of a browser's request, sets one",
    request: visit,
    check(host) {
      const names = ["authorization", "cookie", "user-agent", "accept-language", "x-tenant"];
      assert.equal(told(host, "x-size"), String(names.map(sizeOf).reduce((sum, size) => sum + size)));
    },
  },
  {
    name: "reads2",
    description: "reads two of them, sets one",
    request: visit,
    check: (host) =>
      assert.equal(told(host, "x-size"), String(sizeOf("x-tenant") + sizeOf("accept-language"))),
  },
  {
    name: "miss3",
    description: "asks for three headers that are not there, sets one",
    request: visit,
    check(host) {
      assert.equal(told(host, "x-size"), "0");
      assert.equal(told(host, "x-size", { headers: [["x-canary", "yes"]] }), "1");
    },
  },
  {
    name: "cookies",
    description: "reads two cookies and a parameter of the query, sets a header",
    request: visit,
    check: (host) => assert.equal(told(host, "x-visit"), "6f1e2d3c4b5a69788796a5b4/dark/42"),
  },
  {
    name: "jwt",
    description: "checks a token (HMAC-SHA-256), names its user",
    configuration: secret,
    request: bearing(tokenOf("user-4711", secret)),
    check(host) {
      assert.equal(told(host, "x-user", bearing(tokenOf("user-4711", secret))), "user-4711");
      assert.equal(host.request(bearing(tokenOf("user-4711", `${secret}!`))).status, 401);
    },
  },
  {
    name: "jwt-rs256",
    description: "checks a token (RSA and SHA-256, by the host), names its user",
    configuration: rs256.publicKey,
    request: bearing(rs256.token),
    check(host) {
      assert.equal(told(host, "x-user", bearing(rs256.token)), "user-4711");
      // Another user, with the signature of the first.
      const [header, , signature] = rs256.token.split(".");
      const [, claims] = tokenOf("user-4712", secret).split(".");
      assert.equal(host.request(bearing(`${header}.${claims}.${signature}`)).status, 401);
    },
  },
  {
    name: "ua",
    description: "tells the kind of device by 21 words in the user agent",
    request: from(desktop),
    check(host) {
      assert.equal(told(host, "x-device", from(desktop)), "desktop");
      assert.equal(told(host, "x-device", from("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)")), "tablet");
      assert.equal(told(host, "x-device", from("Mozilla/5.0 (compatible; Googlebot/2.1)")), "robot");
      assert.equal(told(host, "x-device", from("Mozilla/5.0 (Linux; Android 15; Pixel 9)")), "phone");
    },
  },
  {
    name: "rewrite",
    description: "rewrites the path by a regular expression",
    request: { path: "/api/v1/items?id=42" },
    check(host) {
      assert.equal(told(host, ":path"), "/items/v1?id=42");
      assert.equal(told(host, ":path", { path: "/apis/v1" }), "/apis/v1");
    },
  },
  {
    name: "flow-read",
    description: "`hdr` as a flow: looks at a header and goes on",
    request: plain,
    check(host) {
      assert.deepEqual(marks(host, "/"), ["1"]);
      assert.equal(host.request(denied).status, 403);
    },
  },
];
