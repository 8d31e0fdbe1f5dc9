/** A server in a registry's place, which answers as a test tells it. */
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { TestContext } from "node:test";
import { listen } from "../../support/ports.js";

/** Starts it until the test ends; answers `127.0.0.1:PORT`. */
export async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  t.after(() => server.closeAllConnections());
  return `127.0.0.1:${await listen(t, server)}`;
}
