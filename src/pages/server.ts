/**
 * The local page of `proxy-wasm-as ui`. It listens on this machine only, and answers only who knows the token in its address; a name
 * of another server that leads here is refused, and so are requests of other pages.
 *
 * @module
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Order } from "./model.js";
import { Runner } from "./runner.js";
import { style } from "./view/style.js";

/** A module for the page. */
export interface PageModule {
  /** The module that is deployed: the page shows the facts about it. */
  readonly shipped: Uint8Array;
  /** The module that requests go through. */
  readonly run: Uint8Array;
  /** Names of functions that have none in the module. */
  readonly names: ReadonlyMap<number, string>;
}

/** The settings of a page. */
export interface PageOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The module's name, for people. */
  readonly title: string;
  /** The plugin's configuration with which the form begins. */
  readonly configuration: string;
  readonly rootId: string;
  readonly module: PageModule;
}

/** A page that is served. */
export interface PageServer {
  readonly address: string;
  /** Takes another module into use, and tells the pages that are open. */
  use(module: PageModule): void;
  /** Tells the pages that a change could not be taken into use. */
  fail(message: string): void;
  close(): Promise<void>;
}

/** The most bytes of a request to the page's server. */
const MOST = 20 << 20;

const headers: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
};

/** Serves the page. Throws when the port is taken. */
export async function servePage(options: PageOptions): Promise<PageServer> {
  const page = new Page(options);
  const server = createServer((request, response) => {
    page.answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) reply(response, 500, "text/plain", String(error));
      else response.destroy();
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(options.port, "127.0.0.1", done);
  });
  page.port = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${page.port}/${page.token}/`,
    use: (module) => page.use(module),
    fail: (message) => page.tell("failed", message),
    close: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((done) => server.close(done)), page.close()]);
    },
  };
}

class Page {
  readonly token = randomBytes(24).toString("base64url");
  port = 0;
  private module: PageModule;
  private readonly runner = new Runner();
  /** Looking into a module takes seconds, and requests do not wait for it. */
  private readonly inspector = new Runner();
  private readonly listeners = new Set<ServerResponse>();

  constructor(private readonly options: PageOptions) {
    this.module = options.module;
  }

  use(module: PageModule): void {
    this.module = module;
    this.tell("changed", "");
  }

  /** Tells all pages that are open. */
  tell(event: string, message: string): void {
    for (const response of this.listeners)
      response.write(`event: ${event}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  async close(): Promise<void> {
    await Promise.all([this.runner.close(), this.inspector.close()]);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isOurs(request))
      return reply(response, 403, "text/plain", "This is a page of another machine.\n");
    const [, token = "", ...rest] = new URL(request.url ?? "/", "http://localhost").pathname.split("/");
    if (!isSame(token, this.token)) return reply(response, 404, "text/plain", "There is nothing here.\n");
    const path = rest.join("/");
    if (request.method === "POST" && path === "run") return await this.run(request, response);
    if (request.method !== "GET") return reply(response, 405, "text/plain", "GET it.\n");
    if (path === "") return reply(response, 200, "text/html; charset=utf-8", html(this.options.title));
    if (path === "style.css") return reply(response, 200, "text/css", style);
    if (path === "settings") {
      const { title, configuration, rootId } = this.options;
      return json(response, { title, configuration, rootId });
    }
    if (path === "module") {
      const { shipped: wasm, names } = this.module;
      return json(response, await this.inspector.do({ kind: "look", wasm, names }));
    }
    if (path === "events") return this.listen(response);
    if (/^view\/[\w-]+\.js$/.test(path)) {
      const code = await readFile(new URL(path, import.meta.url), "utf8").catch(() => undefined);
      if (code !== undefined) return reply(response, 200, "text/javascript", code);
    }
    reply(response, 404, "text/plain", "There is nothing here.\n");
  }

  /** Tells whether a request is meant for this machine and comes from the page itself or from nobody's page. */
  private isOurs({ headers: { host, origin } }: IncomingMessage): boolean {
    const own = ["127.0.0.1", "localhost"].map((name) => `${name}:${this.port}`);
    return (
      own.includes(host ?? "") && (origin === undefined || own.some((name) => origin === `http://${name}`))
    );
  }

  private async run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers["content-type"] !== "application/json")
      return reply(response, 415, "text/plain", "Send JSON.\n");
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST) return reply(response, 413, "text/plain", "This is too long.\n");
    }
    const order = JSON.parse(Buffer.concat(chunks).toString()) as Order;
    json(response, await this.runner.do({ kind: "request", wasm: this.module.run, order }));
  }

  private listen(response: ServerResponse): void {
    response.writeHead(200, { ...headers, "content-type": "text/event-stream" });
    response.write("\n");
    this.listeners.add(response);
    response.on("close", () => this.listeners.delete(response));
  }
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...headers, "content-type": type }).end(body);
}

function json(response: ServerResponse, value: object): void {
  reply(response, 200, "application/json", JSON.stringify(value));
}

function html(title: string): string {
  const name = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} – proxy-wasm-as</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script type="module" src="view/ui.js"></script>
</head>
<body>
<header class="top"><h1>${name}</h1><p class="quiet" id="news" role="status"></p></header>
<main class="one" id="bench"><noscript>This page needs JavaScript.</noscript></main>
</body>
</html>
`;
}
