/** A bug that the compiler's library finds has the place of the user's own call, also where calls stand within calls. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const text = `
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
const numbers: i32[] = [1, 70, -1, 0, 3, 2, 5, 6];
function pick(): i32 {
  return numbers[1];
}
class Finding extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const index = <i32>parseInt(this.request.headers.get("x-index")!);
    const number = numbers[ // outermost
      numbers[ // middle
        numbers[ // inner
          index
        ]
      ]
    ];
    const text = "-".repeat( // repeated
      numbers[ // amount
        number
      ]
    );
    if (text.length == 70) return this.respond(numbers[pick()]); // picked
    return this.respond(200, text);
  }
}
registerHttpFilter<Finding>();
`;

/** The line of the text that has the comment. */
const lineOf = (comment: string): number => text.slice(0, text.indexOf(`// ${comment}`)).split("\n").length;

for (const [index, comment] of [
  [9, "inner"],
  [1, "middle"],
  [2, "middle"],
  [0, "outermost"],
  [3, "amount"],
  [7, "repeated"],
  [4, "picked"],
] as const) {
  test(`a bug in a call within a call has the place of the one that found it: ${comment}, ${index}`, async () => {
    const host = await createHost({ wasm: await compileFilterText(text), mayFail: true });
    const { status } = await host.request({ headers: { "x-index": String(index) } });
    assert.equal(status, 500);
    assert.match(host.errors.join(), new RegExp(`^abort: In[\\w ]+ at \\S+filter\\.ts:${lineOf(comment)}:`));
  });
}
