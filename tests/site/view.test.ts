import assert from "node:assert/strict";
import { test } from "node:test";
import { labelOf } from "../../src/pages/view/module.js";

test("tiles are labelled with functions' names, not with their files", () => {
  for (const [name, label] of [
    ["Bugs#onRequestHeaders (assembly/index.ts:28)", "Bugs#onRequestHeaders"],
    ["assembly/index/Bugs#onRequestHeaders", "Bugs#onRequestHeaders"],
    ["~lib/rt/tlsf/searchBlock", "searchBlock"],
    ["~lib/array/Array<~lib/string/String>#push", "Array"],
    ["main (closure) (assembly/a/b.ts:3)", "main (closure)"],
    ["12 more functions", "12 more functions"],
  ])
    assert.equal(labelOf(name!), label);
});
