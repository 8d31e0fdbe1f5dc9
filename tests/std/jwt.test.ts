/** std/jwt against the npm package jose, node:crypto, and the vectors of RFC 7515. */
import assert from "node:assert/strict";
import type { KeyObject } from "node:crypto";
import { createHmac, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { test } from "node:test";
import { SignJWT, errors as joseErrors, jwtVerify } from "jose";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const errors = [
  "None",
  "Malformed",
  "Algorithm",
  "Key",
  "Unsupported",
  "Signature",
  "Claim",
  "Expired",
  "NotYetValid",
  "Audience",
  "Issuer",
] as const;

/** The status that the host of these tests answers before it looks at anything. */
let hostStatus = 0;

/** The fields of a protobuf message that are bytes. */
function fieldsOf(message: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at < message.length;) {
    const tag = message[at++]!;
    assert.equal(tag & 7, 2);
    let size = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = message[at++]!;
      size |= (byte & 0x7f) << shift;
    }
    fields.set(tag >> 3, message.subarray(at, at + size));
    at += size;
  }
  return fields;
}

/** Envoy's `verify_signature`, done by node:crypto. */
function callForeignFunction(
  name: number,
  nameSize: number,
  address: number,
  size: number,
  outAddress: number,
  outSize: number,
): number {
  const bytes = (from: number, length: number): Buffer =>
    Buffer.from(module.exports.memory!.buffer.slice(from, from + length));
  assert.equal(bytes(name, nameSize).toString(), "verify_signature");
  if (hostStatus !== 0) return hostStatus;
  const fields = fieldsOf(bytes(address, size));
  assert.equal(fields.get(1)!.toString(), "sha256");
  let isValid: boolean;
  try {
    isValid = verify(
      "sha256",
      fields.get(4)!,
      { key: fields.get(2)!, format: "der", type: "spki" },
      fields.get(3)!,
    );
  } catch {
    return 2;
  }
  const result = isValid ? [0x08, 0x01] : [0x12, 0x01, 0x78];
  const target = Number(module.exports["allocate"]!(result.length));
  new Uint8Array(module.exports.memory!.buffer).set(result, target);
  new Uint32Array(module.exports.memory!.buffer)[outAddress >> 2] = target;
  new Uint32Array(module.exports.memory!.buffer)[outSize >> 2] = result.length;
  return 0;
}

const module = await Module.load("jwt", {
  env: { proxy_call_foreign_function: callForeignFunction, proxy_get_current_time_nanoseconds: () => 2 },
});

const NOW = 1_800_000_000;
const secret = Buffer.from("0123456789abcdef0123456789abcdef");

interface Expectations {
  audience?: string;
  issuer?: string;
  skew?: number;
  requireExpiry?: boolean;
}

function expect({ audience, issuer, skew = 0, requireExpiry = false }: Expectations = {}): void {
  module.number("expect", audience ?? null, issuer ?? null, BigInt(skew), requireExpiry);
}

const errorOf = (token: string, now = NOW): (typeof errors)[number] =>
  errors[module.number("verify", token, BigInt(now))]!;

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token of any header and payload, well signed. */
function hs256(payload: unknown, header: unknown = { alg: "HS256" }, key: Buffer = secret): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

test("the token of RFC 7515, appendix A.1, is verified", () => {
  module.number(
    "useHs256",
    Buffer.from(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
      "base64url",
    ),
  );
  expect();
  const token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  assert.equal(errorOf(token, 1300819379), "None");
  assert.equal(JSON.parse(module.text("claims")!).iss, "joe");
  assert.equal(errorOf(token, 1300819380), "Expired");
});

test("the tokens of RFC 7515, appendices A.2, A.3 and A.5, are verified, or refused", () => {
  const der = (key: Record<string, string>): Buffer => derOf(createPublicKey({ key, format: "jwk" }));
  const payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  module.number(
    "useRs256",
    der({
      kty: "RSA",
      n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
      e: "AQAB",
    }),
  );
  expect();
  const rs256 = `eyJhbGciOiJSUzI1NiJ9.${payload}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`;
  assert.equal(errorOf(rs256, 1300819379), "None");
  assert.equal(errorOf(`${rs256.slice(0, -2)}A`, 1300819379), "Malformed");
  module.number(
    "useEs256",
    der({
      kty: "EC",
      crv: "P-256",
      x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }),
  );
  expect();
  const es256 = `eyJhbGciOiJFUzI1NiJ9.${payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`;
  assert.equal(errorOf(es256, 1300819379), "None");
  assert.equal(errorOf(es256, 1300819380), "Expired");
  assert.equal(errorOf(`eyJhbGciOiJub25lIn0.${payload}.`, 1300819379), "Algorithm");
});

test("HS256: tokens with claims of all kinds are judged as jose judges them", async () => {
  const random = new Random(1);
  module.number("useHs256", secret);
  for (let i = 0; i < rounds(3000); i++) {
    const payload: Record<string, unknown> = { sub: random.pick(["joe", "é", ""]) };
    const time = (): unknown =>
      random.pick([
        NOW - 31,
        NOW - 30,
        NOW - 1,
        NOW,
        NOW + 1,
        NOW + 30,
        NOW + 31,
        NOW + 0.5,
        0,
        -1,
        1e300,
        "soon",
        null,
      ]);
    if (random.below(2)) payload["exp"] = time();
    if (random.below(2)) payload["nbf"] = time();
    if (random.below(2)) payload["aud"] = random.pick(["api", "web", ["web", "api"], [], ["web"], 1, null]);
    if (random.below(2)) payload["iss"] = random.pick(["me", "you", ["me"], 1]);
    const expectations: Expectations = { skew: random.pick([0, 30]) };
    if (random.below(2)) expectations.audience = "api";
    if (random.below(2)) expectations.issuer = "me";
    if (random.below(2)) expectations.requireExpiry = true;
    const token = hs256(
      payload,
      { alg: random.pick(["HS256", "HS256", "HS256", "HS384", "none"]), typ: "JWT" },
      random.below(8) ? secret : Buffer.alloc(32),
    );
    expect(expectations);
    let isGood = true;
    try {
      await jwtVerify(token, secret, {
        algorithms: ["HS256"],
        clockTolerance: expectations.skew ?? 0,
        currentDate: new Date(NOW * 1000),
        ...(expectations.audience === undefined ? {} : { audience: expectations.audience }),
        ...(expectations.issuer === undefined ? {} : { issuer: expectations.issuer }),
        ...(expectations.requireExpiry ? { requiredClaims: ["exp"] } : {}),
      });
    } catch (error) {
      if (!(error instanceof joseErrors.JOSEError)) throw error;
      isGood = false;
    }
    const message = JSON.stringify([payload, expectations]);
    assert.equal(errorOf(token) === "None", isGood, message);
    assert.equal(module.text("subject"), isGood ? payload["sub"] : null, message);
    assert.equal(module.text("claims"), isGood ? JSON.stringify(payload) : "");
  }
});

test("what is wrong with a token is said", () => {
  module.number("useHs256", secret);
  expect({ audience: "api", issuer: "me", skew: 10, requireExpiry: true });
  const good = { aud: ["x", "api"], iss: "me", exp: NOW + 100 };
  const token = hs256(good);
  const [header, payload, signature] = token.split(".") as [string, string, string];
  const cases: [token: string, error: (typeof errors)[number]][] = [
    [token, "None"],
    ["", "Malformed"],
    ["..", "Malformed"],
    [`${header}.${payload}`, "Malformed"],
    [`${token}.`, "Malformed"],
    [` ${token}`, "Malformed"],
    [`${token}=`, "Malformed"],
    [`${header}=.${payload}.${signature}`, "Malformed"],
    [hs256(good, "[]"), "Malformed"],
    [hs256(good, '{"alg":"HS256"'), "Malformed"],
    [hs256(good, '{"alg":"HS256"}x'), "Malformed"],
    [hs256("1"), "Malformed"],
    [hs256("{"), "Malformed"],
    [hs256(good, {}), "Algorithm"],
    [hs256(good, { alg: "none" }), "Algorithm"],
    [hs256(good, { alg: "hs256" }), "Algorithm"],
    [hs256(good, { alg: ["HS256"] }), "Algorithm"],
    [hs256(good, { alg: "HS256", crit: ["b64"], b64: false }), "Algorithm"],
    [`${encode({ alg: "none" })}.${payload}.`, "Algorithm"],
    [`${header}.${payload}.`, "Signature"],
    [`${header}.${payload}.${signature.slice(0, -3)}`, "Signature"],
    [`${header}.${encode({ ...good, sub: "x" })}.${signature}`, "Signature"],
    [hs256(good, { alg: "HS256" }, Buffer.from("other")), "Signature"],
    [hs256({ ...good, exp: String(NOW + 100) }), "Claim"],
    [hs256({ ...good, nbf: null }), "Claim"],
    [hs256({ ...good, exp: NOW - 9 }), "None"],
    [hs256({ ...good, exp: NOW - 10 }), "Expired"],
    [hs256({ ...good, exp: undefined }), "Expired"],
    [hs256({ ...good, nbf: NOW + 10 }), "None"],
    [hs256({ ...good, nbf: NOW + 11 }), "NotYetValid"],
    [hs256({ ...good, aud: "apis" }), "Audience"],
    [hs256({ ...good, aud: undefined }), "Audience"],
    [hs256({ ...good, iss: "me " }), "Issuer"],
    [hs256({ ...good, iss: undefined }), "Issuer"],
  ];
  for (const [text, error] of cases) assert.equal(errorOf(text), error, text);
  module.number("useHs256", Buffer.alloc(0));
  assert.equal(errorOf(hs256(good, { alg: "HS256" }, Buffer.alloc(0))), "Key");
});

test("no token that was changed is believed", () => {
  module.number("useHs256", secret);
  expect();
  const random = new Random(2);
  const token = hs256({ sub: "joe", exp: NOW + 1 });
  for (let i = 0; i < rounds(20_000); i++) {
    const at = random.below(token.length);
    const changed =
      token.slice(0, at) +
      random.pick(["", "A", "b", ".", "=", "-", "é", "\ud800", "\udc80", "\n"]) +
      token.slice(at + random.below(2));
    assert.equal(errorOf(changed) === "None", changed === token, JSON.stringify(changed));
  }
});

const derOf = (key: KeyObject): Buffer => key.export({ format: "der", type: "spki" });

test("ES256 and RS256 are verified with the host's help, as jose signs them", async () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const [algorithm, keys] of [
    ["ES256", ec],
    ["RS256", rsa],
  ] as const) {
    const der = derOf(keys.publicKey);
    assert.deepEqual(
      module.bytes("der", String(keys.publicKey.export({ format: "pem", type: "spki" }))),
      der,
    );
    module.number(algorithm === "ES256" ? "useEs256" : "useRs256", der);
    expect({ requireExpiry: true });
    for (let i = 0; i < 100; i++) {
      const token = await new SignJWT({ sub: `${i}` })
        .setProtectedHeader({ alg: algorithm })
        .setExpirationTime(NOW + 1)
        .sign(keys.privateKey);
      assert.equal(errorOf(token), "None", token);
      assert.equal(module.text("subject"), `${i}`);
      const [header, , signature] = token.split(".");
      assert.equal(errorOf(`${header}.${encode({ sub: "x", exp: NOW + 1 })}.${signature}`), "Signature");
    }
    // A token that is signed with the public key as a secret is the classic mistake.
    assert.equal(errorOf(hs256({ exp: NOW + 1 }, { alg: "HS256" }, der)), "Algorithm");
    assert.equal(errorOf(hs256({ exp: NOW + 1 }, { alg: algorithm }, der)), "Signature");
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: algorithm })
      .setExpirationTime(NOW + 1)
      .sign(keys.privateKey);
    hostStatus = 1;
    assert.equal(errorOf(token), "Unsupported");
    hostStatus = 0;
    module.number(algorithm === "ES256" ? "useEs256" : "useRs256", Buffer.from("no key"));
    assert.equal(errorOf(token), "Key");
  }
});

test("ES256: signatures with zeros in front are converted, each number on its own", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  module.number("useEs256", derOf(publicKey));
  expect();
  const seen = new Set<number>();
  for (let i = 0; i < rounds(2000); i++) {
    const text = `${encode({ alg: "ES256" })}.${encode({ i })}`;
    const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
    seen.add(signature[0] === 0 ? 0 : signature[0]! >> 7 ? 2 : 1);
    assert.equal(errorOf(`${text}.${signature.toString("base64url")}`), "None", text);
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2]);
  const text = `${encode({ alg: "ES256" })}.${encode({})}`;
  for (const bytes of [
    Buffer.alloc(64),
    Buffer.alloc(63, 1),
    Buffer.alloc(65, 1),
    Buffer.alloc(0),
    sign("sha256", Buffer.from(text), privateKey),
  ])
    assert.equal(errorOf(`${text}.${bytes.toString("base64url")}`), "Signature");
});

test("a PEM without end, begin or base64 has no key", () => {
  for (const pem of [
    "",
    "-----BEGIN ",
    "-----BEGIN X-----",
    "-----BEGIN X-----\nAA==",
    "-----BEGIN X-----\n!\n-----END X-----",
    "AAAA",
  ])
    assert.equal(module.bytes("der", pem), null, pem);
  assert.deepEqual(
    module.bytes("der", "x\r\n-----BEGIN X-----\r\nAQID\r\n-----END X-----\r\n"),
    Buffer.from([1, 2, 3]),
  );
});

test("tokens of 1 MiB take steps linear in their size", async () => {
  const judge = await linearJudge("jwt", {
    proxy_call_foreign_function: () => 1,
    proxy_get_current_time_nanoseconds: () => 2,
  });
  for (const piece of ["a", ".", "\ud800", "e30."])
    judge((it, size) => it.number("verify", piece.repeat(size / piece.length), 0n));
  for (const piece of ["[", '{"a":', "\\", " "]) {
    judge((it, size) => {
      it.number("useHs256", secret);
      it.number("verify", hs256(`{"a":"${piece.repeat(size / 2)}`), 0n);
      it.number("verify", hs256({ aud: Array.from({ length: size >> 6 }, () => piece) }), 0n);
      it.number("verify", hs256({}, { alg: piece.repeat(size / 2) }), 0n);
    });
  }
});
