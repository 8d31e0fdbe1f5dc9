/** Tokens in the embedded host: what Envoy's `verify_signature` passes and refuses (tests/envoy/std.test.ts asks Envoy). */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostDriver, readSuite, runSuite } from "../../src/suites/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

const wasm = (): Promise<string> => compileFilter("tests/envoy/filters/std.ts");
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const pem = (keys: KeyPairKeyObjectResult): string =>
  String(keys.publicKey.export({ format: "pem", type: "spki" }));

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const otherRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const otherP256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const configuration = ["0123456789abcdef0123456789abcdef", pem(rsa), pem(p256)].join("|");
const claims = { sub: "joe", exp: 4_000_000_000 };

function token(alg: string, keys: KeyPairKeyObjectResult, payload: unknown = claims): string {
  const text = `${encode({ alg })}.${encode(payload)}`;
  const isRsa = alg === "RS256";
  const key = isRsa ? keys.privateKey : { key: keys.privateKey, dsaEncoding: "ieee-p1363" as const };
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

const forged = (genuine: string): string => {
  const [header, , signature] = genuine.split(".");
  return `${header}.${encode({ ...claims, sub: "eve" })}.${signature}`;
};

/** Algorithm, token, and what the filter answers: the error's number and the subject. */
const cases: readonly (readonly [string, string, string, string])[] = [
  ["RS256", "genuine", token("RS256", rsa), "0 joe"],
  ["RS256", "tampered", forged(token("RS256", rsa)), "5 -"],
  ["RS256", "of another key", token("RS256", otherRsa), "5 -"],
  ["RS256", "expired", token("RS256", rsa, { sub: "joe", exp: 1 }), "7 -"],
  ["ES256", "genuine", token("ES256", p256), "0 joe"],
  ["ES256", "tampered", forged(token("ES256", p256)), "5 -"],
  ["ES256", "of another key", token("ES256", otherP256), "5 -"],
  ["ES256", "of another curve", token("ES256", p384), "5 -"],
  ["ES256", "of the other algorithm", token("RS256", rsa), "2 -"],
];

for (const [algorithm, what, value, expected] of cases) {
  void test(`createHost: ${algorithm}, ${what}: ${expected}`, async () => {
    const time = Date.parse("2027-01-01");
    const host = await createHost({ wasm: await wasm(), pluginConfig: configuration, time });
    const headers = { "x-do": algorithm, authorization: `Bearer ${value}` };
    assert.equal((await host.request({ headers })).body, expected);
  });
}

test("test --suite: tokens are told apart as Envoy does", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "suite-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "tokens.textpb");
  const tests = cases
    .filter(([, what]) => what !== "expired")
    .map(([algorithm, what, value, expected]) => {
      const headers = `header { key: "x-do" value: "${algorithm}" } header { key: "authorization" value: "Bearer ${value}" }`;
      const result = `immediate { http_status: 200 } body { exact: "${expected}" }`;
      return `test { name: "${algorithm} ${what}" request_headers { input { ${headers} } result { ${result} } } }`;
    });
  writeFileSync(file, `env { time_secs: 1800000000 }\n${tests.join("\n")}`);
  const options = { wasm: await wasm(), configuration: Buffer.from(configuration) };
  const result = await runSuite(readSuite(file), new HostDriver(), options);
  assert.deepEqual(
    result.tests.flatMap(({ failures }) => failures),
    [],
  );
  assert.equal(result.tests.length, 8);
});
