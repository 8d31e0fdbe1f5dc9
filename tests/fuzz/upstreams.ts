/** What is behind Envoy: upstreams that answer in several ways, also badly. */
import { createServer as createHttp2 } from "node:http2";
import type { ServerHttp2Session } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import type { EchoUpstream } from "../../src/echo.js";
import { startEcho } from "../../src/echo.js";
import { END_HEADERS, END_STREAM, FrameType, PREFACE } from "../support/http2-frames.js";
import { WINDOW, frame, headerBlock, openWindow, readFrames } from "../support/http2-frames.js";
import { metadataFrame } from "./requests.js";
import type { Random } from "./random.js";

/** A server that ends with the round. */
export interface Upstream {
  readonly port: number;
  close(): Promise<void>;
}

const packed = gzipSync("packed ".repeat(5000));

/** By HTTP/1. */
export function startUpstream(): Promise<EchoUpstream> {
  return startEcho((incoming, response) => {
    response.on("error", () => undefined);
    const kind = /^\/fuzz\/(\d)/.exec(incoming.path)?.[1];
    if (kind === "1") return void response.destroy();
    // Some of what the filter makes of a request lets Node send no chunks, and so no trailers.
    if (kind === "2" && incoming.method !== "HEAD" && response.useChunkedEncodingByDefault) {
      response.writeHead(200, { trailer: "x-trailer" });
      response.write("chunk ");
      response.addTrailers({ "x-trailer": "1" });
      return void setTimeout(() => response.end("end"), 5);
    }
    if (kind === "3") return void response.writeHead(204).end();
    if (kind === "4") return void setTimeout(() => response.end("late".repeat(20_000)), 10);
    if (kind === "6")
      return void response
        .writeHead(302, { location: `http://example.test/fuzz/${incoming.body.length % 6}` })
        .end();
    if (kind === "7") return void response.writeHead(503).end("not now");
    if (kind === "8")
      return void response
        .writeHead(200, { "content-encoding": "gzip", vary: "accept-encoding" })
        .end(packed);
    response.setHeader("x-a", "1");
    response.end("fine");
  });
}

async function listen(server: Server, endAll: () => void): Promise<Upstream> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        endAll();
      }),
  };
}

/** Tunnels that say something and end, tunnels that break off, and refusals of a tunnel. */
export function startTunnels(): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.once("data", (data) => {
      const kind = Number(/^\S+ \/tunnel\/(\d)/.exec(String(data))?.[1] ?? 0);
      if (kind === 0) return void socket.destroy();
      if (kind < 3)
        return void socket.end("HTTP/1.1 403 No\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno");
      socket.write("HTTP/1.1 101 Fine\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello");
      setTimeout(() => socket.end("bye".repeat(kind === 3 ? 30_000 : 1)), 5);
    });
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** gRPC: sends messages back as they come, ten at most; or answers an error, or breaks off. */
export function startGrpc(random: Random): Promise<Upstream> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => undefined);
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream) => {
    stream.on("error", () => undefined);
    const kind = random(8);
    if (kind === 0) return stream.close(random(9));
    const head = { ":status": 200, "content-type": "application/grpc", "x-a": "1" };
    if (kind === 1) return stream.respond({ ...head, "grpc-status": random(17) }, { endStream: true });
    const status = kind === 2 ? random(17) : 0;
    stream.on("wantTrailers", () => {
      if (!stream.destroyed) stream.sendTrailers({ "grpc-status": status, "grpc-message": "done" });
    });
    stream.respond(head, { waitForTrailers: true });
    let left = 10;
    stream.on("data", (data) => {
      if (stream.writable) stream.write(data);
      if (--left === 0) stream.end();
    });
    stream.on("end", () => stream.end());
  });
  return listen(server, () => {
    for (const session of sessions) session.destroy();
  });
}

/** HTTP/2 with METADATA of its own, before, between and after what else it sends. */
export function startMetadata(random: Random): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const begun = new Set<number>();
    let rest: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      if (!isGreeted) {
        if (rest.length < PREFACE.length) return;
        rest = rest.subarray(PREFACE.length);
        isGreeted = true;
        socket.write(Buffer.concat([frame(FrameType.Settings, 0, 0, WINDOW), openWindow]));
      }
      rest = readFrames(rest, ({ type, flags, stream, payload }) => {
        if (type === FrameType.Settings && (flags & 1) === 0) socket.write(frame(FrameType.Settings, 1, 0));
        if (type === FrameType.Ping && (flags & 1) === 0) socket.write(frame(FrameType.Ping, 1, 0, payload));
        // Trailers are headers as well.
        if (type !== FrameType.Headers || begun.has(stream)) return;
        begun.add(stream);
        const frames = answer(random, stream);
        const send = (): void => {
          if (socket.destroyed) return;
          socket.write(Buffer.concat(frames.splice(0, 1 + random(4))));
          if (frames.length > 0) setTimeout(send, random(4));
        };
        setTimeout(send, random(6));
      });
    });
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

function answer(random: Random, stream: number): Buffer[] {
  if (random(10) === 0) return [frame(FrameType.Reset, 0, stream, Buffer.from([0, 0, 0, random(9)]))];
  const metadata = (): Buffer[] => Array.from({ length: random(3) }, () => metadataFrame(random, stream));
  const headers = headerBlock([
    [":status", ["200", "204", "404"][random(3)]!],
    ["x-a", "1"],
  ]);
  const ends = random(5) === 0;
  const frames = [frame(FrameType.Headers, END_HEADERS | (ends ? END_STREAM : 0), stream, headers)];
  if (ends) return frames;
  const trailers = random(3) === 0;
  const count = random(3);
  for (let i = 0; i <= count; i++) {
    frames.push(...metadata());
    const data = Buffer.alloc(random(random(4) === 0 ? 9000 : 30), "y");
    frames.push(frame(FrameType.Data, i === count && !trailers ? END_STREAM : 0, stream, data));
  }
  frames.push(...(trailers ? metadata() : []));
  if (trailers) {
    const block = headerBlock([["x-trailer", "1"]]);
    frames.push(frame(FrameType.Headers, END_HEADERS | END_STREAM, stream, block));
  }
  return frames;
}
