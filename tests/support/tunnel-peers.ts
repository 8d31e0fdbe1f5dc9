/** A client and an upstream of tunnels, which name what the one takes for a tunnel and the other for HTTP. */
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import { listen } from "./ports.js";

/** What is sent through a tunnel; it looks like a request. */
const THROUGH = "GET /evil HTTP/1.1\r\nhost: evil\r\nx-id: evil\r\n\r\n";
/** What comes back through it; it looks like a response. */
const BACK = "HTTP/1.1 200 OK\r\nx-to: evil\r\ncontent-length: 0\r\n\r\n";

export interface TunnelUpstream {
  readonly port: number;
  /** What it has seen: "request one", "tunnel one", and what came through a tunnel. */
  readonly seen: string[];
  drop(): void;
}

/** An upstream that opens the tunnels it is asked for, if `x-answer` asks for that, refuses others, and answers all else with 200. */
export async function startTunnelUpstream(t: TestContext): Promise<TunnelUpstream> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = "";
    let open = false;
    const read = (): void => {
      if (open) {
        if (bytes.length > 0) seen.push(`through ${bytes === THROUGH ? "what was meant" : bytes}`);
        if (bytes === THROUGH) socket.write(BACK);
        bytes = "";
        return;
      }
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = bytes.slice(0, end);
      const field = (name: string): string =>
        new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1]?.trim() ?? "";
      const length = Number(field("content-length") || 0);
      if (bytes.length < end + 4 + length) return;
      bytes = bytes.slice(end + 4 + length);
      const isConnect = head.startsWith("CONNECT ");
      const id = field("x-id");
      open = (isConnect || field("upgrade") !== "") && field("x-answer") === "open";
      seen.push(`${open ? "tunnel" : "request"} ${id}`);
      const status = open === isConnect ? "200 OK" : open ? "101 Switching Protocols" : "403 Forbidden";
      const upgrade = open && !isConnect ? "connection: upgrade\r\nupgrade: websocket\r\n" : "";
      const size = open ? "" : "content-length: 0\r\n";
      socket.write(`HTTP/1.1 ${status}\r\nx-to: ${id}\r\n${upgrade}${size}\r\n`);
      read();
    };
    socket.setEncoding("latin1").on("data", (data) => {
      bytes += String(data);
      read();
    });
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  const drop = (): void => sockets.forEach((socket) => void socket.destroy());
  const port = await listen(t, server);
  t.after(drop);
  return { port, seen, drop };
}

/**
 * Asks for a tunnel; when it is open, sends what looks like a request through it, otherwise another request. Answers what the
 * client has seen, as far as it goes.
 */
export function askForTunnel(port: number, head: string, next: string): Promise<string[]> {
  return new Promise((resolve) => {
    const seen: string[] = [];
    let bytes = "";
    let open = false;
    let answered = 0;
    const isConnect = head.startsWith("CONNECT ");
    const socket = connect(port, "127.0.0.1", () => socket.write(head));
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      if (bytes !== "") seen.push(`left ${bytes}`);
      resolve(seen);
    };
    const timer = setTimeout(() => {
      seen.push("no end");
      finish();
    }, 5000);
    const read = (): void => {
      if (open) {
        if (bytes !== BACK) return;
        seen.push("through what was meant");
        bytes = "";
        return finish();
      }
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      const response = bytes.slice(0, end);
      const field = (name: string): string =>
        new RegExp(`^${name}: *(.*)$`, "im").exec(response)?.[1]?.trim() ?? "";
      const status = Number(response.slice(9, 12));
      const isOpened = answered === 0 && (status === 101 || (isConnect && status >= 200 && status < 300));
      const length = isOpened || status === 204 || status === 304 ? 0 : Number(field("content-length") || 0);
      if (/^transfer-encoding/im.test(response) && !isOpened) {
        if (!bytes.endsWith("0\r\n\r\n")) return;
        bytes = "";
      } else {
        if (bytes.length < end + 4 + length) return;
        bytes = bytes.slice(end + 4 + length);
      }
      answered++;
      seen.push(`${isOpened ? "tunnel" : "response"} ${field("x-to")}`);
      open = isOpened;
      if (open) socket.write(THROUGH);
      else if (answered === 1 && !/^connection: *close/im.test(response)) socket.write(next);
      else return finish();
      read();
    };
    socket.setEncoding("latin1").on("data", (data) => {
      bytes += String(data);
      read();
    });
    socket.on("error", () => undefined).on("close", finish);
  });
}

/** What is wrong: the peers do not agree on what is a tunnel, or one has seen what was not meant for it. */
export function tunnelFaults(client: readonly string[], upstream: readonly string[]): string[] {
  const faults = [...client, ...upstream].filter((one) => /evil|left|no end|^through (?!what)/.test(one));
  const opens = (seen: readonly string[]): boolean => seen.some((one) => one.startsWith("tunnel"));
  // A tunnel that the client does not get is closed by Envoy; one that only the client sees is a fault.
  if (opens(client) && !opens(upstream)) faults.push("a tunnel that the upstream knows nothing of");
  if (client.includes("response two") && !upstream.includes("request two"))
    faults.push("an answer to nothing");
  return faults;
}
