/** A filter's gRPC call that is refused, reset or cut short, in the local proxy and in Envoy, side by side. */
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { createServer as createTcp } from "node:net";
import type { TestContext } from "node:test";
import { envoyTest } from "../support/envoy.js";
import {
  END_HEADERS,
  END_STREAM,
  FrameType,
  PREFACE,
  frame,
  headerBlock,
  readFrames,
} from "../support/http2-frames.js";
import { freePort, listen } from "../support/ports.js";
import type { Case } from "./side-by-side.js";
import { compare } from "./side-by-side.js";
import { pass } from "../support/wait.js";

/** What a server sends on a stream, one after the other; "gone" ends the connection. */
type Step = "gone" | ((stream: number) => Buffer);

const fields =
  (pairs: [string, string][], end = false): Step =>
  (stream) =>
    frame(FrameType.Headers, END_HEADERS | (end ? END_STREAM : 0), stream, headerBlock(pairs));

const data =
  (bytes: Buffer, end = false): Step =>
  (stream) =>
    frame(FrameType.Data, end ? END_STREAM : 0, stream, bytes);

const reset =
  (code: number): Step =>
  (stream) =>
    frame(FrameType.Reset, 0, stream, Buffer.from([0, 0, 0, code]));

const head: [string, string][] = [
  [":status", "200"],
  ["content-type", "application/grpc"],
];
const begin = fields(head);

/** A message as gRPC frames it. */
const message = Buffer.from("\0\0\0\0\x03one", "latin1");
const whole = data(message);
const part = data(message.subarray(0, 7));

const codes = { none: 0, protocol: 1, internal: 2, refused: 7, cancel: 8, connect: 10, calm: 11 };

const resets: Readonly<Record<string, readonly Step[]>> = Object.fromEntries(
  Object.entries(codes).flatMap(([name, code]) => [
    [name, [reset(code)]],
    [`${name}-headers`, [begin, reset(code)]],
    [`${name}-within`, [begin, part, reset(code)]],
    [`${name}-behind`, [begin, whole, reset(code)]],
  ]),
);

const cuts: Readonly<Record<string, readonly Step[]>> = {
  ended: [begin, data(message, true)],
  "ended-later": [begin, whole, data(Buffer.alloc(0), true)],
  cut: [begin, data(message.subarray(0, 7), true)],
  "cut-later": [begin, part, data(Buffer.alloc(0), true)],
  "cut-head": [begin, data(message.subarray(0, 3), true)],
  "cut-trailers": [begin, part, fields([["grpc-status", "0"]], true)],
  "no-status": [begin, whole, fields([["x-end", "1"]], true)],
  "no-message": [begin, fields([["grpc-status", "0"]], true)],
  "odd-status": [begin, whole, fields([["grpc-status", "zero"]], true)],
  "high-status": [begin, whole, fields([["grpc-status", "99"]], true)],
  "status-and-text": [
    begin,
    fields(
      [
        ["grpc-status", "7"],
        ["grpc-message", "no%20way"],
      ],
      true,
    ),
  ],
  "two-messages": [begin, whole, whole, fields([["grpc-status", "0"]], true)],
  "wrong-flag": [
    begin,
    data(Buffer.from("\x07\0\0\0\x03one", "latin1")),
    fields([["grpc-status", "0"]], true),
  ],
  empty: [fields(head, true)],
  "status-only": [fields([...head, ["grpc-status", "0"]], true)],
  "refused-status": [fields([...head, ["grpc-status", "14"], ["grpc-message", "later"]], true)],
  gone: ["gone"],
  "gone-headers": [begin, "gone"],
  "gone-within": [begin, part, "gone"],
  "gone-behind": [begin, whole, "gone"],
  compressed: [begin, data(Buffer.from("\x01\0\0\0\x03one", "latin1")), fields([["grpc-status", "0"]], true)],
  "compressed-nothing": [
    begin,
    data(Buffer.from("\x01\0\0\0\0", "latin1")),
    fields([["grpc-status", "0"]], true),
  ],
  nothing: [begin, data(Buffer.from("\0\0\0\0\0", "latin1")), fields([["grpc-status", "0"]], true)],
  "flag-alone": [begin, data(Buffer.from([2])), fields([["grpc-status", "0"]], true)],
  "whole-and-flag": [
    begin,
    data(Buffer.concat([message, Buffer.from([2, 0, 0, 0, 0])])),
    fields([["grpc-status", "0"]], true),
  ],
  "status-503-end": [fields([[":status", "503"]], true)],
  "status-500-message": [
    fields(
      [
        [":status", "500"],
        ["grpc-message", "oh"],
      ],
      true,
    ),
  ],
  "not-grpc": [
    fields([
      [":status", "200"],
      ["content-type", "text/html"],
    ]),
    data(Buffer.from("<p>"), true),
  ],
  "status-403": [fields([[":status", "403"]], true)],
  "status-503-body": [fields([[":status", "503"]]), data(Buffer.from("busy"), true)],
  "status-404-status": [
    fields(
      [
        [":status", "404"],
        ["grpc-status", "5"],
        ["grpc-message", "none"],
      ],
      true,
    ),
  ],
};

/** A call has a timeout; a stream has none, and would never end. */
const silences: Readonly<Record<string, readonly Step[]>> = {
  silence: [],
  "silence-behind-headers": [begin],
  "silence-within": [begin, part],
  "silence-behind": [begin, whole],
};

/** Does what the request's message names. */
async function act(socket: Socket, stream: number, name: string): Promise<void> {
  for (const step of { ...resets, ...cuts, ...silences }[name]!) {
    if (step === "gone") socket.destroy();
    else socket.write(step(stream));
    await pass(30, "each must come by itself");
  }
}

async function startGrpc(t: TestContext): Promise<number> {
  const server = createTcp((socket) => {
    let bytes: Buffer = Buffer.alloc(0);
    let greeted = false;
    t.after(() => socket.destroy());
    socket.on("error", () => undefined);
    socket.write(frame(FrameType.Settings, 0, 0));
    socket.on("data", (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      if (!greeted && bytes.length < PREFACE.length) return;
      if (!greeted) bytes = bytes.subarray(PREFACE.length);
      greeted = true;
      bytes = readFrames(bytes, ({ type, flags, stream, payload }) => {
        if (type === FrameType.Settings && flags === 0) socket.write(frame(type, 1, 0));
        if (type === FrameType.Ping && flags === 0) socket.write(frame(type, 1, 0, payload));
        if (type === FrameType.Data && payload.length > 5)
          void act(socket, stream, payload.subarray(5).toString());
      });
    });
  });
  return listen(t, server);
}

const told = "gi:size 4|gt:get 5 grpc-status;get 5 grpc-message|gc:status;eff stream;cont 0";

/** A call and a stream to a cluster; the request goes on when it has ended. */
const asked = (cluster: string, does: string): Case[] =>
  [
    `qh:gcall @${cluster} M ~ ${does} 1000;ret 1|gr:bget 5 0 20;eff stream;cont 0|${told}`,
    `qh:gstream @${cluster} M;gsend last ${does} end;ret 1|gr:bget 5 0 20|${told}`,
  ].map((script) => ({ protocol: "HTTP/1.1", path: "/ok", script }));

async function compareCalls(
  t: TestContext,
  cluster: string,
  port: number,
  names: string[],
  cases = asked,
): Promise<void> {
  const server = createServer((_, response) => void response.end("ok"));
  const upstream = { host: "127.0.0.1", port: await listen(t, server) };
  const clusters = { [cluster]: { host: "127.0.0.1", port, http2: true } };
  await compare(
    t,
    upstream,
    names.flatMap((does) => cases(cluster, does)),
    clusters,
  );
}

envoyTest("gRPC: nobody listens", async (t) => compareCalls(t, "grpcdead", await freePort(), ["ended"]));

envoyTest("gRPC: reset before the answer, behind its headers, within a message and behind one", async (t) =>
  compareCalls(t, "grpcup", await startGrpc(t), Object.keys(resets)),
);

envoyTest("gRPC: an answer that is cut short, or none of gRPC", async (t) =>
  compareCalls(t, "grpcup", await startGrpc(t), Object.keys(cuts)),
);

envoyTest("gRPC: calls whose time is over before the answer is", async (t) => {
  const names = Object.keys(silences);
  await compareCalls(t, "grpcup", await startGrpc(t), names, (cluster, does) =>
    asked(cluster, does).slice(0, 1),
  );
});
