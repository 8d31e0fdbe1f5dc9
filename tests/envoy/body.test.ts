import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import type { EchoUpstream } from "../../src/echo.js";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import type { RawRequest, RawResponse } from "../support/http.js";
import { request } from "../support/http.js";

interface Setting {
  envoy: Envoy;
  upstream: EchoUpstream;
}

async function start(t: TestContext): Promise<Setting> {
  const wasm = await compileFilter("tests/envoy/filters/body.ts");
  const upstream = await startUpstream(t, (incoming, response) => {
    const length = Number(incoming.headers.find(([name]) => name === "x-length")?.[1] ?? 0);
    response.end(length > 0 ? Buffer.alloc(length, "r") : "response");
  });
  return { upstream, envoy: await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port }) };
}

interface Outcome {
  response: RawResponse;
  log: string[];
  /** The body that reached the upstream. */
  body: string | undefined;
}

/** Sends a request; its body is treated as `commands` say in the callback `at`. */
async function send(
  { envoy, upstream }: Setting,
  at: string,
  commands: string[],
  { headers = [], ...more }: RawRequest = {},
): Promise<Outcome> {
  const before = { logs: envoy.wasmLogs.length, requests: upstream.requests.length };
  const response = await request(envoy.port, {
    method: "POST",
    body: "hello world",
    ...more,
    headers: [["x-at", at], ["x-do", commands.join(";")], ...headers],
  });
  await envoy.waitForLog(() => envoy.wasmLogs.length >= before.logs + commands.length);
  return {
    response,
    log: envoy.wasmLogs.slice(before.logs).map(({ message }) => message),
    body: upstream.requests[before.requests]?.body,
  };
}

const free: RawRequest = {
  headers: [
    ["x-free", ""],
    ["x-hold", "1"],
  ],
};

envoyTest("body: size, text, bytes and slices, and changes in every place, reach the upstream", async (t) => {
  const setting = await start(t);
  const read = ["size", "text", "bytes", "slice|6|5", "slice|6|100", "slice|11|1", "slice|50|1", "slice|0|0"];
  assert.deepEqual((await send(setting, "requestBody", read)).log, [
    ...[
      "size 11",
      "text hello world",
      "bytes 11",
      "slice world",
      "slice world",
      "slice ",
      "slice ",
      "slice ",
    ],
  ]);
  const changes: [command: string, body: string][] = [
    ["set|new", "new"],
    ["set|much longer than it was before", "much longer than it was before"],
    ["append|!", "hello world!"],
    ["prepend|oh,", "oh,hello world"],
    ["splice|0|5|bye", "bye world"],
    ["splice|6|5|there", "hello there"],
    ["splice|5|1|-dear-", "hello-dear-world"],
    ["splice|6|100|x", "hello x"],
    ["splice|90|1|x", "hello worldx"],
    ["replaceAll|o|00", "hell00 w00rld"],
    ["replaceAll|hello |", "world"],
    ["replaceAll|absent|x", "hello world"],
    ["clear", ""],
    ["copy", "hello world"],
    ["upper", "HELLO WORLD"],
  ];
  for (const [command, body] of changes) {
    for (const at of ["requestBody", "requestEnd"]) {
      const outcome = await send(setting, at, [command], free);
      assert.deepEqual(outcome.log, [`${command.split("|")[0]} `], `${at} ${command}`);
      assert.equal(outcome.body, body, `${at} ${command}`);
      assert.equal(outcome.response.status, 200);
    }
    const response = await send(setting, "responseEnd", [command.replace("world", "")], free);
    assert.equal(response.response.status, 200);
    assert.ok(response.response.complete, command);
  }
});

envoyTest("body: its length may change only once content-length is removed", async (t) => {
  const setting = await start(t);
  for (const command of ["set|short", "append|x", "prepend|x", "clear", "splice|1|1|xx", "replaceAll|o|"]) {
    const refused = await send(setting, "requestBody", [command]);
    assert.equal(refused.log[0], `${command.split("|")[0]} !2`);
    assert.equal(refused.body, undefined);
    assert.equal(refused.response.status, 500, "what was to be changed does not go on as it was");
  }
  const encoding = { headers: [["x-no-encoding", ""]] as [string, string][] };
  const still = await send(setting, "requestBody", ["append|x"], encoding);
  assert.equal(still.log[0], "append !2", "content-length is there without transfer-encoding too");
  assert.equal(still.response.status, 500);
  // Five bytes for the two that are left would be three too many, whatever the call says.
  for (const beyond of ["splice|9|5|12345", "splice|11|3|abc", "splice|50|1|x"]) {
    const refused = await send(setting, "requestBody", [beyond]);
    assert.deepEqual(
      [refused.log[0], refused.body, refused.response.status],
      ["splice !2", undefined, 500],
      beyond,
    );
  }
  assert.equal((await send(setting, "requestBody", ["splice|9|100|12", "splice|11|3|"])).body, "hello wor12");
  const sameLength = await send(setting, "requestBody", ["upper", "splice|0|1|J", "replaceAll|L|l"]);
  const empty = await send(setting, "requestBody", ["replaceAll||x"], free);
  assert.deepEqual(empty.log, ["replaceAll !2"]);
  assert.equal(sameLength.body, "JEllO WORlD");
});

envoyTest("body: with trailers, a buffered body can still be read and changed", async (t) => {
  const setting = await start(t);
  const outcome = await send(setting, "requestTrailers", ["text", "append|!"], {
    headers: [
      ["x-hold", "1"],
      ["x-free", ""],
    ],
    trailers: [["x-trailer", "1"]],
  });
  assert.deepEqual(outcome.log, ["text hello world", "append "]);
  assert.equal(outcome.body, "hello world!");
});

envoyTest("body: where the host has let go of it, it is refused, and Envoy stays alive", async (t) => {
  const setting = await start(t);
  const commands = ["size", "text", "bytes", "set|x", "append|x", "clear"];
  for (const hold of ["0", "1", "2", "3"]) {
    for (const at of [
      "requestHeaders",
      "requestTrailers",
      "responseHeaders",
      "responseBodyRequest",
      "log",
      "logResponse",
      "done",
    ]) {
      const buffered = hold === "1" && at === "requestTrailers";
      const { log, response } = await send(setting, at, commands, {
        headers: [["x-hold", hold]],
        ...(at === "requestTrailers" && { trailers: [["x-trailer", "1"]] }),
      });
      assert.ok(log.length >= commands.length, `${hold} ${at}`);
      assert.equal(
        log.every((line) => line.endsWith("!2")),
        !buffered,
        `${hold} ${at}: ${log.join()}`,
      );
      assert.equal(response.status, buffered ? 500 : 200, "changes of a length that was announced");
    }
  }
  assert.ok(setting.envoy.isAlive);
});

envoyTest("body: random bytes up to 5 MiB pass through text and bytes unharmed", async (t) => {
  const setting = await start(t);
  for (const size of [0, 1, 2, 63, 64, 4095, 16384, 65535, 65537, 1 << 20, 5 << 20]) {
    for (const command of ["copy", "retext"]) {
      const body = randomBytes(size).toString("latin1");
      const { envoy, upstream } = setting;
      const before = upstream.requests.length;
      const headers = [
        ["x-at", "requestBody"],
        ["x-do", command],
      ] as const;
      const response = await request(envoy.port, { method: "POST", body, headers });
      assert.equal(response.status, 200);
      assert.ok(upstream.requests[before]!.body === body, `${command} of ${size} bytes`);
    }
  }
  assert.doesNotMatch(setting.envoy.log, /!\d/);
});
