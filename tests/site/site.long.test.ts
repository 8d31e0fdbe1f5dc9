/** The whole site: its size and its links; and a module of the Rust SDK in the playground. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { writeSite } from "../../scripts/site.js";
import { findChromium } from "../host/chromium.js";
import { moduleOf } from "../parity/modules.js";
import { loadScenarios } from "../parity/scenario.js";
import { launch, openPage, serveFolder } from "./pages.js";

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-whole-site-"));
after(() => rmSync(folder, { recursive: true, force: true }));
before(() => writeSite(folder));

test("site: playground, docs and API together are under 12 MB", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sizes = files.map((name) => statSync(join(folder, name))).filter((each) => each.isFile());
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  console.log(`the site has ${sizes.length} files with ${bytes} bytes`);
  assert.ok(bytes < 12_000_000, `${bytes} bytes`);
  for (const name of ["index.html", "docs/index.html", "docs/flow.html", "api/index.html"])
    assert.ok(existsSync(join(folder, name)), name);
});

test("site: each link of the docs leads to a file, and to an anchor that is there", () => {
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  let links = 0;
  for (const page of readdirSync(join(folder, "docs")).filter((name) => name.endsWith(".html")))
    for (const [, link] of read(`docs/${page}`).matchAll(/(?:href|src)="([^"]+)"/g)) {
      if (/^(https?:|data:|mailto:)/.test(link!)) continue;
      const [path, anchor] = link!.split("#") as [string, string?];
      const target = path === "" ? `docs/${page}` : join("docs", path);
      assert.ok(existsSync(join(folder, target)), `docs/${page}: ${link}`);
      if (anchor !== undefined && dirname(target) === "docs")
        assert.ok(read(target).includes(`id="${decodeURIComponent(anchor)}"`), `docs/${page}: ${link}`);
      links++;
    }
  assert.ok(links > 1000, `${links} links`);
});

const found = findChromium();
const missing = await moduleOf(loadScenarios().find(({ sdk }) => sdk === "rust")!).then(
  () => undefined,
  (error: unknown) => `${(error as Error).message}; install Rust (rustup.rs)`,
);
const skip = "reason" in found ? found.reason : (missing ?? false);

test("playground: a module of the Rust SDK is opened, shown and run", { skip }, async (t) => {
  const server = await serveFolder(folder);
  const browser = await launch("path" in found ? found.path : "");
  t.after(async () => {
    await browser.close();
    server.close();
  });
  const { page, errors, foreign } = await openPage(browser, server.address);
  await page.getByText("Send a request, or change the filter first.").waitFor();
  const file = await moduleOf(loadScenarios().find(({ sdk }) => sdk === "rust")!);
  await page.getByLabel("Open .wasm").setInputFiles(file);
  await page.locator(".treemap").waitFor({ timeout: 120_000 });
  const panel = page.locator("[role=tabpanel]:not([hidden])");
  assert.match(
    await panel.innerText(),
    /Envoy 1\.40 loads it\. [\d,]+ bytes, ABI 0\.2\.1[^]*proxy_on_request_headers/,
  );
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".status .summary strong").waitFor({ timeout: 60_000 });
  await page.getByRole("tab", { name: "Timeline" }).click();
  assert.match(await panel.innerText(), /proxy_on_request_headers/);
  assert.deepEqual(errors, []);
  assert.deepEqual(foreign, []);
});
