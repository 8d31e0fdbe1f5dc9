/** Methods of the compiler's `String` that the build puts right: they answer what Node answers, and write nothing beyond. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

const builds: [name: string, options: NonNullable<Parameters<typeof compileFilter>[1]>][] = [
  ["release", {}],
  ["debug", { target: "debug" }],
  ["incremental", { options: ["--runtime", "incremental"] }],
  ["without the language", { options: ["--use", "PROXY_WASM_ASSEMBLYSCRIPT=1"] }],
];

/** Numbers that are the same in each run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

for (const [name, options] of builds) {
  test(`replaceAll, padStart and padEnd answer what Node's answer: ${name}`, async () => {
    const wasm = await compileFilter("tests/transform/filters/library-faults.ts", options);
    const host = await createHost({ wasm });
    const ask = async (method: "replaceAll" | "padStart" | "padEnd", text: string, a: string, b: string) => {
      const { status, body } = await host.request({ headers: { "x-words": [method, text, a, b].join() } });
      const made = method === "replaceAll" ? text.replaceAll(a, b) : text[method](Number(a), b);
      assert.deepEqual([status, body.toString()], [200, `${made},${text}?!`], `${text} ${method} ${a} ${b}`);
    };
    await ask("replaceAll", "&&", "&", "13 characters");
    await ask("replaceAll", "nn", "n", "%0A");
    await ask("replaceAll", "a", "a", "x".repeat(5000));
    await ask("replaceAll", "a&", "&", "x".repeat(5000));
    await ask("replaceAll", "aaaa", "aa", "");
    await ask("replaceAll", "", "", "x");
    await ask("replaceAll", "", "", "");
    await ask("padStart", "abc", "-1", "x");
    await ask("padEnd", "abc", "-2147483648", "x");
    const random = randomOf(7);
    const word = (longest: number): string =>
      Array.from({ length: random(longest + 1) }, () => "ab"[random(2)]).join("");
    for (let i = 0; i < 2000; i++)
      await ask("replaceAll", word(14), word(3), word([0, 2, 5, 40][random(4)]!));
    for (let i = 0; i < 300; i++)
      await ask(i % 2 ? "padStart" : "padEnd", word(6), String(random(30) - 8), word(4));
  });
}

for (const [name, options] of builds) {
  test(`NaN is found among keys, and -0 is 0: ${name}`, async () => {
    const host = await createHost({
      wasm: await compileFilter("tests/transform/filters/library-faults.ts", options),
    });
    for (const [text, told] of [
      ["NaN", "8 0 0 true"],
      ["0", "8 0 0 true"],
      ["-0", "8 0 0 true"],
      ["1.5", "8 1 1 true"],
    ]) {
      const { body } = await host.request({ headers: { "x-words": ["keys", text, "", ""].join() } });
      assert.equal(body.toString(), `${told},${text}?!`);
    }
  });
}

test("a text that would be longer than memory is refused, and its size does not wrap around", async () => {
  const wasm = await compileFilter("tests/transform/filters/library-faults.ts");
  const host = await createHost({ wasm, mayFail: true });
  const { status, body } = await host.request({ headers: { "x-words": "grow,a,," } });
  assert.equal(status, 500, body.toString().slice(0, 99));
  assert.match(host.errors.join(), /Invalid length/);
});
