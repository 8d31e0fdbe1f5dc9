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

/** What the filter's `search` answers, by Node. */
function searched(text: string, part: string, at: number): string {
  const found = [
    text.indexOf(part, at),
    text.lastIndexOf(part, at),
    text.indexOf(part),
    text.lastIndexOf(part),
  ];
  const tells = [
    text.includes(part),
    text.includes(part, at),
    text.startsWith(part),
    text.startsWith(part, at),
    text.endsWith(part),
    text.endsWith(part, at),
    text === part,
    true,
  ];
  return [...found, ...tells, text.split(part).length].join(" ");
}

for (const [name, options] of builds) {
  test(`searches and cases answer what Node's answer: ${name}`, async () => {
    const host = await createHost({
      wasm: await compileFilter("tests/transform/filters/library-faults.ts", options),
    });
    const ask = async (verb: string, text: string, part: string, at: string): Promise<string> => {
      const words = [verb, encodeURIComponent(text), encodeURIComponent(part), at].join();
      const { body } = await host.request({ headers: { "x-words": words } });
      return body.toString();
    };
    const random = randomOf(23);
    const letters = [
      "a",
      "b",
      "A",
      "Z",
      "@",
      "[",
      "`",
      "{",
      "z",
      "\0",
      "\u0080",
      "é",
      "Ж",
      "水",
      "\u8061",
      "😀",
    ];
    const word = (longest: number, kinds: number): string =>
      Array.from({ length: random(longest + 1) }, () => letters[random(kinds)]).join("");
    for (let i = 0; i < 1500; i++) {
      const kinds = [2, 3, letters.length][random(3)]!;
      const text = word(i % 100 === 0 ? 700 : 30, kinds);
      const start = random(text.length + 1);
      // A part of the text, without half a character.
      const part = random(2)
        ? [...text.slice(start, start + random(20))].join("").replace(/[\ud800-\udfff]/g, "")
        : word(5, kinds);
      const at = random(40) - 5;
      const sent = encodeURIComponent(text);
      const told = await ask("search", text, part, String(at));
      assert.equal(told, `${searched(text, part, at)},${sent}?!`, JSON.stringify([text, part, at]));
      const turned = `${text.toLowerCase()},${text.toUpperCase()}`;
      assert.equal(await ask("case", text, "", ""), `${turned},${sent}?!`, text);
    }
  });
}

for (const [name, options] of builds) {
  test(`a text without a digit is no number, whatever lies behind it: ${name}`, async () => {
    const host = await createHost({
      wasm: await compileFilter("tests/transform/filters/library-faults.ts", options),
    });
    const random = randomOf(31);
    const words = [
      "",
      " ",
      "\t",
      "\n",
      "\u00a0",
      "-",
      "+",
      "0",
      "0x",
      "0X",
      "0b1",
      "0o7",
      "1f",
      "99",
      "g",
      ".",
    ];
    for (let i = 0; i < 1500; i++) {
      const text = Array.from({ length: random(5) }, () => words[random(words.length)]).join("");
      const numbers = [parseInt(text), parseInt(text, 10), parseInt(text, 16)];
      const told = [
        ...numbers.map((number) => (Number.isNaN(number) ? "NaN" : String(number === 0 ? 0 : number))),
      ];
      if (numbers.some((number) => Math.abs(number) > 2147483647)) continue;
      const { body } = await host.request({
        headers: { "x-words": ["integer", encodeURIComponent(text), "", ""].join() },
      });
      const [first = NaN] = numbers;
      const whole = Number.isNaN(first) ? 0 : first === 0 ? 0 : first;
      assert.equal(
        body.toString(),
        `${[...told, whole].join(" ")},${encodeURIComponent(text)}?!`,
        JSON.stringify(text),
      );
    }
  });
}

for (const [name, options] of builds) {
  test(`fill and copyWithin stay within their array, and trim takes all blanks: ${name}`, async () => {
    const host = await createHost({
      wasm: await compileFilter("tests/transform/filters/library-faults.ts", options),
    });
    const ask = async (...words: string[]): Promise<string> =>
      (await host.request({ headers: { "x-words": words.join() } })).body.toString();
    const places = [-2147483648, -1073741825, -9, -3, -1, 0, 1, 2, 3, 9, 1073741824, 2147483647];
    for (const from of places)
      for (const to of places) {
        const [bytes, fixed] = [Uint8Array.of(8, 0, 0), [0, 0, 4]];
        const told = [
          ...[[1, 2, 3].fill(7, from, to), [1, 2, 3].copyWithin(from, to), [1, 2, 3].copyWithin(0, from, to)],
          ...[[...bytes.fill(9, from, to)], [...bytes.copyWithin(from, to)]],
          ...[[...fixed.fill(6, from, to)], [...fixed.copyWithin(0, from, to)]],
        ].map((list) => list.join(""));
        assert.equal(await ask("ranges", "a", String(from), String(to)), `${told.join(" ")} true,a?!`);
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- filters use it
        const parts = ["aba".substr(from, to), "aba".substr(from)];
        assert.equal(await ask("substr", "aba", String(from), String(to)), `${parts.join(".")},aba?!`);
      }
    const random = randomOf(5);
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: random(12) }, () => " \t\n\u2028\u3000ab"[random(7)]).join("");
      const sent = encodeURIComponent(text);
      assert.equal(await ask("trim", sent, "", ""), `[${text.trim()}],${sent}?!`);
    }
  });
}

/** What the filter's `views` answers, by Node; undefined where it throws. */
function viewed(verb: string, one: number, other: number): string | undefined {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const view = new DataView(bytes.buffer);
  try {
    if (verb === "wrap8") return new Uint8Array(bytes.buffer, one, other).join("");
    if (verb === "wrap32") return String(new Uint32Array(bytes.buffer, one, other).length);
    if (verb === "view") return String(new DataView(bytes.buffer, one, other).byteLength);
    if (verb === "get") return [view.getUint16(one), view.getInt32(one), view.getBigInt64(one)].join(" ");
    if (verb === "set") {
      view.setUint16(one, 7);
      view.setFloat64(one, 1);
    } else if (verb === "set8") bytes.set([9, 9], one);
    else new Uint32Array(bytes.buffer).set([9], one);
    return bytes.join("");
  } catch {
    return undefined;
  }
}

for (const [name, options] of builds) {
  test(`views reach nothing beyond their buffer, and a bug there costs one request: ${name}`, async () => {
    const wasm = await compileFilter("tests/transform/filters/library-faults.ts", options);
    const host = await createHost({ wasm, mayFail: true });
    const places = [-2147483648, -8, -4, 0, 1, 4, 7, 8, 9, 1073741824, 1073741825, 2147483640, 2147483647];
    for (const verb of ["wrap8", "wrap32", "view", "get", "set", "set8", "set32"])
      for (const one of places)
        for (const other of /^(wrap|view)/.test(verb) ? places.filter((place) => place !== -1) : [0]) {
          const expected = viewed(verb, one, other);
          const words = ["views", verb, String(one), String(other)].join();
          const { status, body, logs } = await host.request({ headers: { "x-words": words } });
          const told = body.toString().split(",")[0]!;
          const said = logs.map(({ message }) => message).join();
          assert.doesNotMatch(said, /RuntimeError/, words);
          if (expected === undefined) assert.equal(status, 500, `${words}: ${told}`);
          else
            assert.ok(
              status === 200 && told.startsWith(expected),
              `${words}: ${status} ${told} ${expected} ${said}`,
            );
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
