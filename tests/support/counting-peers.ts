/** A client and an upstream, over HTTP/1 and HTTP/2, that count messages and believe nobody: each names what it saw. */
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { connect as connect2, createServer as createServer2 } from "node:http2";
import type { TestContext } from "node:test";
import { countRequests, countResponses, headerOf } from "./message-count.js";
import { listen } from "./ports.js";

/** A body that looks like another response. */
export const SPLIT = "HTTP/1.1 200 OK\r\nx-evil: 1\r\ncontent-length: 4\r\n\r\nEVIL";

/** A body that looks like another request. */
export const SMUGGLED = "GET /evil HTTP/1.1\r\nhost: evil\r\nx-id: evil\r\n\r\n";

/** What an upstream answers, as the request's `x-answer` asks. */
export type Answer = "length" | "chunked" | "trailers" | "empty" | "204" | "304" | "404";

/** A response as the client sees it: its status, the request that it answers ("" for one of Envoy's own), its body's length. */
export interface SeenResponse {
  readonly status: number;
  readonly to: string;
  readonly body: string;
}

export interface Seen {
  readonly responses: readonly SeenResponse[];
  readonly problem: string | undefined;
}

export interface CountingUpstream {
  readonly port: number;
  /** The `x-id` of each request, and what was no request. */
  readonly seen: string[];
  /** Ends all connections. */
  drop(): void;
}

/** An upstream over HTTP/1.1. */
export async function startUpstream1(t: TestContext): Promise<CountingUpstream> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = "";
    let count = 0;
    let broken = false;
    socket.setEncoding("latin1").on("data", (data) => {
      bytes += String(data);
      const { messages, problem, open } = countRequests(bytes);
      for (const message of messages.slice(count)) {
        count++;
        const id = headerOf(message, "x-id") ?? message.start;
        seen.push(id);
        const answer = (headerOf(message, "x-answer") ?? "length") as Answer;
        socket.write(answerBytes(answer, id, message.start.startsWith("HEAD ")), "latin1");
      }
      if (problem === undefined || open || broken) return;
      broken = true;
      seen.push(problem);
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    });
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  return started(t, server, seen, sockets);
}

async function started(
  t: TestContext,
  server: Server,
  seen: string[],
  connections: Set<{ destroy(): void }>,
): Promise<CountingUpstream> {
  const drop = (): void => connections.forEach((connection) => connection.destroy());
  const port = await listen(t, server);
  t.after(drop);
  return { port, seen, drop };
}

function answerBytes(answer: Answer, id: string, isHead: boolean): string {
  const response = (status: string, header: string, body = ""): string =>
    `HTTP/1.1 ${status}\r\nx-to: ${id}\r\n${header}\r\n${isHead ? "" : body}`;
  const length = `content-length: ${SPLIT.length}\r\n`;
  const chunk = `${SPLIT.length.toString(16)}\r\n${SPLIT}\r\n0\r\n`;
  if (answer === "chunked") return response("200 OK", "transfer-encoding: chunked\r\n", `${chunk}\r\n`);
  if (answer === "trailers")
    return response("200 OK", "transfer-encoding: chunked\r\n", `${chunk}x-end: 1\r\n\r\n`);
  if (answer === "empty") return response("200 OK", "content-length: 0\r\n");
  if (answer === "204") return response("204 No Content", "");
  if (answer === "304") return response("304 Not Modified", length);
  return response(answer === "404" ? "404 Not Found" : "200 OK", length, SPLIT);
}

/** An upstream over HTTP/2. */
export async function startUpstream2(t: TestContext): Promise<CountingUpstream> {
  const seen: string[] = [];
  const sessions = new Set<Http2Session>();
  const server = createServer2();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", (error) => seen.push(String(error)));
  });
  server.on("stream", (stream, headers) => {
    seen.push(String(headers["x-id"]));
    stream.on("error", (error) => seen.push(error.message));
    stream.resume().on("end", () => answerStream(stream, headers));
  });
  return started(t, server, seen, sessions);
}

function answerStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders & { ":method"?: string },
): void {
  if (stream.destroyed) return;
  const answer = String(headers["x-answer"] ?? "length");
  const hasBody = headers[":method"] !== "HEAD" && !["204", "304", "empty"].includes(answer);
  const fields: Record<string, string | number> = {
    ":status": /^\d+$/.test(answer) ? Number(answer) : 200,
    "x-to": String(headers["x-id"]),
  };
  if (["length", "304", "404"].includes(answer)) fields["content-length"] = SPLIT.length;
  if (answer === "empty") fields["content-length"] = 0;
  if (!hasBody) return stream.respond(fields, { endStream: true });
  stream.respond(fields, { waitForTrailers: answer === "trailers" });
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-end": "1" }));
  stream.end(SPLIT);
}

/** Sends requests in one go over HTTP/1.1 and counts the responses; waits for no more than it needs to. */
export function exchange1(port: number, bytes: string, methods: readonly string[]): Promise<Seen> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const { messages, problem } = countResponses(received, methods, closed);
      const responses = messages.map((message) => ({
        status: Number(message.start.slice(9, 12)),
        to: headerOf(message, "x-to") ?? "",
        body: message.body,
      }));
      resolve({ responses, problem });
    };
    let timer = setTimeout(() => finish(false), 3000);
    socket.setEncoding("latin1").on("data", (data) => {
      received += String(data);
      const { messages, problem, open } = countResponses(received, methods, false);
      if (messages.length < methods.length && (problem === undefined || open)) return;
      // What is too much follows at once.
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), 10);
    });
    socket.on("error", () => undefined).on("close", () => finish(true));
  });
}

export interface Request2 {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly trailers?: boolean;
}

/** Sends requests one by one over one HTTP/2 connection. */
export async function exchange2(port: number, requests: readonly Request2[]): Promise<Seen> {
  const session = connect2(`http://127.0.0.1:${port}`);
  const responses: SeenResponse[] = [];
  let problem: string | undefined;
  session.on("error", (error: Error) => (problem ??= error.message));
  for (const { headers, body, trailers = false } of requests) {
    await new Promise<void>((resolve) => {
      const stream = session.request(headers, { endStream: body === undefined, waitForTrailers: trailers });
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-end": "1" }));
      if (body !== undefined) stream.end(body);
      let received = "";
      let status = 0;
      let to = "";
      let ended = false;
      stream.setTimeout(3000, () => stream.close());
      stream.on("response", (fields) => {
        status = Number(fields[":status"]);
        to = String(fields["x-to"] ?? "");
      });
      stream.on("data", (data) => (received += String(data))).on("end", () => (ended = true));
      stream.on("error", (error: Error) => (problem ??= error.message));
      stream.on("close", () => {
        if (!ended || stream.rstCode !== 0) problem ??= `a stream without an end, code ${stream.rstCode}`;
        responses.push({ status, to, body: received });
        resolve();
      });
    });
  }
  session.destroy();
  return { responses, problem };
}
