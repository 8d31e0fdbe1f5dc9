import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sentences } from "../../src/language/sentences/table.js";
import { build, placeOf, type Message } from "./refused/build.js";
import { bySyntax, byTypes } from "./refused/cases.js";

/** A sentence is followed by what is wrong in particular, or by its full stop. */
const says = (text: string, sentence: string): boolean =>
  [`${sentence}.`, `${sentence} (`, `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`].some((whole) =>
    text.includes(whole),
  );

for (const [what, cases] of [
  ["by its syntax", bySyntax],
  ["by its types", byTypes],
] as const) {
  let messages: Message[][] = [];
  before(async () => {
    messages = await build(cases);
  });
  for (const [index, refused] of cases.entries()) {
    const [name, statements, declarations = ""] = refused;
    test(`refused ${what}: ${`${declarations} ${statements}`.trim()}`, () => {
      const told = messages[index]!;
      const right = told.filter(({ text }) => says(text, sentences[name]));
      assert.ok(right.length > 0, `${name}: the build says ${JSON.stringify(told)}`);
      const { line, column } = placeOf(refused);
      assert.ok(
        right.some((message) => message.line === line && message.column === column),
        `${name}: at ${line},${column}, not ${JSON.stringify(right)}`,
      );
    });
  }
}

test("each sentence is brought about", () => {
  const tried = new Set<string>([...bySyntax, ...byTypes].map(([name]) => name));
  assert.deepEqual(
    Object.keys(sentences).filter((name) => !tried.has(name)),
    [],
  );
});
