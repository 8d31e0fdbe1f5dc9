/** What the tests of pages share: a file server at a sub-path, and Chromium. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { assemble } from "../support/assemble.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** A plain file server that has a folder below `/some/path/`. */
export interface FileServer {
  readonly address: string;
  /** Addresses that were asked for, without the server's own. */
  readonly asked: readonly string[];
  close(): void;
}

export async function serveFolder(folder: string): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    const path = new URL(url!, "http://x").pathname.replace(/^\/some\/path\//, "");
    asked.push(path);
    try {
      const name = path === "" ? "index.html" : path;
      const content = readFileSync(join(folder, name));
      response.setHeader("content-type", types[extname(name)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  return {
    address: `http://127.0.0.1:${port}/some/path/`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function launch(path: string): Promise<Browser> {
  // Root cannot have a sandbox.
  return chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
}

/** A page that notes its errors and what it asks other servers for. */
export async function openPage(
  browser: Browser,
  address: string,
  width = 1400,
): Promise<{ page: Page; errors: string[]; foreign: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(http|ws)/.test(protocol) && host !== new URL(address).host) foreign.push(request.url());
  });
  await page.goto(address);
  return { page, errors, foreign };
}

/** A module whose callback for request headers never returns. */
export function endless(): Uint8Array {
  return assemble(`
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
    (func (export "proxy_on_context_create") (param i32 i32))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (loop $l (br $l)) (unreachable))`);
}
