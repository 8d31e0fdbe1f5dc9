/** A server in a registry's place, which answers as a test tells it. */
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { TestContext } from "node:test";

/** Starts it until the test ends; answers `127.0.0.1:PORT`. */
export async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}
