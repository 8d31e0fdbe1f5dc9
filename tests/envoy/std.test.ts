import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const filter = (): Promise<string> => compileFilter("tests/envoy/filters/std.ts");
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

envoyTest("edits of the query and of cookies keep the bytes of everything else", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }], upstream: upstream.port });
  const path = "/p%7e//x?b=%zz&a=1&&debug&c=%C3%a9+&a=2";
  const headers = [
    ["x-do", "edit"],
    ["cookie", 'b="2"; session=old;ads=1 ; c=%41'],
  ] as const;
  const response = await request(envoy.port, { path, headers });
  const [seen] = upstream.requests;
  assert.equal(seen!.path, "/p%7e//x?b=%zz&a=x%20y&&c=%C3%a9+");
  assert.deepEqual(seen!.headers.find(([name]) => name === "cookie")?.[1], 'b="2"; session=new; c=%41');
  assert.deepEqual(response.all("set-cookie"), ["seen=w6l0w6k=; Max-Age=60; Path=/; SameSite=Lax"]);
  assert.deepEqual(response.all("x-same-date"), ["true"]);
});

envoyTest("an access check on normalised paths sees through all ways to write one", async (t) => {
  const upstream = await startUpstream(t);
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }], upstream: upstream.port });
  const statuses: Record<string, number> = {
    "/admin": 403,
    "/admin/x?y": 403,
    "//admin/": 403,
    "/x/../admin": 403,
    "/%61dmin/x": 403,
    "/x/%2e%2e/%61%64min": 403,
    "/./admin": 403,
    "/administrator": 200,
    "/x/admin": 200,
    "/x%2f..%2fadmin": 400,
    "/x\\..\\admin": 400,
    "/..;/admin": 400,
  };
  for (const [path, status] of Object.entries(statuses)) {
    const response = await request(envoy.port, { path, headers: [["x-do", "admin"]] });
    assert.equal(response.status, status, path);
  }
});

envoyTest(
  "tokens are verified: HS256 in the module, RS256 and ES256 by Envoy's verify_signature",
  async (t) => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = (keys: typeof rsa): string => String(keys.publicKey.export({ format: "pem", type: "spki" }));
    const secret = "0123456789abcdef0123456789abcdef";
    const configuration = [secret, pem(rsa), pem(ec)].join("|");
    const envoy = await startEnvoy(t, { filters: [{ wasm: await filter(), configuration }] });
    const signers: Record<string, (text: string) => Buffer> = {
      HS256: (text) => createHmac("sha256", secret).update(text).digest(),
      RS256: (text) => sign("sha256", Buffer.from(text), rsa.privateKey),
      ES256: (text) => sign("sha256", Buffer.from(text), { key: ec.privateKey, dsaEncoding: "ieee-p1363" }),
    };
    const now = Math.floor(Date.now() / 1000);
    const ask = async (algorithm: string, token: string): Promise<string> => {
      const headers = [
        ["x-do", algorithm],
        ["authorization", `Bearer ${token}`],
      ] as const;
      return (await request(envoy.port, { headers })).body;
    };
    for (const [algorithm, signer] of Object.entries(signers)) {
      const tokenOf = (claims: unknown): string => {
        const text = `${encode({ alg: algorithm })}.${encode(claims)}`;
        return `${text}.${signer(text).toString("base64url")}`;
      };
      const token = tokenOf({ sub: "joe", exp: now + 60 });
      assert.equal(await ask(algorithm, token), "0 joe", algorithm);
      assert.equal(await ask(algorithm, tokenOf({ sub: "joe", exp: now - 70 })), "7 -", algorithm);
      const [header, , signature] = token.split(".");
      const forged = `${header}.${encode({ sub: "eve", exp: now + 60 })}.${signature}`;
      assert.equal(await ask(algorithm, forged), "5 -", algorithm);
      for (const other of Object.keys(signers).filter((name) => name !== algorithm))
        assert.equal(await ask(other, token), "2 -", `${other} for ${algorithm}`);
    }
    assert.equal(await ask("HS256", "nonsense"), "1 -");
  },
);
