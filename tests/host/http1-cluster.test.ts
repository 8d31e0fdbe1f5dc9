/** An upstream of HTTP/1.1 as it sees requests, byte by byte, and its answers as the host gets them. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Fields, UpstreamRequest } from "../../src/host/services/cluster.js";
import { Http1Cluster } from "../../src/host/server/http1-cluster.js";
import { freePort, listen } from "../support/ports.js";
import { until } from "../support/wait.js";

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

interface Line {
  /** All that the upstream got. */
  readonly got: () => string;
  /** The upstream's end of the connection. */
  readonly socket: () => Promise<Socket>;
  /** What the host was told. */
  readonly told: unknown[];
  readonly request: UpstreamRequest;
  readonly cluster: Http1Cluster;
}

async function open(t: TestContext): Promise<Line> {
  let got = "";
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => (got += bytes.toString("latin1")));
    t.after(() => socket.destroy());
  });
  const port = await listen(t, server);
  const told: unknown[] = [];
  const cluster = new Http1Cluster({ host: "127.0.0.1", port }, (event) => event());
  t.after(() => cluster.close());
  assert.equal(cluster.address, `127.0.0.1:${port}`);
  const request = cluster.open({
    headers: (fields, isEnd) => told.push(["headers", fields, isEnd]),
    data: (bytes, isEnd) => told.push(["data", Buffer.from(bytes).toString("latin1"), isEnd]),
    trailers: (fields) => told.push(["trailers", fields]),
    reset: (reason) => told.push(["reset", reason]),
  });
  const socket = async (): Promise<Socket> => {
    await until(() => sockets.length > 0);
    return sockets[0]!;
  };
  return { got: () => got, socket, told, request, cluster };
}

const heads: Fields = [
  [":method", "PUT"],
  [":path", "/p?q"],
  [":authority", "a.example"],
  [":scheme", "http"],
];
const first = "PUT /p?q HTTP/1.1\r\nhost: a.example\r\n";

for (const [what, act, bytes] of [
  [
    "without a body",
    (request) => request.headers([...heads, ["x-A", "\xe9"]], true),
    `${first}x-A: \xe9\r\n`,
  ],
  [
    "with a length",
    (request) => {
      request.headers([...heads, ["content-length", "3"]], false);
      request.data(utf8("ab"), false);
      request.data(utf8("c"), true);
      request.data(utf8("late"), true);
    },
    `${first}content-length: 3\r\n`,
  ],
  [
    "in chunks, with trailers",
    (request) => {
      request.headers([...heads, ["transfer-encoding", "chunked"]], false);
      request.data(utf8("ab"), false);
      request.trailers([["t", "1"]]);
    },
    `${first}transfer-encoding: chunked\r\n`,
  ],
] as const satisfies readonly (readonly [string, (request: UpstreamRequest) => void, string])[])
  test(`a request ${what} goes out as it is`, async (t) => {
    const { got, request } = await open(t);
    act(request);
    const ends = {
      "without a body": "",
      "with a length": "abc",
      "in chunks, with trailers": "2\r\nab\r\n0\r\nt: 1\r\n\r\n",
    };
    await until(() => got().endsWith(`\r\n\r\n${ends[what]}`));
    const [head] = got().split("\r\n\r\n");
    assert.ok(`${head}\r\n`.startsWith(bytes), got());
    // Only Node's own way to keep a connection may follow.
    assert.match(
      `${head}\r\n`.slice(bytes.length),
      /^(connection: keep-alive\r\n)?(transfer-encoding: chunked\r\n)?$/i,
    );
  });

for (const [what, answer, told] of [
  [
    "with a length",
    "HTTP/1.1 201 Made\r\nX-B: 1\r\nContent-Length: 2\r\n\r\nok",
    [
      [
        "headers",
        [
          [":status", "201"],
          ["x-b", "1"],
          ["content-length", "2"],
        ],
        false,
      ],
      ["data", "ok", false],
      ["data", "", true],
    ],
  ],
  [
    "in chunks, with trailers",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n",
    [
      [
        "headers",
        [
          [":status", "200"],
          ["transfer-encoding", "chunked"],
        ],
        false,
      ],
      ["data", "ok", false],
      ["trailers", [["t", "1"]]],
    ],
  ],
  ...(["204 No Content", "304 Not Modified"] as const).map(
    (line) =>
      [line, `HTTP/1.1 ${line}\r\n\r\n`, [["headers", [[":status", line.slice(0, 3)]], true]]] as const,
  ),
  [
    "of length 0",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    [
      [
        "headers",
        [
          [":status", "200"],
          ["content-length", "0"],
        ],
        true,
      ],
    ],
  ],
  ["that is none", "words\r\n\r\n", [["reset", "protocol error"]]],
] as const)
  test(`an answer ${what} is told in events`, async (t) => {
    const { socket, told: seen, request } = await open(t);
    request.headers(heads, true);
    (await socket()).write(answer);
    await until(() => seen.length >= told.length);
    assert.deepEqual(seen, told);
  });

test("a head's answer has no body, whatever its length says", async (t) => {
  const { socket, told, request } = await open(t);
  request.headers([[":method", "HEAD"], ...heads.slice(1)], true);
  (await socket()).write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
  await until(() => told.length > 0);
  assert.deepEqual(told, [
    [
      "headers",
      [
        [":status", "200"],
        ["content-length", "5"],
      ],
      true,
    ],
  ]);
});

for (const [what, end, reason] of [
  ["ends", (socket: Socket) => socket.end(), "protocol error"],
  ["is cut", (socket: Socket) => socket.resetAndDestroy(), "connection termination"],
] as const)
  test(`an answer whose connection ${what} within it is reset`, async (t) => {
    const { socket, told, request } = await open(t);
    request.headers(heads, true);
    const theirs = await socket();
    theirs.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok");
    await until(() => told.length === 2);
    end(theirs);
    await until(() => told.length > 2);
    assert.deepEqual(told.slice(2), [["reset", reason]]);
  });

test("a connection that is cut before the answer, or that nobody takes, is reset with its reason", async (t) => {
  const { socket, told, request } = await open(t);
  request.headers(heads, true);
  (await socket()).destroy();
  await until(() => told.length > 0);
  assert.deepEqual(told, [["reset", "connection termination"]]);
  const nowhere = new Http1Cluster({ host: "127.0.0.1", port: await freePort() }, (event) => event());
  const seen: unknown[] = [];
  const none = (): void => assert.fail("there is no answer");
  nowhere
    .open({ headers: none, data: none, trailers: none, reset: (reason) => seen.push(reason) })
    .headers(heads, true);
  await until(() => seen.length > 0);
  assert.deepEqual(seen, ["remote connection failure"]);
});

test("headers that Node does not send are an error of the protocol; nothing goes out", async (t) => {
  const { got, told, request } = await open(t);
  request.headers([...heads, ["a b", "1"]], false);
  request.data(utf8("x"), true);
  request.trailers([]);
  assert.deepEqual([told, got()], [[["reset", "protocol error"]], ""]);
});

test("a request that is given up closes its connection and is told nothing", async (t) => {
  const { socket, told, request } = await open(t);
  request.headers(heads, true);
  const theirs = await socket();
  let isClosed = false;
  theirs.on("close", () => (isClosed = true));
  request.reset();
  await until(() => isClosed);
  assert.deepEqual(told, []);
});

test("a connection that changes its protocol carries data both ways, until it is closed", async (t) => {
  const { got, socket, told, request } = await open(t);
  request.headers(
    [[":method", "GET"], ...heads.slice(1), ["connection", "Upgrade"], ["upgrade", "raw"]],
    false,
  );
  const theirs = await socket();
  theirs.write("HTTP/1.1 101 Switching\r\nconnection: Upgrade\r\nupgrade: raw\r\n\r\nhello");
  await until(() => told.length >= 2);
  assert.deepEqual(told, [
    [
      "headers",
      [
        [":status", "101"],
        ["connection", "Upgrade"],
        ["upgrade", "raw"],
      ],
      false,
    ],
    ["data", "hello", false],
  ]);
  request.data(utf8("ping"), false);
  await until(() => got().endsWith("ping"));
  theirs.end("bye");
  await until(() => told.length >= 4);
  assert.deepEqual(told.slice(2), [
    ["data", "bye", false],
    ["data", "", true],
  ]);
});
