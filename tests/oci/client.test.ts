/** Where a registry is sought, what a request carries, who is asked again and how often, and who gets a password. */
import assert from "node:assert/strict";
import dns from "node:dns";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { RegistryClient } from "../../src/oci/client.js";
import type { ClientOptions } from "../../src/oci/client.js";
import { parseReference } from "../../src/oci/index.js";
import { freePort, listen } from "../support/ports.js";
import { until } from "../support/wait.js";
import { serve } from "./support/serve.js";

const login = { username: "ann", password: "s3cret" };
const basic = `Basic ${Buffer.from("ann:s3cret").toString("base64")}`;

/** Asks a registry for a path once; the answer's text, or the error. */
async function ask(
  t: TestContext,
  registry: string,
  options: ClientOptions = {},
  path = "a/b",
): Promise<{ text?: string; error?: { code: string; message: string } }> {
  const reference = parseReference(`${registry}/team/filter:1`);
  const client = new RegistryClient(reference, "pull", { retries: 0, retryDelay: 1, ...options });
  t.after(() => client.close());
  try {
    return { text: await (await client.request(path, [200])).text() };
  } catch (error) {
    return { error: error as { code: string; message: string } };
  }
}

test("a registry is sought under its own name, Docker Hub under that of its API", async (t) => {
  const sought: string[] = [];
  t.mock.method(dns, "lookup", (...given: unknown[]) => {
    sought.push(given[0] as string);
    (given.at(-1) as (error: Error) => void)(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
  });
  for (const registry of ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.example"])
    assert.equal((await ask(t, registry)).error?.message, `There is no host ${registry} (ENOTFOUND).`);
  assert.deepEqual(sought, [...Array<string>(3).fill("registry-1.docker.io"), "registry.example"]);
});

test("a proxy that the environment names is asked for registries elsewhere, and not for those here", async (t) => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (message: IncomingMessage, socket) => {
    asked.push(message.url!);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  const port = await listen(t, proxy);
  const here = await serve(t, (_, response) => response.end("here"));
  const names = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];
  const before = names.map((name) => process.env[name]);
  t.after(() =>
    names.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    }),
  );
  for (const name of ["https_proxy", "HTTPS_PROXY"]) {
    for (const each of names) delete process.env[each];
    process.env[name] = `http://127.0.0.1:${port}`;
    asked.length = 0;
    assert.equal((await ask(t, "registry.example")).error?.code, "network");
    assert.deepEqual(asked, ["registry.example:443"], name);
    assert.deepEqual(await ask(t, here), { text: "here" });
    assert.equal(asked.length, 1);
  }
});

test("a request says who asks, with what it was given, for a path of the repository or another address", async (t) => {
  const seen: string[] = [];
  const host = await serve(t, ({ method, url, headers }, response) => {
    seen.push(`${method} ${url} ${headers["user-agent"]} ${headers.authorization}`);
    response.end("done");
  });
  for (const path of ["a/b", "/v2/other/c", `http://${host}/d`])
    assert.deepEqual(await ask(t, host, { credentials: login }, path), { text: "done" });
  const paths = ["/v2/team/filter/a/b", "/v2/other/c", "/d"];
  assert.deepEqual(
    seen,
    paths.map((path) => `GET ${path} proxy-wasm-as undefined`),
  );
});

/** Answers by a list of statuses, the last of which goes on; how many requests there were, and what was noticed. */
async function counted(
  t: TestContext,
  statuses: readonly number[],
  options: ClientOptions,
  headers: Record<string, string> = {},
): Promise<{ requests: number; notices: string[]; code: string | undefined; milliseconds: number }> {
  const [left, notices]: [number[], string[]] = [[...statuses], []];
  let requests = 0;
  const host = await serve(t, (_, response) => {
    requests++;
    const status = left.length > 1 ? left.shift()! : left[0]!;
    response.writeHead(status, {
      ...(status === 401 && { "www-authenticate": 'Basic realm="https://a.example/"' }),
      ...headers,
    });
    response.end();
  });
  const began = performance.now();
  const { error } = await ask(t, host, {
    ...options,
    onNotice: (line) => notices.push(line.replace(host, "HOST")),
  });
  return { requests, notices, code: error?.code, milliseconds: performance.now() - began };
}

test("a passing failure is tried again six times unless told otherwise, and each time it is said", async (t) => {
  for (const [retries, requests] of [
    [undefined, 7],
    [0, 1],
    [2, 3],
  ] as const) {
    const result = await counted(t, [503], { retryDelay: 0, retries });
    assert.deepEqual([result.requests, result.code], [requests, "registry"]);
    assert.deepEqual(result.notices, Array(requests - 1).fill("HOST answered 503. Trying again …"));
  }
});

test("failures that are not passing are told at once, each status at its limit", async (t) => {
  for (const status of [400, 409, 428, 430, 499])
    assert.equal((await counted(t, [status], { retryDelay: 0, retries: 1 })).requests, 1, `${status}`);
  for (const status of [408, 429, 500, 503, 599])
    assert.equal((await counted(t, [status], { retryDelay: 0, retries: 1 })).requests, 2, `${status}`);
});

test("a demand for a password is no attempt: all repetitions are left after it", async (t) => {
  const patience = { retryDelay: 0, retries: 2, credentials: login };
  const { requests, code } = await counted(t, [401, 503], patience);
  assert.deepEqual([requests, code], [4, "registry"]);
});

test("each wait is twice as long as the one before, whether the registry answers or is not there", async (t) => {
  t.mock.method(Math, "random", () => 0.5);
  const patience = { retries: 5, retryDelay: 20 };
  const { milliseconds } = await counted(t, [503], patience);
  assert.ok(milliseconds >= 610 && milliseconds < 2200, `${milliseconds}`);
  const began = performance.now();
  const { error } = await ask(t, `127.0.0.1:${await freePort()}`, patience);
  assert.equal(error?.code, "network");
  const took = performance.now() - began;
  assert.ok(took >= 610 && took < 2200, `${took}`);
});

test("a registry that names a time of nothing is asked again at once", { timeout: 20_000 }, async (t) => {
  const patience = { retries: 1, retryDelay: 60_000 };
  const { requests } = await counted(t, [503], patience, { "retry-after": "0" });
  assert.equal(requests, 2);
});

test("a connection that breaks is begun again, and what is prepared is prepared anew", async (t) => {
  let requests = 0;
  const host = await serve(t, (message, response) => {
    requests++;
    if (requests < 3) message.socket.destroy();
    else response.end(message.url);
  });
  const client = new RegistryClient(parseReference(`${host}/filter:1`), "pull", {
    retries: 2,
    retryDelay: 1,
  });
  t.after(() => client.close());
  let prepared = 0;
  const prepare = (): Promise<string> => Promise.resolve(`up/${++prepared}`);
  const response = await client.request("unused", [200], { prepare });
  // One more is prepared for TLS, which this registry does not speak.
  assert.equal(await response.text(), `/v2/filter/up/${prepared}`);
  assert.deepEqual([requests, prepared], [3, 4]);
});

/** A registry that wants a token of this realm. */
const wanting =
  (realm: string, right = "Bearer t") =>
  (message: IncomingMessage, response: ServerResponse): void => {
    if (message.headers.authorization === right) return void response.end("in");
    response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
  };

test("a token server that is not there, refuses, or gives nothing is told with its name", async (t) => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const refusing = await serve(t, (_, response) => response.writeHead(403).end());
  const silent = await serve(t, (_, response) => response.end("{}"));
  for (const [tokens, code, message] of [
    [nowhere, "network", `The token server ${nowhere} cannot be reached (ECONNREFUSED).`],
    [refusing, "credentials", "HOST refuses access to team/filter (403): this user may not do that."],
    [silent, "credentials", `The token server ${silent} gave no token.`],
  ] as const) {
    const host = await serve(t, wanting(`http://${tokens}/token`));
    const { error } = await ask(t, host, { credentials: login });
    assert.deepEqual([error?.code, error?.message.replace(host, "HOST")], [code, message]);
  }
});

test("a token server without TLS gets a password on this machine, or where it is the host that was named", async (t) => {
  const passwords: (string | undefined)[] = [];
  const tokens = await serve(t, ({ headers }, response) => {
    passwords.push(headers.authorization);
    response.end('{"token":"t"}');
  });
  // An address of this machine, which does not look like one.
  const elsewhere = tokens.replace("127.0.0.1", "0.0.0.0");
  const refusal = (host: string): object => ({
    error: {
      code: "tls",
      message: `${host} wants the password sent readable to http://${elsewhere}/token; it is not.`,
    },
  });
  const registryOf = (realm: string): Promise<string> => serve(t, wanting(realm));
  const near = await registryOf(`http://${tokens}/token`);
  assert.deepEqual(await ask(t, near, { credentials: login }), { text: "in" });
  const far = await registryOf(`http://${elsewhere}/token`);
  for (const insecure of [undefined, true, far, "other.example"]) {
    const { error } = await ask(t, far, { credentials: login, insecure });
    assert.deepEqual({ error: { code: error?.code, message: error?.message } }, refusal(far));
  }
  assert.deepEqual(await ask(t, far, { credentials: login, insecure: elsewhere }), { text: "in" });
  assert.deepEqual(await ask(t, far), { text: "in" }, "without a password there is nothing to read");
  assert.deepEqual(passwords, [basic, basic, undefined]);
  const odd = await registryOf("ftp://127.0.0.1/token");
  assert.equal((await ask(t, odd, { credentials: login })).error?.code, "tls");
});

test("a token that has run out is asked for once more, and a password that is wrong is not sent again", async (t) => {
  let tokens = 0;
  const host = await serve(t, (message, response) => {
    if (message.url!.startsWith("/token")) return void response.end(`{"token":"t${++tokens}"}`);
    wanting(`http://${message.headers.host}/token`, "Bearer t2")(message, response);
  });
  assert.deepEqual(await ask(t, host), { text: "in" });
  assert.equal(tokens, 2);
});

test("a certificate that nobody vouches for is told at once, however many repetitions there are", async (t) => {
  const { makeCertificates } = await import("./support/registry.js");
  const { readFileSync } = await import("node:fs");
  const https = await import("node:https");
  const { certificate, key } = makeCertificates(t);
  let connections = 0;
  const server = https.createServer(
    { cert: readFileSync(certificate), key: readFileSync(key) },
    (_, response) => response.end("in"),
  );
  server.on("connection", () => connections++);
  const host = `127.0.0.1:${await listen(t, server)}`;
  t.after(() => server.closeAllConnections());
  const { error } = await ask(t, host, { retries: 3 });
  assert.deepEqual([error?.code, connections], ["tls", 1]);
  assert.deepEqual(await ask(t, host, { insecure: true }), { text: "in" });
});

test("a client that is closed keeps no connection", async (t) => {
  const server = createServer((_, response) => response.end("in"));
  const port = await listen(t, server);
  const client = new RegistryClient(parseReference(`127.0.0.1:${port}/filter:1`), "pull");
  await (await client.request("a", [200])).text();
  const count = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_, number) => resolve(number)));
  assert.equal(await count(), 1);
  await client.close();
  await until(async () => (await count()) === 0);
});
