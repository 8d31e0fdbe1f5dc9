/** Random statements, which tell what they find by adding to `out`. */
import { initial, of } from "./expressions.js";
import type { Source, Type } from "./source.js";

const types: readonly Type[] = [
  ...([
    "number",
    "string",
    "boolean",
    "string | null",
    "number | undefined",
    "string[]",
    "number[]",
  ] as const),
  ...(["Map<string, number>", "Map<string, string>", "Set<string>", "Box", "Box | null"] as const),
  ...(["() => number", "(s: string) => string"] as const),
];

/** Types that are not always written. */
const shown = /^(string|boolean|Box|string\[\]|Map.*|Set.*)$/;

const tell = (s: Source, text: string): void => s.write(`out += ${text} + ";";`);

function declaration(s: Source): void {
  const type = s.pick(...types);
  const name = s.fresh();
  const constant = s.once(2);
  const written = shown.test(type) && s.once(2) ? "" : `: ${type}`;
  const value = initial(s, type, 2);
  s.write(`${constant ? "const" : "let"} ${name}${written} = ${value};`);
  s.declare(name, type, constant);
}

function assignment(s: Source): void {
  const type = s.pick<Type>(
    "number",
    "string",
    "boolean",
    "string | null",
    "number | undefined",
    "Box | null",
  );
  const known = s.seen(type, true);
  if (known.length === 0) return tell(s, of(s, "string", 3));
  const { name } = s.pick(...known);
  if (type === "number")
    s.write(
      s.pick(
        `${name} = ${of(s, "number", 2)} % 1000;`,
        `${name} ${s.pick("+=", "-=")} ${of(s, "number", 1)};`,
        `${name}${s.pick("++", "--")};`,
        `${name} ${s.pick("||=", "&&=")} ${of(s, "number", 1)};`,
      ),
    );
  else if (type === "string")
    s.write(
      s.pick(
        `${name} = (${of(s, "string", 2)}).slice(0, 20);`,
        `${name} += ${of(s, s.pick("string", "number"), 0)};`,
        `${name} ||= ${of(s, "string", 1)};`,
      ),
    );
  else if (type === "boolean") s.write(`${name} = ${of(s, "boolean", 2)};`);
  else if (type === "string | null")
    s.write(
      s.pick(
        `${name} ??= ${of(s, "string", 1)};`,
        `${name} = maybe(${of(s, "string", 1)});`,
        `${name} = null;`,
      ),
    );
  else if (type === "number | undefined")
    s.write(
      s.pick(
        `${name} ??= ${of(s, "number", 1)};`,
        `${name} = undefined;`,
        `${name} = ${of(s, "number", 1)};`,
      ),
    );
  else s.write(s.pick(`${name} = null;`, `${name} = find(${of(s, "boolean", 1)}, ${of(s, "string", 1)});`));
}

function condition(s: Source, depth: number): void {
  const kind = s.below(5);
  const optional = s.seen("string | null");
  const number = s.seen("number | undefined");
  const box = s.seen("Box | null");
  const object = s.seen("Box");
  if (kind === 0 && optional.length > 0) {
    const { name } = s.pick(...optional);
    const asked = s.pick(`${name} !== null`, name, `${name} != null`);
    s.write(`if (${asked}) out += ${name}.toUpperCase() + ${name}.length + ";"; else out += "none;";`);
  } else if (kind === 1 && number.length > 0) {
    const { name } = s.pick(...number);
    s.write(`if (${name} !== undefined) out += ${name} + 1 + ";"; else out += "none;";`);
  } else if (kind === 2 && box.length > 0) {
    const { name } = s.pick(...box);
    s.write(`if (${name} !== null && ${name}.n > ${of(s, "number", 0)}) out += ${name}.add(1).name + ";";`);
  } else if (kind === 3 && object.length > 0) {
    const { name } = s.pick(...object);
    s.write(`out += ${name} instanceof Big ? ${name}.extra : ${name}.name; out += ";";`);
  } else {
    const test = of(s, s.pick("boolean", "boolean", "string", "number"), 2);
    s.block(`if (${test}) `, () => body(s, depth));
    if (s.once(2)) s.block("else ", () => body(s, depth));
  }
}

function loop(s: Source, depth: number): void {
  const a = s.fresh();
  const b = s.fresh();
  const several = s.pick("", "", "if (++turns > 40) break; ");
  const turn = (head: string, variables: readonly [string, Type][]): void =>
    s.block(head, () => {
      s.write(`${several}if (++turns > 60) break;`);
      for (const [name, type] of variables) s.declare(name, type, true);
      if (s.once(5)) s.write(`if (${of(s, "boolean", 1)}) ${s.pick("continue", "break")};`);
      body(s, depth);
    });
  switch (s.below(9)) {
    case 0:
      return turn(`for (const ${a} of ${of(s, "string[]", 2)}) `, [[a, "string"]]);
    case 1:
      return turn(`for (const ${a} of ${of(s, "string", 1)}) `, [[a, "string"]]);
    case 2:
      return turn(`for (const [${a}, ${b}] of ${of(s, "Map<string, number>", 1)}) `, [
        [a, "string"],
        [b, "number"],
      ]);
    case 3:
      return turn(`for (const [${a}, ${b}] of ${of(s, "string[]", 1)}.entries()) `, [[b, "string"]]);
    case 4:
      return turn(`for (const ${a} of ${of(s, "Set<string>", 1)}) `, [[a, "string"]]);
    case 5:
      return turn(`for (const { name: ${a}, n: ${b} } of [${of(s, "Box", 1)}, ${of(s, "Box", 1)}]) `, [
        [a, "string"],
        [b, "number"],
      ]);
    case 6:
      return turn(`for (const ${a} of ${of(s, "Map<string, string>", 1)}.${s.pick("keys", "values")}()) `, [
        [a, "string"],
      ]);
    case 7:
      return turn(`for (const ${a} of ${of(s, "number[]", 1)}) `, [[a, "number"]]);
    default: {
      // Each turn has a variable of its own, which functions hold.
      const functions = s.fresh();
      s.write(`const ${functions}: (() => string)[] = [];`);
      s.block(`for (let ${a} = 0; ${a} < ${s.pick("2", "3")}; ${a}++) `, () => {
        const local = s.fresh();
        s.write(`let ${local} = ${of(s, "string", 1)};`);
        s.declare(local, "string", true);
        s.write(`${functions}.push(() => { ${local} += "!"; return ${local} + ${a}; });`);
        body(s, depth);
      });
      s.write(`for (const f of ${functions}) out += f() + f() + ";";`);
    }
  }
}

function nested(s: Source, depth: number): void {
  const name = s.fresh();
  const parameter = s.fresh();
  const isText = s.once(2);
  s.block(
    isText
      ? `const ${name} = (${parameter}: string): string => `
      : `function ${name}(${parameter}: string): string `,
    () => {
      s.write('if (++turns > 60) return "deep";');
      s.declare(parameter, "string", false);
      body(s, depth);
      s.write(`return (${of(s, "string", 2)}).slice(0, 20);`);
    },
    isText ? "};" : "}",
  );
  s.declare(name, "(s: string) => string", true);
  tell(s, `${name}(${of(s, "string", 1)})`);
}

function destructuring(s: Source): void {
  const [a, b, c] = [s.fresh(), s.fresh(), s.fresh()];
  const strings = (...names: string[]): void => {
    for (const name of names) s.declare(name, "string", false);
  };
  switch (s.below(5)) {
    case 0:
      s.write(`let [${a} = "d", ${b} = ${of(s, "string", 0)}] = ${of(s, "string", 1)}.split(",");`);
      return strings(a, b);
    case 1:
      s.write(`let [${a} = "", ...${b}] = ${of(s, "string[]", 1)};`);
      strings(a);
      return s.declare(b, "string[]", true);
    case 2:
      s.write(`const { name: ${a}, n: ${b} } = ${of(s, "Box", 1)};`);
      s.declare(a, "string", true);
      return s.declare(b, "number", true);
    case 3:
      s.write(`const ${c} = { ${a}: ${of(s, "string", 1)}, ${b}: ${of(s, "number", 1)} };`);
      return tell(s, `${c}.${a} + ${c}.${b}`);
    default: {
      const known = s.seen("string", true);
      if (known.length < 2) return tell(s, of(s, "string", 2));
      const [x, y] = [s.pick(...known).name, s.pick(...known).name];
      if (x !== y) s.write(`[${x}, ${y}] = [${y}, ${x}];`);
    }
  }
}

function change(s: Source): void {
  const type = s.pick<Type>(
    "string[]",
    "number[]",
    "Map<string, number>",
    "Map<string, string>",
    "Set<string>",
    "Box",
  );
  const known = s.seen(type);
  if (known.length === 0) return tell(s, of(s, "string", 2));
  const { name } = s.pick(...known);
  const text = of(s, "string", 1);
  if (type === "string[]")
    s.write(
      s.pick(
        `if (${name}.length < 9) ${name}.push(${text}, "p");`,
        `out += (${name}.pop() ?? "empty") + ";";`,
        `out += ${name}.shift() ?? "empty";`,
      ),
    );
  else if (type === "number[]") s.write(`if (${name}.length < 9) ${name}.push(${of(s, "number", 1)});`);
  else if (type === "Map<string, number>")
    s.write(
      `${name}.set(${text}, (${name}.get(${text}) ?? 0) + 1); out += [...${name}.keys()].join() + ";";`,
    );
  else if (type === "Map<string, string>")
    s.write(
      s.pick(
        `${name}.set(${text}, ${of(s, "string", 1)});`,
        `${name}.delete("a"); ${name}.forEach((v, k) => { out += k + v; });`,
      ),
    );
  else if (type === "Set<string>")
    s.write(`${name}.${s.pick("add", "delete")}(${text}); out += ${name}.size + ";";`);
  else
    s.write(
      s.pick(
        `${name}.n += ${of(s, "number", 0)};`,
        `${name}.next = find(${of(s, "boolean", 1)}, ${text});`,
        `${name}.label ??= ${text};`,
      ),
    );
}

function choice(s: Source): void {
  s.write(`switch (${s.once(2) ? of(s, "string", 1) : `"k" + ${of(s, "number", 0)}`}) {`);
  s.write(`  case "a": out += ${of(s, "string", 1)};${s.once(2) ? " break;" : ""}`);
  s.write(`  case "k1": case "k2": out += ${of(s, "number", 1)}; break;`);
  s.write(`  default: out += "other;";`);
  s.write("}");
}

function trying(s: Source, depth: number): void {
  s.block(
    "try ",
    () => {
      body(s, depth);
      s.write(
        `if (${of(s, "boolean", 1)}) throw new ${s.pick("Error", "RangeError")}(${of(s, "string", 1)});`,
      );
      body(s, 0);
    },
    '} catch (e) { out += (e as Error).message + ";"; }' + (s.once(2) ? ' finally { out += "f;"; }' : ""),
  );
}

/** A function that a later callback calls. */
function held(s: Source): void {
  const known = s.seen("string", true);
  const change = known.length > 0 ? `${s.pick(...known).name} += "h"; ` : "";
  s.write(`held.push(() => { ${change}return ${of(s, "string", 2)}; });`);
}

function statement(s: Source, depth: number): void {
  if (s.once(16)) return held(s);
  const kind = s.below(depth > 0 ? 20 : 12);
  if (kind < 5) declaration(s);
  else if (kind < 7) assignment(s);
  else if (kind < 8) destructuring(s);
  else if (kind < 9) change(s);
  else if (kind < 12) tell(s, of(s, s.pick("string", "number", "boolean", "string"), 3));
  else if (kind < 14) condition(s, depth - 1);
  else if (kind < 16) loop(s, depth - 1);
  else if (kind < 17) nested(s, depth - 1);
  else if (kind < 18) choice(s);
  else trying(s, depth - 1);
}

function body(s: Source, depth: number): void {
  for (let count = 1 + s.below(3); count > 0; count--) statement(s, depth);
}

/** The statements of a program. */
export function program(s: Source): void {
  for (let count = 3 + s.below(4); count > 0; count--) statement(s, 2);
}
