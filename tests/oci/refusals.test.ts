/** What a person is told of a registry that refuses, or is not reached: each whole sentence, and its code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Response } from "undici";
import type { Credentials } from "../../src/oci/credentials.js";
import { codeOf, connectionFailure, refusal, speaksPlainHttp } from "../../src/oci/failures.js";
import { parseReference } from "../../src/oci/index.js";

const reference = parseReference("registry.example/team/filter:1");
const login: Credentials = { username: "ann", password: "s3cret" };
const errors = (...list: object[]): string => JSON.stringify({ errors: list });
const log = "log in with docker or podman, or give --username and --password-stdin";
const denied = errors({ code: "DENIED", message: "no" });

/** An answer, with a login or without, and what comes of it. */
const refusals: readonly (readonly [
  status: number,
  body: string,
  credentials: Credentials | undefined,
  code: string,
  message: string,
])[] = [
  [
    ...([401, "", undefined, "credentials"] as const),
    `registry.example refuses access to team/filter (401): no credentials were found; ${log}.`,
  ],
  [
    ...([403, denied, undefined, "credentials"] as const),
    `registry.example refuses access to team/filter (403, DENIED: no): no credentials were found; ${log}.`,
  ],
  [
    ...([401, denied, login, "credentials"] as const),
    "registry.example refuses access to team/filter (401, DENIED: no): the user name or the password is wrong.",
  ],
  [
    ...([403, "", { identityToken: "t" }, "credentials"] as const),
    "registry.example refuses access to team/filter (403): this user may not do that.",
  ],
  [404, "", undefined, "not-found", "registry.example has no team/filter like that (404)."],
  [
    ...([404, errors({ code: "NAME_UNKNOWN" }), login, "not-found"] as const),
    "registry.example has no team/filter like that (404, NAME_UNKNOWN).",
  ],
  [507, "", undefined, "full", "The disk of registry.example is full (507)."],
  [
    ...([500, errors({ message: "No space left on device" }), undefined, "full"] as const),
    "The disk of registry.example is full (500, No space left on device).",
  ],
  ...([28, 122] as const).map(
    (number) =>
      [
        ...([500, errors({ code: "UNKNOWN", detail: { Err: number } }), undefined, "full"] as const),
        "The disk of registry.example is full (500, UNKNOWN).",
      ] as const,
  ),
  [
    ...([500, errors({ code: "UNKNOWN", detail: { Err: 281 } }), undefined, "registry"] as const),
    "registry.example answered 500, UNKNOWN.",
  ],
  [
    ...([400, errors({ code: "A", message: "b" }, {}, { message: "c" }), undefined, "registry"] as const),
    "registry.example answered 400, A: b; c.",
  ],
  [502, "<html>", undefined, "registry", "registry.example answered 502."],
  [400, "{}", undefined, "registry", "registry.example answered 400."],
  [
    ...([400, errors({ message: "x".repeat(1000) }), undefined, "registry"] as const),
    `registry.example answered 400, ${"x".repeat(1000)}.`,
  ],
  [
    ...([400, errors({ message: "x".repeat(1001) }), undefined, "registry"] as const),
    `registry.example answered 400, ${"x".repeat(1000)}….`,
  ],
];

for (const [status, body, credentials, code, message] of refusals)
  test(`${status} ${body.slice(0, 60)}: ${message.slice(0, 100)}`, async () => {
    const error = await refusal(reference, credentials, new Response(body, { status }));
    assert.deepEqual([error.code, error.message], [code, message]);
  });

const caused = (code: string): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("inner"), { code }) });
const untrusted = (code: string): string =>
  `The certificate of registry.example is not trusted (${code}); give its authority with --ca FILE.`;
const plain = "registry.example does not speak TLS; --insecure-host registry.example allows plain HTTP.";

for (const [code, kind, message] of [
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", plain],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "tls", plain],
  ["EPROTO", "tls", plain],
  ...[
    ...["CERT_HAS_EXPIRED", "SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_TLS_CERT_ALTNAME_INVALID", "ERR_SSL_NO_CIPHER_MATCH"],
  ].map((each) => [each, "tls", untrusted(each)]),
  ["ENOTFOUND", "network", "There is no host registry.example (ENOTFOUND)."],
  [
    ...["EAI_AGAIN", "network"],
    "No name server has answered for registry.example (EAI_AGAIN): is there a network?",
  ],
  ["ECONNREFUSED", "network", "registry.example cannot be reached (ECONNREFUSED)."],
])
  test(`a connection that ends with ${code}: ${message}`, () => {
    const cause = caused(code!);
    const error = connectionFailure(reference, cause);
    assert.deepEqual([error.code, error.message, error.cause], [kind, message, cause]);
    assert.equal(speaksPlainHttp(cause), message === plain);
  });

test("the code of an error is that of its deepest cause, or of the first of several; else its text", () => {
  const coded = (code: string, cause?: unknown): Error => Object.assign(new Error("x", { cause }), { code });
  for (const [error, code] of [
    [new Error("words"), "words"],
    ["text", "text"],
    [coded("A"), "A"],
    [coded("A", coded("B")), "B"],
    [coded("A", new Error("no code")), "A"],
    [coded("A", "no error"), "A"],
    [new Error("x", { cause: new AggregateError([coded("B"), coded("C")], "y") }), "B"],
    [Object.assign(new AggregateError([], "y"), { code: "A" }), "A"],
  ] as const)
    assert.equal(codeOf(error), code);
});
