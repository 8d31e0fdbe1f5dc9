/**
 * A part of a response that a filter has held goes on in the next tick. Parts that come until then, and are held in the host's buffer
 * behind it, must not show the filter what it has let go already.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const LINES = ["one\n", "second line\n", "\n", "<b>3</b>\n", "the last one"];
const TEXT = LINES.join("");

const holder = (members: string): string =>
  `import { BodyEditor, EditedBodyContext, FilterDataStatus, FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { StreamEditor } from "proxy-wasm-as/assembly/std/edit";
${members}
registerHttpFilter<Filter>();
`;

/** A filter that waits for the end of each line, and then does this to all that it sees. */
const linewise = (act: string, goOn = "return FilterDataStatus.Continue;"): string =>
  holder(`let other: HttpContext | null = null;
class Filter extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.request.path != "/held") return FilterHeadersStatus.Continue;
    other = this;
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.remove("content-length");
    return FilterHeadersStatus.Continue;
  }
  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const body = this.response.body;
    if (body.size != bodySize) body.set("another size");
    const text = body.text();
    if (!endOfStream && !text.endsWith("\\n")) return FilterDataStatus.StopIterationAndBuffer;
    ${act}
    ${goOn}
  }
}`);

/** Tells whether a body is the text, each part of it that the filter has let go in parentheses of its own. */
const isInParts = (body: string): boolean => body.replace(/\(([^()]*)\)/g, "$1") === TEXT;

/** The filters, and what tells whether a body is the one that each makes of the text. */
const filters: Readonly<Record<string, readonly [source: string, isRight: (body: string) => boolean]>> = {
  "an editor": [
    holder(`class Filter extends EditedBodyContext {
  createResponseEditor(): BodyEditor | null {
    return new StreamEditor().replace("one\\n", "1\\n").replace("line", "row").replace("<b>", "<i>");
  }
}`),
    (body) => body === TEXT.replaceAll("one\n", "1\n").replaceAll("line", "row").replaceAll("<b>", "<i>"),
  ],
  "a class that puts text around": [linewise('body.prepend("("); body.append(")");'), isInParts],
  "a class that sets all": [linewise('body.set("(" + text + ")");'), isInParts],
  "a class that replaces": [
    linewise('body.replaceAll("n", "nn");'),
    (body) => body === TEXT.replaceAll("n", "nn"),
  ],
  "a class that resumes in the callback": [
    linewise(
      'body.set("(" + text + ")");',
      "this.resumeResponse(); return FilterDataStatus.StopIterationAndBuffer;",
    ),
    isInParts,
  ],
  "a class that acts upon another stream last": [
    linewise('body.set("(" + text + ")"); if (other !== null) other!.request.headers.get("x-none");'),
    isInParts,
  ],
  "a class that reads pieces": [
    linewise('body.set("(" + body.slice(0, 1) + body.slice(1, bodySize) + ")");'),
    isInParts,
  ],
  "a class that reads beyond the end": [
    linewise('if (body.slice(0xffffffff) != "" || body.slice(bodySize) != "") body.set("more");'),
    (body) => body === TEXT,
  ],
};

/** The text, cut before each byte, and into pieces of other sizes. */
const cuts: readonly string[][] = [1, 2, 3, 5, 7].map((size) =>
  TEXT.match(new RegExp(`[^]{1,${size}}`, "g"))!,
);

for (const [name, [source, isRight]] of Object.entries(filters)) {
  test(`${name}: what has been let go is not seen again (embedded host)`, async () => {
    const host = await createHost({ wasm: await compileFilterText(source) });
    // Nobody resumes it.
    const held = host.request({ path: "/held" }).catch(() => undefined);
    for (const pieces of cuts) {
      for (const trailers of [undefined, { "x-end": "1" }]) {
        host.script("upstream", { body: pieces, ...(trailers && { trailers }) });
        const { body } = await host.request();
        assert.ok(isRight(body), `${pieces.length} pieces: ${body}`);
      }
    }
    await held;
  });

  envoyTest(`${name}: what has been let go is not seen again`, async (t) => {
    const upstream = await startUpstream(t, (asked, response) => {
      const hasTrailers = asked.path.endsWith("t");
      response.writeHead(200, hasTrailers ? { trailer: "x-end" } : {});
      void (async () => {
        for (const piece of cuts[parseInt(asked.path.slice(1))] ?? []) {
          await new Promise((resolve) => response.write(piece, resolve));
        }
        if (hasTrailers) response.addTrailers({ "x-end": "1" });
        response.end();
      })();
    });
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilterText(source) }],
      upstream: upstream.port,
      edit: passTrailers,
    });
    let cutHeld!: (value?: undefined) => void;
    const held = request(envoy.port, {
      path: "/held",
      cutAfter: new Promise((resolve) => (cutHeld = resolve)),
    });
    for (let i = 0; i < 10; i++)
      for (let cut = 0; cut < cuts.length; cut++)
        for (const end of ["", "t"]) {
          const response = await request(envoy.port, {
            path: `/${cut}${end}`,
            headers: [["te", "trailers"]],
          });
          assert.ok(response.complete, response.raw.slice(-200));
          assert.ok(isRight(response.body), `${cuts[cut]!.length} pieces, ${end}: ${response.body}`);
          assert.equal(response.raw.split("x-end: 1").length, end === "" ? 1 : 2);
        }
    cutHeld();
    await held;
  });
}
