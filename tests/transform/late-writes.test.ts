/** Which modules check that a request has not been answered before they change its headers: all that may do so late. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileFilterText } from "../support/compile.js";

/** A class with these members besides a timer and a callback of the response. */
const filter = (
  members: string,
  outside = "",
): string => `import { FilterHeadersStatus, Headers, HttpContext, HttpRequest, log, registerHttpFilter } from "proxy-wasm-as";
${outside}
class Filter extends HttpContext {
  kept: HttpRequest | null = null;
  headers: Headers | null = null;
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(1, () => { log.warn("later"); });
    return FilterHeadersStatus.Continue;
  }
  ${members}
}
registerHttpFilter<Filter>();
`;
const onRequest = (body: string): string =>
  `onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus { ${body} return FilterHeadersStatus.Continue; }`;

const early: Readonly<Record<string, string>> = {
  "in the request's callback": filter(onRequest('this.request.headers.set("x-a", "1");')),
  "nothing but the response": filter(onRequest('this.response.headers.get("x-a");')),
};
const late: Readonly<Record<string, string>> = {
  "in a timer": filter(
    onRequest('this.after(1, () => { this.request.headers.set("x-a", this.contextId.toString()); });'),
  ),
  "in a callback of the response": filter(
    'onResponseBody(size: u32, end: bool): i32 { this.request.headers.set("x-a", "1"); return 0; }',
  ),
  "through a field": filter(
    `${onRequest("this.kept = this.request;")} onResponseBody(size: u32, end: bool): i32 { this.kept!.headers.set("x-a", "1"); return 0; }`,
  ),
  "through its headers": filter(
    `${onRequest("this.headers = this.request.headers;")} onResponseBody(size: u32, end: bool): i32 { this.headers!.set("x-a", "1"); return 0; }`,
  ),
  "in a function that has the stream": filter(
    onRequest("mark(this);"),
    'function mark(context: HttpContext): void { context.request.headers.set("x-a", "1"); }',
  ),
  "in a method of its own": filter(
    `${onRequest("")} onResponseBody(size: u32, end: bool): i32 { this.mark(); return 0; } mark(): void { this.request.headers.set("x-a", "1"); }`,
  ),
};

/** Whether the module has the name of the property that the guard reads. */
async function asks(text: string): Promise<boolean> {
  return readFileSync(await compileFilterText(text)).includes(Buffer.from("code_details", "utf16le"));
}

test("a filter that may change a request late asks whether it has been answered, others do not", async () => {
  for (const [what, text] of Object.entries(early)) assert.equal(await asks(text), false, what);
  for (const [what, text] of Object.entries(late)) assert.equal(await asks(text), true, what);
});
