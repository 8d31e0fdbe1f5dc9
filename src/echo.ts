/**
 * An upstream that answers with what it received.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. Text stands for bytes: U+0000 to U+00FF, one character each. */
export interface EchoedRequest {
  readonly method: string;
  readonly path: string;
  /** Names as they were written, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Answers a request whose body has arrived, in place of the echo. */
export type EchoHandler = (request: EchoedRequest, response: ServerResponse) => void;

/** A running echo upstream. */
export interface EchoUpstream {
  readonly port: number;
  /** The requests that have arrived, oldest first. */
  readonly requests: EchoedRequest[];
  close(): Promise<void>;
}

/** Starts an upstream on a free port of this machine. It answers 200 and the request as text, unless `handler` does. */
export async function startEcho(handler: EchoHandler = echo): Promise<EchoUpstream> {
  const requests: EchoedRequest[] = [];
  const server = createServer({ maxHeaderSize: 1 << 20 }, (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = describe(incoming, Buffer.concat(chunks));
      requests.push(request);
      handler(request, response);
    });
    incoming.on("error", () => undefined); // the client went away; so did its request
  });
  // Closed after five idle seconds, as Node does otherwise, a connection would now and then be one that Envoy has just used.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describe(incoming: IncomingMessage, body: Buffer): EchoedRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.push([incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!]);
  return { method: incoming.method!, path: incoming.url!, headers, body: body.toString("latin1") };
}

function echo(request: EchoedRequest, response: ServerResponse): void {
  const lines = [
    `${request.method} ${request.path}`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    "",
    request.body,
  ];
  response.setHeader("content-type", "text/plain");
  response.end(lines.join("\n"), "latin1");
}
