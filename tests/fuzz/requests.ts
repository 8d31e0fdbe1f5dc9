/** Random requests, as bytes. */
import { connect } from "node:net";
import { END_HEADERS, END_STREAM, FrameType, PREFACE } from "../support/http2-frames.js";
import { WINDOW, frame, headerBlock, openWindow, readFrames } from "../support/http2-frames.js";
import type { Random } from "./random.js";

/** One request as bytes; the path says how the upstream answers. With `all`, also by redirects, errors, gzip and `tunnels`. */
export function message(random: Random, seed: number, all = false, tunnels = all): string {
  const isTunnel = all && random(10) === 0 && tunnels;
  const method = isTunnel ? "GET" : ["GET", "POST", "HEAD", "PUT"][random(4)]!;
  const lines = [
    `${method} ${isTunnel ? "/tunnel" : "/fuzz"}/${random(all ? 9 : 6)} HTTP/1.1`,
    "host: example.test",
    ...(isTunnel ? ["connection: close, upgrade", "upgrade: websocket"] : ["connection: close"]),
    ...(all && random(2) === 0 ? ["accept-encoding: gzip"] : []),
    `x-seed: ${seed}`,
    "x-a: 1",
    "x-a: 2",
  ];
  if (random(8) === 0) lines.push("content-type: application/grpc");
  if (method === "GET" || method === "HEAD") return `${lines.join("\r\n")}\r\n\r\n`;
  const body = "GET /smuggled HTTP/1.1\r\nhost: evil\r\n\r\n".repeat(1 + random(random(5) === 0 ? 3000 : 4));
  if (random(2) === 0) return `${[...lines, `content-length: ${body.length}`].join("\r\n")}\r\n\r\n${body}`;
  const half = Math.floor(body.length / 2);
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
  const trailers = random(2) === 0 ? "x-trailer: 1\r\n" : "";
  const head = [...lines, "transfer-encoding: chunked"].join("\r\n");
  return `${head}\r\n\r\n${chunk(body.slice(0, half))}${chunk(body.slice(half))}0\r\n${trailers}\r\n`;
}

/** Up to three pairs that travel beside the body. */
export function metadataFrame(random: Random, stream: number): Buffer {
  const pairs = Array.from({ length: random(4) }, (_, i) => [`key-${i}`, "v".repeat(random(100))] as const);
  return frame(FrameType.Metadata, END_HEADERS, stream, headerBlock(pairs));
}

/** The frames of one request by HTTP/2, with METADATA anywhere but before the headers; most have a path with the prefix. */
export function http2Frames(random: Random, seed: number, stream: number, prefix: string): Buffer[] {
  const method = ["GET", "POST", "HEAD", "PUT"][random(4)]!;
  const metadata = (): Buffer[] => Array.from({ length: random(3) }, () => metadataFrame(random, stream));
  const headers = headerBlock([
    [":method", method],
    [":scheme", "http"],
    [":authority", "example.test"],
    [":path", `${random(4) === 0 ? "" : prefix}/fuzz/${random(6)}`],
    ["x-seed", String(seed)],
    ["x-a", "1"],
  ]);
  const ends = random(4) === 0;
  const frames = [frame(FrameType.Headers, END_HEADERS | (ends ? END_STREAM : 0), stream, headers)];
  if (ends) return frames;
  const trailers = random(3) === 0;
  const count = random(3);
  for (let i = 0; i <= count; i++) {
    frames.push(...metadata());
    const data = Buffer.alloc(random(random(4) === 0 ? 9000 : 30), "x");
    frames.push(frame(FrameType.Data, i === count && !trailers ? END_STREAM : 0, stream, data));
  }
  if (trailers) {
    frames.push(...metadata());
    frames.push(
      frame(FrameType.Headers, END_HEADERS | END_STREAM, stream, headerBlock([["x-trailer", "1"]])),
    );
  }
  return frames;
}

/**
 * Sends up to three requests on one connection, frame by frame and mixed; resolves when all have ended, or the connection.
 * With `cut` it breaks the first one off after that many milliseconds, and the connection a little later.
 */
export function exchangeHttp2(port: number, random: Random, prefix: string, cut?: number): Promise<void> {
  const streams = Array.from({ length: 1 + random(3) }, (_, i) => 1 + 2 * i);
  const queues = streams.map((stream) => http2Frames(random, random(0xffffffff), stream, prefix));
  const frames: Buffer[] = [];
  // A stream begins in order of its number.
  for (const queue of queues) frames.push(queue.shift()!);
  while (queues.some((queue) => queue.length > 0)) {
    const queue = queues[random(queues.length)]!;
    if (queue.length > 0) frames.push(queue.shift()!);
  }
  return new Promise((resolve) => {
    const open = new Set(streams);
    let rest: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        Buffer.concat([Buffer.from(PREFACE), frame(FrameType.Settings, 0, 0, WINDOW), openWindow]),
      );
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.setTimeout(15_000, () => socket.destroy());
    const end = (stream: number): void => {
      open.delete(stream);
      if (open.size === 0) socket.destroy();
    };
    const send = (): void => {
      if (socket.destroyed) return;
      // Some at once, some one by one, so that callbacks come between them.
      socket.write(Buffer.concat(frames.splice(0, 1 + random(4))));
      if (frames.length > 0) setTimeout(send, random(4));
    };
    socket.on("data", (data) => {
      rest = readFrames(Buffer.concat([rest, data]), ({ type, flags, stream, payload }) => {
        if (type === FrameType.Settings && (flags & 1) === 0) {
          socket.write(frame(FrameType.Settings, 1, 0));
          if (!isGreeted) send();
          isGreeted = true;
        } else if (type === FrameType.Ping && (flags & 1) === 0) {
          socket.write(frame(FrameType.Ping, 1, 0, payload));
        } else if (type === FrameType.Reset) end(stream);
        else if ((type === FrameType.Headers || type === FrameType.Data) && (flags & END_STREAM) !== 0)
          end(stream);
      });
    });
    if (cut === undefined) return;
    setTimeout(() => {
      if (socket.destroyed) return;
      socket.write(frame(FrameType.Reset, 0, 1, Buffer.from([0, 0, 0, 8])));
      end(1);
      setTimeout(() => socket.destroy(), 10);
    }, cut);
  });
}
