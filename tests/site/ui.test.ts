/** `proxy-wasm-as ui`: who gets an answer, and what the page shows. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findChromium } from "../host/chromium.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { endless, launch, openPage } from "./pages.js";

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-ui-"));
const file = join(folder, "plugin.wasm");
let ui: ChildProcess;
let address: URL;

before(async () => {
  copyFileSync(await compileFilter("examples/hello/assembly/index.ts"), file);
  ui = spawn(process.execPath, [join(root, "dist/cli/main.js"), "ui", file, "--watch"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const said = await new Promise<string>((done, fail) => {
    let text = "";
    ui.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("Ctrl-C")) done(text);
    });
    ui.once("exit", (code) => fail(new Error(`it ended with ${code}: ${text}`)));
  });
  address = new URL(/http:\S+\//.exec(said.replace(/\x1b\[\d+m/g, ""))![0]);
});

after(() => {
  ui.kill();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(
  path: string,
  {
    host = "127.0.0.1",
    ...options
  }: { host?: string; method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method, headers, body = "" } = options;
  return new Promise((done, fail) => {
    request(
      { host, port: address.port, path, ...(method && { method }), ...(headers && { headers }) },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          done({ status: response.statusCode!, headers: response.headers, body: text }),
        );
      },
    )
      .on("error", fail)
      .end(body);
  });
}

const order = JSON.stringify({
  ...{ method: "GET", path: "/denied", headers: [], body: "", configuration: "", rootId: "", clusters: {} },
  upstream: { status: 200, headers: [], body: "" },
});
const asJson = { "content-type": "application/json" };

test("ui: who does not know the token, or comes by another name or page, gets nothing", async () => {
  assert.match(address.pathname, /^\/[\w-]{32}\/$/);
  const page = await ask(address.pathname);
  assert.equal(page.status, 200);
  assert.match(String(page.headers["content-security-policy"]), /default-src 'self'.*frame-ancestors 'none'/);
  for (const path of ["/", "/view/ui.js", `/${"x".repeat(32)}/`, `${address.pathname.slice(0, -2)}/`])
    assert.equal((await ask(path)).status, 404, path);
  for (const path of ["../index.js", "view/../server.js", "view/%2e%2e/server.js", "view/none.js"])
    assert.equal((await ask(address.pathname + path)).status, 404, path);
  // DNS rebinding: a name of somebody else that leads to this machine.
  for (const host of ["evil.example", `evil.example:${address.port}`, "127.0.0.1:1"])
    assert.equal((await ask(address.pathname, { headers: { host } })).status, 403, host);
  const run = (headers: Record<string, string>): Promise<Answer> =>
    ask(`${address.pathname}run`, { method: "POST", body: order, headers });
  assert.equal((await run({ ...asJson, origin: "http://evil.example" })).status, 403);
  assert.equal((await run({ "content-type": "text/plain" })).status, 415);
  assert.match((await run(asJson)).body, /"status":403/);
});

test("ui: it listens on loopback only", async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address: host } of others) await assert.rejects(ask("/", { host }), host);
});

const found = findChromium();
const skip = "reason" in found && found.reason;

test(
  "ui: the page shows the module and requests, takes a new one into use, and stops an endless one",
  { skip },
  async (t) => {
    const browser = await launch("path" in found ? found.path : "");
    t.after(() => browser.close());
    const { page, errors, foreign } = await openPage(browser, address.href);
    const panel = page.locator("[role=tabpanel]:not([hidden])");
    await page.locator(".treemap").waitFor({ timeout: 180_000 });
    assert.match(await panel.innerText(), /Envoy 1\.40 loads it[^]*proxy_on_request_headers[^]*Istio 1\./);
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".status .summary.good", { hasText: "200" }).waitFor({ timeout: 180_000 });
    await page.getByRole("tab", { name: "Headers" }).click();
    assert.match(await panel.innerText(), /x-hello\s+world\s+added/);
    await page.getByRole("tab", { name: "Timeline" }).click();
    assert.match(await panel.innerText(), /proxy_on_request_headers[^]*⇒ Continue[^]*operators/);

    copyFileSync(await compileFilter("examples/local-reply/assembly/index.ts"), file);
    await page.getByText("has changed and is in use").waitFor({ timeout: 180_000 });
    await page.getByRole("tab", { name: "Headers" }).click();
    await page.getByText("The upstream got nothing.").waitFor({ timeout: 180_000 });

    writeFileSync(file, endless());
    await page.getByText("was stopped: a loop in it does not end").waitFor({ timeout: 90_000 });
    copyFileSync(await compileFilter("examples/hello/assembly/index.ts"), file);
    await page.locator(".status .summary.good", { hasText: "200" }).waitFor({ timeout: 60_000 });
    assert.deepEqual(errors, []);
    assert.deepEqual(foreign, []);
  },
);
