import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/paths.js";
import { table } from "./cost.js";

/** How many operators a construct may have, beside those that it has by hand. */
const most: Readonly<Record<string, (byHand: number) => number>> = {
  // A list's entries stand in an object that is made once for each loop.
  "for…of over entries() of 8": (byHand) => byHand * 1.4,
  "[a, b] = pair taken apart": (byHand) => byHand + 1,
  "a call of a function that holds a variable": (byHand) => byHand + 8,
  // By hand, an object is made, too: another one would be more than these.
  "making such a function": (byHand) => byHand + 12,
};

test("loops and null cost what they cost by hand, and a function that holds variables one object", async () => {
  const page = readFileSync(join(root, "docs/typescript.md"), "utf8");
  for (const { name, construct, byHand } of await table()) {
    const limit = (most[name] ?? ((operators) => operators))(byHand.operators);
    assert.ok(construct.operators <= limit, `${name}: ${construct.operators}, by hand ${byHand.operators}`);
    const row = [name, construct.operators.toFixed(1), byHand.operators.toFixed(1)].join(" | ");
    const told = page.replace(/ +/g, " ");
    assert.ok(
      told.includes(`| ${row} | ${construct.bytes - byHand.bytes} |`),
      `docs/typescript.md: | ${row} |`,
    );
  }
});
