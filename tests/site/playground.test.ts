/** The playground in Chromium: from opening it to a filter of one's own that answers, and what must not hang it. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { writePlayground } from "../../scripts/site.js";
import { findChromium } from "../host/chromium.js";
import { endless, launch, openPage, serveFolder } from "./pages.js";
import type { FileServer } from "./pages.js";

const found = findChromium();
const skip = "reason" in found && found.reason;

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-site-"));
let server: FileServer;
let browser: Browser;

before(async () => {
  if (!("path" in found)) return;
  await writePlayground(folder);
  server = await serveFolder(folder);
  browser = await launch(found.path);
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until the editor has the first example. */
async function ready(page: Page): Promise<void> {
  await page.locator(".cm-content", { hasText: "registerHttpFilter" }).waitFor();
  await page.getByText("Send a request, or change the filter first.").waitFor();
}

/** Puts a text in the editor's place, as a paste does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await page.evaluate(`{
    const data = new DataTransfer();
    data.setData("text/plain", ${text.length > 1_000_000 ? `${JSON.stringify(text.slice(0, 64))}.repeat(${text.length / 64})` : JSON.stringify(text)});
    document.querySelector(".cm-content").dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }`);
}

/** Sends the request, and answers what the page says then. */
async function send(page: Page, outcome = ".status .summary.good, .status .summary.bad"): Promise<string> {
  await page.evaluate('document.querySelector(".status").replaceChildren()');
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(outcome).waitFor({ timeout: 120_000 });
  return await page.locator(".status").innerText();
}

async function tab(page: Page, name: string): Promise<string> {
  await page.getByRole("tab", { name }).click();
  return await page.locator("[role=tabpanel]:not([hidden])").innerText();
}

const filter = (
  body: string,
): string => `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Mine extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    ${body}
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Mine>();
`;

test("playground: the first screen answers a request before the compiler has arrived", { skip }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(/\.bin$/, () => undefined); // it never comes
  await page.goto(server.address);
  await ready(page);
  await page.getByLabel("Path", { exact: true }).fill("/denied");
  assert.match(await send(page), /^403/);
  assert.match(await tab(page, "Response"), /denied/);
  await context.close();
});

test(
  "playground: a filter is written, refused, mended, run, shared and tested, without another server",
  { skip },
  async () => {
    const began = await machineTime();
    const { page, errors, foreign } = await openPage(browser, server.address);
    await ready(page);

    await paste(page, filter('this.request.headers.set("x-mine", "first");'));
    assert.match(await send(page), /^200/);
    const seconds = (await machineTime()) - began;
    assert.ok(seconds > 0 && seconds < 60, `the first own filter took ${seconds} s of machine time`);
    assert.match(await tab(page, "Headers"), /x-mine\s+first\s+added/);
    assert.match(
      await tab(page, "Timeline"),
      /proxy_replace_header_map_value request headers "x-mine" "first"/,
    );

    await paste(page, filter("const x = ;"));
    assert.match(await send(page), /does not compile\. Line 4: Expression expected/);
    assert.match(await page.locator("#messages").innerText(), /error: Expression expected/);
    await page.locator(".cm-lint-marker-error").waitFor();

    // What the build refuses, and what the SDK refuses when it runs, each with its reason.
    await paste(page, filter('this.request.headers.set("x-mine", "a\\nb");'));
    assert.match(
      await send(page),
      /does not compile\. Line 4: the value for "x-mine" has a control character/,
    );
    await paste(page, filter('this.request.headers.set("x-mine", "a" + String.fromCharCode(10));'));
    assert.match(await send(page), /^200/);
    assert.match(await tab(page, "Logs"), /CR, LF|line break|control|newline/i);
    assert.equal(await page.locator("#messages").innerText(), "");

    // A loop without an end is the filter's bug, and costs one request.
    await paste(page, filter("let i = 0; for (;;) i++;"));
    assert.match(await send(page), /500/);

    await paste(page, filter('this.request.headers.set("x-hello", "world");'));
    await tab(page, "Suite");
    await page.getByRole("button", { name: "Run the suite" }).click();
    await page.locator(".suite-result .summary").waitFor({ timeout: 120_000 });
    assert.match(
      await page.locator(".suite-result").innerText(),
      /1 of 2 failed[^]*✓ marks requests[^]*✗ denies/,
    );

    await page.getByLabel("Path", { exact: true }).fill("/shared");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText(/The address has it all/).waitFor();
    const other = await openPage(browser, page.url());
    await other.page.locator(".cm-content", { hasText: "class Mine" }).waitFor();
    assert.equal(await other.page.getByLabel("Path", { exact: true }).inputValue(), "/shared");
    assert.deepEqual([...errors, ...other.errors], []);
    assert.deepEqual([...foreign, ...other.foreign], []);
    await other.page.close();

    // Ten megabytes: the page says no, and goes on.
    await paste(page, "// ten megabytes of nothing that anyone would want to compile.\n\n".repeat(163_840));
    assert.match(await send(page), /compiles up to 1,000,000 characters; these are 10,485,760/);
    await paste(page, filter('this.request.headers.set("x-mine", "last");'));
    assert.match(await send(page), /^200/);
    await page.close();
  },
);

test(
  "playground: a foreign module that never answers is stopped, and the page goes on",
  { skip },
  async () => {
    const { page, errors } = await openPage(browser, server.address);
    await ready(page);
    const choose = (name: string, buffer: Buffer): Promise<void> =>
      page.getByLabel("Open .wasm").setInputFiles({ name, mimeType: "application/wasm", buffer });
    await choose("text.wasm", Buffer.from("no module at all"));
    await page.getByText("text.wasm is no module").waitFor();
    await choose("endless.wasm", Buffer.from(endless()));
    await page.locator(".treemap").waitFor({ timeout: 60_000 });
    assert.match(await send(page), /did not answer within 10 seconds and was stopped/);
    await page.getByRole("button", { name: "Back to the editor's filter" }).click();
    assert.match(await send(page), /^200/);
    assert.deepEqual(errors, []);
    await page.close();
  },
);

test(
  "playground: fields have names, tabs go by arrow keys, a phone scrolls one way only",
  { skip },
  async () => {
    const { page } = await openPage(browser, server.address, 390);
    await ready(page);
    await send(page);
    const nameless = await page.evaluate(
      `[...document.querySelectorAll("input, select, textarea, button")]
      .filter((field) => (field.labels?.length ?? 0) === 0 && field.textContent.trim() === "" && !field.ariaLabel)
      .map((field) => field.outerHTML)`,
    );
    assert.deepEqual(nameless, []);
    await page.getByRole("tab", { name: "Response" }).focus();
    for (const name of ["Headers", "Calls", "Logs", "Timeline"]) {
      await page.keyboard.press("ArrowRight");
      assert.equal(await page.getByRole("tab", { selected: true }).innerText(), name);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390, name);
    }
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate('document.activeElement.closest(".cm-editor")'), null);
    await page.close();
  },
);

test("playground: a stranger's address breaks nothing", { skip }, async () => {
  const address = (content: string): string =>
    `${server.address}#filter=${deflateRawSync(content).toString("base64url")}`;
  const bomb = await openPage(browser, address(JSON.stringify({ source: " ".repeat(20_000_000) })));
  await bomb.page.getByText("The address is damaged: what was shared cannot be read.").waitFor();
  assert.match(await send(bomb.page), /^200/);
  await bomb.page.close();

  const odd = JSON.stringify({
    ...{ source: 5, suite: ["x"] },
    draft: { path: { toString: 1 }, method: "ODD", constructor: "x", headers: 7, body: "b" },
  }).replace('"constructor"', '"__proto__"');
  const { page, errors } = await openPage(browser, address(odd));
  await page.locator(".cm-content", { hasText: /^5$/ }).waitFor();
  assert.equal(await page.evaluate("({}).value"), undefined);
  assert.equal(await page.locator(".line select").inputValue(), "GET");
  assert.equal(await page.getByLabel("Path", { exact: true }).inputValue(), "/");
  assert.equal(await page.getByLabel("Body", { exact: true }).inputValue(), "b");
  assert.deepEqual(errors, []);
  await page.close();
});

test("playground: its files are small", { skip }, () => {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(all < 6_000_000, `${all} bytes`);
});

/** Seconds of processor time that Chromium has taken, in all of its processes. */
async function machineTime(): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
