import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { ServerDuplexStream, ServerUnaryCall, ServiceDefinition, sendUnaryData } from "@grpc/grpc-js";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { becomes, pass, until } from "../support/wait.js";

const same = (bytes: Buffer): Buffer => bytes;

function method(name: string, stream: boolean): ServiceDefinition[string] {
  return {
    path: `/test.Echo/${name}`,
    requestStream: stream,
    responseStream: stream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

function unary(call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void {
  answer(null, Buffer.from(`${call.request.toString()} ${call.metadata.get("x-meta").join()}`));
}

function refuse(_: unknown, answer: sendUnaryData<Buffer>): void {
  answer({ code: status.PERMISSION_DENIED, details: "not you: größer %41" });
}

function chat(call: ServerDuplexStream<Buffer, Buffer>): void {
  const metadata = new Metadata();
  metadata.set("x-initial", call.metadata.get("x-meta").join());
  call.sendMetadata(metadata);
  call.on("data", (message: Buffer) => call.write(Buffer.from(`re:${message.toString()}`)));
  call.on("error", () => undefined);
  call.on("end", () => {
    const trailing = new Metadata();
    trailing.set("x-trailing", "bye");
    call.end(trailing);
  });
}

interface Setting {
  readonly envoy: Envoy;
  /** The calls that were cancelled, as the server sees it. */
  readonly cancelled: string[];
}

async function start(t: TestContext): Promise<Envoy> {
  return (await startWithServer(t)).envoy;
}

async function startWithServer(t: TestContext): Promise<Setting> {
  const cancelled: string[] = [];
  /** Answers with its message once the other side has waited for as long as that says. */
  const late = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
    const text = call.metadata.get("x-text").join();
    setTimeout(() => answer(null, Buffer.from(text)), Number(/^\d+/.exec(text)![0]));
  };
  const many = (call: ServerDuplexStream<Buffer, Buffer>): void => {
    call.on("error", () => undefined);
    call.once("data", () => {
      for (let i = 0; i < 100; i++) call.write(Buffer.alloc(i * 100, "m"));
      call.end();
    });
  };
  const server = new Server();
  server.addService(
    {
      echo: method("Echo", false),
      refuse: method("Refuse", false),
      slow: method("Slow", false),
      chat: method("Chat", true),
      late: method("Late", false),
      cancelled: method("Cancelled", false),
      many: method("Many", true),
    },
    {
      echo: unary,
      refuse,
      slow: () => undefined,
      chat: (call: ServerDuplexStream<Buffer, Buffer>) => {
        let ended = false;
        call.on("end", () => (ended = true));
        // It is also called at an ordinary end.
        call.on("cancelled", () => ended || cancelled.push("chat"));
        chat(call);
      },
      late,
      cancelled: (_: unknown, answer: sendUnaryData<Buffer>) =>
        answer({ code: status.CANCELLED, details: "no longer wanted" }),
      many,
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  t.after(() => server.forceShutdown());
  const wasm = await compileFilter("tests/envoy/filters/grpc.ts");
  const envoy = await startEnvoy(t, {
    filters: [{ wasm }],
    clusters: { "grpc-server": port, "grpc-closed": 1, users: port },
  });
  return { envoy, cancelled };
}

async function call(envoy: Envoy, headers: Record<string, string>): Promise<string> {
  return (await request(envoy.port, { headers: Object.entries(headers) })).body;
}

envoyTest("grpc: a call's answer, its status and message, a refusal and a timeout arrive", async (t) => {
  const envoy = await start(t);
  assert.equal(await call(envoy, { "x-method": "Echo" }), "0 [] hello m");
  assert.equal(
    await call(envoy, { "x-method": "Refuse" }),
    `7 [${Buffer.from("not you: größer %41").toString("latin1")}{via_upstream}] `,
  );
  assert.match(
    await call(envoy, { "x-method": "Slow" }),
    /^(4 \[Deadline exceeded|14 \[upstream request timeout)/,
  );
  assert.match(await call(envoy, { "x-method": "Nope" }), /^12 \[/);
  assert.equal(await call(envoy, { "x-method": "Cancelled" }), "1 [no longer wanted{via_upstream}] ");
  assert.match(
    await call(envoy, { "x-method": "Echo", "x-cluster": "grpc-closed" }),
    /^14 \[upstream connect error/,
  );
  assert.match(await call(envoy, {}), /^0$/, "no call is remembered");
});

envoyTest("grpc: a stream has metadata, messages both ways, an end, and can be cancelled", async (t) => {
  const { envoy, cancelled } = await startWithServer(t);
  assert.equal(
    await call(envoy, { "x-method": "Chat", "x-stream": "yes" }),
    "initial m;message re:first;closed 22;message re:last;trailing bye;close 0 OK{via_upstream}",
  );
  assert.equal(
    await call(envoy, { "x-method": "Chat", "x-stream": "cancel" }),
    "initial m;message re:first;cancel 0 2;",
  );
  assert.equal(await call(envoy, {}), "0");
  await until(() => cancelled.length > 0);
  assert.deepEqual(cancelled, ["chat"], "the server hears of the cancellation");
});

envoyTest("grpc: a hundred messages of a stream come whole and in order", async (t) => {
  const envoy = await start(t);
  const sizes = Array.from({ length: 100 }, (_, i) => i * 100).join();
  assert.equal(await call(envoy, { "x-method": "Many", "x-stream": "sizes" }), `${sizes} 0 OK{via_upstream}`);
});

envoyTest("grpc: calls that are answered in another order reach their own streams, or nobody", async (t) => {
  const envoy = await start(t);
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  const answers = await Promise.all(
    numbers.map(async (i) => {
      const text = `${250 - i * 10} ms, ${i}`;
      const headers: [string, string][] = [
        ["x-method", "Late"],
        ["x-text", text],
      ];
      const { body } = await request(envoy.port, { headers, ...(i % 4 === 3 && { cutAfter: 20 }) });
      return [body, i % 4 === 3 ? "" : `0 [] ${text}`];
    }),
  );
  for (const [body, expected] of answers) assert.equal(body, expected);
  await becomes(() => call(envoy, {}), "0"); // no call is remembered
});

envoyTest("grpc: what would abort Envoy is refused or sent in a form that does not", async (t) => {
  const envoy = await start(t);
  // As a bare name, "users" parses as protobuf without a target, which Envoy does not survive.
  assert.match(await call(envoy, { "x-method": "Echo", "x-cluster": "users" }), /^14 \[/);
  for (const cluster of ["h2", "envoy", "empty", "nope", "x".repeat(200)])
    assert.match(await call(envoy, { "x-method": "Echo", "x-cluster": cluster }), /^not sent: \d+$/, cluster);
  assert.equal(await call(envoy, { "x-method": "Echo", "x-cluster": "" }), "not sent: 2");
  const refused = ["h2", "", "users", "envoy", "\x12\x02ab", "\x0a\x00", "\x0a\x02\x0a\x00", "\x0a\x7f"];
  for (const raw of refused) {
    const hex = Buffer.from(raw, "latin1").toString("hex");
    assert.equal(await call(envoy, { "x-method": "Echo", "x-raw": hex }), "not sent: 2", hex);
  }
  const own = "\x0a\x0d\x0a\x0bgrpc-server";
  const answer = await call(envoy, {
    "x-method": "Echo",
    "x-raw": Buffer.from(own, "latin1").toString("hex"),
  });
  assert.equal(answer, "0 [] hello m");
  assert.equal(await call(envoy, { "x-method": "Echo" }), "0 [] hello m");
  assert.ok(envoy.isAlive);
});

envoyTest("grpc: what comes for a stream that is gone goes to nobody", async (t) => {
  const envoy = await start(t);
  await request(envoy.port, { headers: [["x-method", "Slow"]], cutAfter: 50 });
  await request(envoy.port, {
    headers: [
      ["x-method", "Chat"],
      ["x-stream", "yes"],
    ],
    cutAfter: 2,
  });
  await pass(600, "the answers come, for nobody");
  assert.equal(await call(envoy, {}), "0");
  assert.doesNotMatch(envoy.log, /failed|critical/i);
});
