/** What is asked for again, how often and after how long, and when plain HTTP will do. */
import assert from "node:assert/strict";
import dns from "node:dns";
import { test } from "node:test";
import { OciError, inspectImage, parseReference, pullImage, sha256 } from "../../src/oci/index.js";
import { mediaTypes } from "../../src/oci/media-types.js";
import { startFront } from "./support/front.js";
import { serve } from "./support/serve.js";

for (const [status, times, code] of [
  [400, 1, "registry"],
  [404, 1, "not-found"],
  [408, 3, "registry"],
  [429, 3, "registry"],
  [500, 3, "registry"],
  [507, 1, "full"],
] as const)
  test(`an answer of ${status} is asked for ${times === 1 ? "once" : "once more for each of two retries"}`, async (t) => {
    const { host, seen } = await startFront(t, 0, (_, response) => {
      response.writeHead(status).end();
      return true;
    });
    const pull = pullImage(parseReference(`${host}/filter:1`), { retries: 2, retryDelay: 1 });
    await assert.rejects(pull, (error) => error instanceof OciError && error.code === code);
    assert.deepEqual(
      seen,
      Array.from({ length: times }, () => "GET /v2/filter/manifests/1"),
    );
  });

test(
  "Retry-After counts in seconds up to a minute; what else it says is passed over",
  { timeout: 20_000 },
  async (t) => {
    for (const [header, atLeast] of [
      ["1", 700],
      ["3600", 0],
      ["-1", 0],
      ["Wed, 21 Oct 2099 07:28:00 GMT", 0],
    ] as const) {
      const { host } = await startFront(t, 0, (_, response) => {
        response.writeHead(503, { "retry-after": header }).end();
        return true;
      });
      const began = performance.now();
      await assert.rejects(pullImage(parseReference(`${host}/filter:1`), { retries: 1, retryDelay: 1 }));
      assert.ok(performance.now() - began >= atLeast, header);
    }
  },
);

test("a wait is up to a quarter longer than it says, so that many clients do not come back at once", async (t) => {
  const { host } = await startFront(t, 0, (_, response) => {
    response.writeHead(503).end();
    return true;
  });
  t.mock.method(Math, "random", () => 0.9999);
  const began = performance.now();
  await assert.rejects(pullImage(parseReference(`${host}/filter:1`), { retries: 1, retryDelay: 200 }));
  assert.ok(performance.now() - began >= 240);
});

for (const [code, message] of [
  ["ENOTFOUND", "There is no host nobody.localhost (ENOTFOUND)."],
  ["EAI_AGAIN", "No name server has answered for nobody.localhost (EAI_AGAIN): is there a network?"],
] as const)
  test(`a name without an address (${code}) is asked for once more, and the error names it`, async (t) => {
    let asked = 0;
    t.mock.method(dns, "lookup", (...given: unknown[]) => {
      asked++;
      (given.at(-1) as (error: Error) => void)(Object.assign(new Error(code), { code }));
    });
    const inspected = inspectImage(parseReference("nobody.localhost/filter:1"), {
      retries: 1,
      retryDelay: 1,
    });
    await assert.rejects(inspected, { code: "network", message });
    assert.equal(asked, 2);
  });

test("a layer that ends early is asked for once more for each retry, of which there are six unless it is said", async (t) => {
  const layers = [{ mediaType: mediaTypes.layer, digest: sha256(Buffer.from("whole")), size: 5 }];
  const { host, seen } = await startFront(t, 0, (message, response) => {
    response.end(message.url!.includes("/blobs/") ? "half" : JSON.stringify({ schemaVersion: 2, layers }));
    return true;
  });
  for (const [options, times] of [
    [{ retries: 2, retryDelay: 1 }, 3],
    [{}, 7],
  ] as const) {
    seen.length = 0;
    const notices: string[] = [];
    const onNotice = (line: string): void => void notices.push(line);
    const message = "The connection ended after 4 of 5 bytes.";
    await assert.rejects(pullImage(parseReference(`${host}/filter:1`), { ...options, onNotice }), {
      ...{ code: "network", message },
    });
    assert.equal(seen.filter((line) => line.includes("/blobs/")).length, times);
    assert.deepEqual(notices, Array(times - 1).fill(`${message} Trying again …`));
  }
});

test("a request for a password without end is given up", { timeout: 20_000 }, async (t) => {
  const { host } = await startFront(t, 0, (_, response) => {
    response.writeHead(401, { "www-authenticate": 'Basic realm="https://a.example/"' });
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      if (!response.destroyed) response.once("drain", write);
    };
    write();
    return true;
  });
  const credentials = { username: "u", password: "p" };
  const pull = pullImage(parseReference(`${host}/filter:1`), { credentials, retries: 0 });
  await assert.rejects(pull, /The registry's answer is longer than/);
});

test("a registry without TLS is asked only on this machine, or where it is named as insecure", async (t) => {
  const asked: string[] = [];
  const here = await serve(t, (message, response) => {
    asked.push(message.headers.host!);
    response.writeHead(404).end();
  });
  // An address of this machine, which does not look like one.
  const there = here.replace("127.0.0.1", "0.0.0.0");
  const pull = (host: string, insecure?: string): Promise<unknown> =>
    pullImage(parseReference(`${host}/filter:1`), {
      retries: 0,
      ...(insecure !== undefined && { insecure }),
    });
  await assert.rejects(pull(there), { code: "tls" });
  await assert.rejects(pull(there, "other.example"), { code: "tls" });
  assert.deepEqual(asked, []);
  await assert.rejects(pull(there, there), { code: "not-found" });
  await assert.rejects(pull(here), { code: "not-found" });
  assert.deepEqual(asked, [there, here]);
});
