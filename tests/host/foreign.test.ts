/** Tokens of RS256 and ES256, as they are passed and refused by `createHost`, by suites in the embedded host, and by Envoy. */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Driver } from "../../src/suites/index.js";
import { EnvoyDriver, HostDriver, readSuite, runSuite } from "../../src/suites/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { found } from "../support/envoy.js";

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

/** Another signature: with one byte that differs, or of zeros alone. */
function signedBy(genuine: string, edit: (signature: Buffer) => void): string {
  const at = genuine.lastIndexOf(".") + 1;
  const signature = Buffer.from(genuine.slice(at), "base64url");
  edit(signature);
  return genuine.slice(0, at) + signature.toString("base64url");
}
const changed = (genuine: string): string => signedBy(genuine, (signature) => (signature[20]! ^= 1));
const zeros = (genuine: string): string => signedBy(genuine, (signature) => signature.fill(0));

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
  ["RS256", "of the other algorithm", token("ES256", p256), "2 -"],
  ["RS256", "with a byte of the signature changed", changed(token("RS256", rsa)), "5 -"],
  ["ES256", "with a byte of the signature changed", changed(token("ES256", p256)), "5 -"],
  ["ES256", "with a signature of zeros", zeros(token("ES256", p256)), "5 -"],
];

for (const [algorithm, what, value, expected] of cases) {
  void test(`createHost: ${algorithm}, ${what}: ${expected}`, async () => {
    const time = Date.parse("2027-01-01");
    const host = await createHost({ wasm: await wasm(), pluginConfig: configuration, time });
    const headers = { "x-do": algorithm, authorization: `Bearer ${value}` };
    assert.equal((await host.request({ headers })).body, expected);
  });
}

/** Runs all cases as a suite. */
async function asSuite(t: TestContext, driver: Driver): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "suite-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "tokens.textpb");
  const tests = cases.map(([algorithm, what, value, expected]) => {
    const headers = `header { key: "x-do" value: "${algorithm}" } header { key: "authorization" value: "Bearer ${value}" }`;
    const result = `immediate { http_status: 200 } body { exact: "${expected}" }`;
    return `test { name: "${algorithm} ${what}" request_headers { input { ${headers} } result { ${result} } } }`;
  });
  writeFileSync(file, `env { time_secs: 1800000000 }\n${tests.join("\n")}`);
  const options = { wasm: await wasm(), configuration: Buffer.from(configuration) };
  const result = await runSuite(readSuite(file), driver, options);
  assert.deepEqual(
    result.tests.flatMap(({ name, failures }) => failures.map((failure) => `${name}: ${failure}`)),
    [],
  );
  assert.equal(result.tests.length, cases.length);
}

test("test --suite: tokens are told apart in the embedded host", (t) => asSuite(t, new HostDriver()));

test("test --suite: and in Envoy", { skip: found.path === undefined ? found.reason : false }, async (t) => {
  const driver = await EnvoyDriver.start({ envoy: found.path! });
  t.after(() => driver.close());
  await asSuite(t, driver);
});
