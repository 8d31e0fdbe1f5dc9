/** An HTTP/1.1 client that neither checks nor changes a byte: text stands for bytes, U+0000 to U+00FF one each. */
import { connect } from "node:net";

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** Trailers; the body is then sent in one chunk. */
  readonly trailers?: readonly (readonly [name: string, value: string])[];
  /** When the trailers follow: in milliseconds, or once this is fulfilled. */
  readonly trailersAfter?: number | Promise<unknown>;
  /** Cuts the connection after this many milliseconds, or once this is fulfilled. */
  readonly cutAfter?: number | Promise<unknown>;
}

export interface RawResponse {
  /** 0 when the connection ended before a whole response head came. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** All bytes that came. */
  readonly raw: string;
  /** Whether the response ended where it said that it would. */
  readonly complete: boolean;
  /** The values of a header, in order. */
  all(name: string): string[];
}

/** Sends one request on a connection of its own and reads all that comes. */
export async function request(port: number, options: RawRequest = {}): Promise<RawResponse> {
  const { method = "GET", path = "/", headers = [], body = "", trailers } = options;
  const lines = [`${method} ${path} HTTP/1.1`, "host: example.test", "connection: close"];
  let content = body;
  let rest = "";
  if (trailers !== undefined) {
    lines.push("transfer-encoding: chunked", "te: trailers");
    const chunk = body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`;
    content = chunk;
    rest = `0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  } else if (body !== "") lines.push(`content-length: ${body.length}`);
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  const begin = `${lines.join("\r\n")}\r\n\r\n${content}`;
  const { trailersAfter, cutAfter } = options;
  if (trailersAfter === undefined) return parse(await exchange(port, begin + rest, cutAfter), method);
  const later = { bytes: rest, after: trailersAfter };
  return parse(await exchange(port, begin, cutAfter, later), method);
}

/** Sends bytes, and more `later`; answers all that comes until the other side, or the cut, ends the connection. */
export function exchange(
  port: number,
  bytes: string,
  cutAfter?: number | Promise<unknown>,
  later?: { readonly bytes: string; readonly after: number | Promise<unknown> },
  silence = 15_000,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    let received = "";
    socket.setEncoding("latin1").on("data", (text) => (received += String(text)));
    socket.on("error", () => undefined); // a reset ends the exchange like any other end
    socket.on("close", () => resolve(received));
    const cut = (): unknown => socket.destroy();
    socket.setTimeout(typeof cutAfter === "number" ? cutAfter : silence, cut);
    if (typeof cutAfter === "number") setTimeout(cut, cutAfter);
    else void cutAfter?.then(cut);
    if (later === undefined) return;
    const send = (): unknown => socket.write(later.bytes, "latin1");
    if (typeof later.after === "number") setTimeout(send, later.after);
    else void later.after.then(send);
  });
}

/**
 * Sends parts, each so many milliseconds after the beginning; answers all that comes until the other side ends the connection, and
 * fails if nothing happens for ten seconds.
 */
export function exchangeParts(
  port: number,
  parts: readonly (readonly [after: number, bytes: string])[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("latin1").on("data", (text) => (received += String(text)));
    socket.on("error", () => undefined).on("close", () => resolve(received));
    socket.setTimeout(10_000, () => reject(new Error(`no end; so far: ${received}`)));
    for (const [after, bytes] of parts) setTimeout(() => socket.write(bytes, "latin1"), after);
  });
}

function parse(raw: string, method: string): RawResponse {
  const end = raw.indexOf("\r\n\r\n");
  const [first = "", ...lines] = raw.slice(0, Math.max(end, 0)).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+/, "")] as const;
  });
  const all = (name: string): string[] => headers.filter(([n]) => n === name).map(([, value]) => value);
  const content = end < 0 ? "" : raw.slice(end + 4);
  const chunked = all("transfer-encoding").includes("chunked");
  const length = all("content-length")[0];
  const { body, complete } = chunked
    ? unchunk(content)
    : {
        body: content,
        complete: method === "HEAD" || length === undefined || Number(length) === content.length,
      };
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1] ?? 0);
  return { status, headers, body, raw, complete: complete && end >= 0, all };
}

function unchunk(content: string): { body: string; complete: boolean } {
  let body = "";
  for (let at = 0; ;) {
    const size = /^([0-9a-f]+)\r\n/i.exec(content.slice(at, at + 20));
    if (size === null) return { body, complete: false };
    const length = Number.parseInt(size[1]!, 16);
    if (length === 0) return { body, complete: content.endsWith("\r\n\r\n") };
    at += size[0].length;
    body += content.slice(at, at + length);
    at += length + 2;
  }
}
