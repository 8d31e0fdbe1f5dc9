/** Stands in front of a registry and misbehaves as a test tells it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import type { TestContext } from "node:test";

export interface Front {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Method and path of each request, in order. */
  readonly seen: string[];
}

/** Answers a request itself, or leaves it to the registry by answering false. */
export type Intercept = (message: IncomingMessage, response: ServerResponse, seen: string[]) => boolean;

export async function startFront(t: TestContext, port: number, intercept: Intercept): Promise<Front> {
  const seen: string[] = [];
  const server = createServer((message, response) => {
    seen.push(`${message.method} ${message.url!.replace(/\?.*/, "")}`);
    if (intercept(message, response, seen)) {
      message.resume();
      return;
    }
    const { method, url: path, headers } = message;
    const forward = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    forward.on("error", () => response.destroy());
    message.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { host: `127.0.0.1:${(server.address() as { port: number }).port}`, seen };
}
