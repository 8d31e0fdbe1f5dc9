/** Realms of registries that Istio refuses are told of by push and pull. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusedByIstio } from "../../src/oci/istio-realm.js";
import { parseReference, pullImage } from "../../src/oci/index.js";
import { serve } from "./support/serve.js";

const cases: readonly (readonly [header: string, why: RegExp | undefined])[] = [
  ['Basic realm="Registry Realm"', /realm "Registry Realm", which is no http or https address$/],
  ['Basic realm="https://registry.test/"', undefined],
  ['Bearer realm="https://auth.docker.io/token",service="registry.docker.io"', undefined],
  ['Bearer realm="http://localhost:5001/token"', /on no public host$/],
  ['Bearer realm="http://127.0.0.1/token"', /on no public host$/],
  ['Bearer realm="https://10.1.2.3/token"', /on no public host$/],
  ['Bearer realm="https://172.20.0.1/token"', /on no public host$/],
  ['Bearer realm="https://192.168.1.1/token"', /on no public host$/],
  ['Bearer realm="https://169.254.169.254/token"', /on no public host$/],
  ['Bearer realm="https://[::1]/token"', /on no public host$/],
  ['Bearer realm="https://[::ffff:10.0.0.1]/token"', /on no public host$/],
  ['Bearer realm="https://[fd00::1]/token"', /on no public host$/],
  ['Bearer realm="https://172.16.0.1/token"', /on no public host$/],
  ['Bearer realm="https://172.31.0.1/token"', /on no public host$/],
  ['Bearer realm="https://224.0.0.1/token"', /on no public host$/],
  ['Bearer realm="https://172.15.0.1/token"', undefined],
  ['Bearer realm="https://172.32.0.1/token"', undefined],
  ['Bearer realm="https://223.0.0.1/token"', undefined],
  ['Bearer realm="https://8.8.8.8/token"', undefined],
  ['Bearer realm="ftp://a.example/token"', /no http or https address$/],
  ["Basic realm=words", /realm "words"/],
  ['Basic realm="https://a.example/", Bearer realm="http://10.0.0.1/t"', /10\.0\.0\.1/],
  ["Basic", undefined],
];

for (const [header, why] of cases)
  test(`what Istio says of ${header}`, () => {
    const said = refusedByIstio(header);
    if (why === undefined) assert.equal(said, undefined);
    else assert.match(said!, why);
  });

test("hosts at both sides of each limit: what is public is taken", () => {
  const isTaken = (host: string): boolean => refusedByIstio(`Bearer realm="https://${host}/t"`) === undefined;
  for (const host of [
    ...["1.0.0.1", "9.255.0.1", "11.0.0.1", "126.0.0.1", "128.0.0.1", "223.255.0.1"],
    ...["171.16.0.1", "172.15.0.1", "172.32.0.1", "173.16.0.1", "191.168.0.1", "192.167.0.1", "192.169.0.1"],
    ...["193.168.0.1", "168.254.0.1", "169.253.0.1", "169.255.0.1", "170.254.0.1"],
    ...["[::2]", "[fb00::1]", "[fec0::1]", "[2001:db8::1]", "[::ffff:8.8.8.8]", "[::ffff:172.32.0.1]"],
    ...["xlocalhost", "localhost.example", "a.example.", "1.2.3.4.example"],
  ])
    assert.ok(isTaken(host), host);
  for (const host of [
    ...["0.0.0.1", "10.0.0.1", "127.255.0.1", "172.16.0.0", "172.31.255.255", "192.168.0.1", "169.254.0.1"],
    ...["224.0.0.1", "255.255.255.255", "[::]", "[::1]", "[fc00::1]", "[fdff::1]", "[fe80::1]", "[febf::1]"],
    ...["[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:192.168.1.1]", "[::ffff:169.254.1.1]"],
    ...["localhost", "localhost.", "a.localhost", "a.localhost."],
  ])
    assert.ok(!isTaken(host), host);
  assert.equal(refusedByIstio('Basic realm="http://a.example/"'), undefined);
  assert.equal(
    refusedByIstio('Basic realm="a \\"b\\""'),
    'its 401 names the realm "a "b"", which is no http or https address',
  );
});

for (const [realm, count] of [
  ["Registry Realm", 1],
  ["https://registry.test/", 0],
] as const)
  test(`pull from a registry with the realm "${realm}" says ${count === 0 ? "nothing" : "it once"}`, async (t) => {
    const host = await serve(t, (request, response) => {
      const status = request.headers.authorization === undefined ? 401 : 404;
      response.writeHead(status, { "www-authenticate": `Basic realm="${realm}"` }).end();
    });
    const told: string[] = [];
    const pulled = pullImage(parseReference(`${host}/filter:1`), {
      credentials: { username: "u", password: "p" },
      insecure: true,
      onNotice: (line) => told.push(line),
    });
    await assert.rejects(pulled);
    assert.equal(told.length, count, told.join("\n"));
    if (count > 0)
      assert.match(
        told[0]!,
        /^Istio does not pull from 127\.0\.0\.1:\d+: its 401 names the realm .* such as https:\/\/127\.0\.0\.1\/\.$/,
      );
  });
