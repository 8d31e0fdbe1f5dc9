/** Random expressions of each type. */
import type { Source, Type } from "./source.js";

const texts = ['""', '"a"', '"b,c"', '"k1"', '"x=1;y=2"', '"Ab 12"', '"é😀"', '" t "', '"7"', '"1.5"'];
const keys = ['"a"', '"b"', '"k1"', '"zz"'];
const patterns = ["/[a-c]+/", "/\\d+/g", "/(\\w)=(\\d)/", "/x|k/gi", "/^\\s*$/"];

type Make = (s: Source, depth: number) => string;

const key: Make = (s, depth) => (s.once(3) && depth > 0 ? string(s, depth - 1) : s.pick(...keys));
const whole: Make = (s) => String(s.below(6));
const variable = (s: Source, type: Type, otherwise: Make, depth: number): string => {
  const known = s.seen(type);
  return known.length > 0 && !s.once(5) ? s.pick(...known).name : otherwise(s, depth);
};
const list: Make = (s, depth) => of(s, "string[]", depth);
const numbers: Make = (s, depth) => of(s, "number[]", depth);

/** An arrow function of a text. */
function arrow(s: Source, type: "string" | "number" | "boolean", depth: number, result = ""): string {
  const name = s.fresh();
  const body = s.within([{ name, type: "string", constant: true }], () => of(s, type, depth));
  return `(${name})${result} => ${body}`;
}
function arrowOfNumber(s: Source, type: "string" | "number" | "boolean", depth: number): string {
  const name = s.fresh();
  const body = s.within([{ name, type: "number", constant: true }], () => of(s, type, depth));
  return `(${name}) => ${body}`;
}

const number = (s: Source, depth: number): string => {
  if (depth <= 0) return s.once(2) ? variable(s, "number", whole, 0) : s.pick(whole(s, 0), "0.5", "-2", "10");
  const d = depth - 1;
  switch (s.below(26)) {
    case 0:
    case 1:
      return `(${number(s, d)} ${s.pick("+", "-", "*")} ${number(s, d)})`;
    case 2:
      return `(${number(s, d)} / ${number(s, d)})`;
    case 3:
      return `(${number(s, d)} % ${s.pick("3", "7", "2.5")})`;
    case 4:
      return `Math.${s.pick("floor", "abs", "round", "trunc", "ceil", "sign")}(${number(s, d)})`;
    case 5:
      return `Math.${s.pick("max", "min")}(${number(s, d)}, ${number(s, d)}, ${number(s, d)})`;
    case 6:
      return `${string(s, d)}.length`;
    case 7:
      return `${list(s, d)}.length`;
    case 8:
      return `(${of(s, "Map<string, number>", d)}.get(${key(s, d)}) ?? ${number(s, d)})`;
    case 9:
      return `(${numbers(s, d)}[${whole(s, 0)}] ?? ${number(s, d)})`;
    case 10:
      return `${string(s, d)}.indexOf(${string(s, d)})`;
    case 11:
      return `(${of(s, "Box | null", d)}?.n ?? ${number(s, d)})`;
    case 12:
      return `(-(${number(s, d)}))`;
    case 13:
      return `(twice(${number(s, d)}) ${s.pick("&", "|", "^", "<<", ">>", ">>>")} ${whole(s, 0)})`;
    case 14:
      return `(${boolean(s, d)} ? ${number(s, d)} : ${number(s, d)})`;
    case 15:
      return `${variable(s, "() => number", () => "counter(3)", d)}()`;
    case 16:
      return `${numbers(s, d)}.reduce((p, q) => p + q, 0)`;
    case 17:
      return `${of(s, "Box", d)}.${s.pick("n", "twice", "tags.length")}`;
    case 18:
      return s.pick(`parseInt(${string(s, d)}, 10)`, `Number(${string(s, d)})`, `(+${string(s, d)})`);
    case 19:
      return `(${variable(s, "number | undefined", () => "optional(1)", d)} ?? ${number(s, d)})`;
    case 20:
      return `${s.pick("Map<string, number>", "Map<string, string>", "Set<string>").startsWith("Set") ? of(s, "Set<string>", d) : of(s, "Map<string, string>", d)}.size`;
    case 21:
      return `(${string(s, d)}.codePointAt(0) ?? ${whole(s, 0)})`;
    case 22:
      return `${list(s, d)}.findIndex(${arrow(s, "boolean", d)})`;
    case 23:
      return `(${number(s, d)} || ${number(s, d)})`;
    default:
      return variable(s, "number", whole, d);
  }
};

const string = (s: Source, depth: number): string => {
  if (depth <= 0) return s.once(2) ? s.pick(...texts) : variable(s, "string", () => s.pick(...texts), 0);
  const d = depth - 1;
  switch (s.below(32)) {
    case 0:
      return `(${string(s, d)} + ${s.pick(string, number, boolean)(s, d)})`;
    case 1:
      return `(${number(s, d)} + ${string(s, d)})`;
    case 2:
    case 3:
      return `\`${s.pick("", "n=", "[")}\${${s.pick(string, number, boolean)(s, d)}}${s.pick("", "|", " ")}\${${s.pick(string, number)(s, d)}}\``;
    case 4:
      return `${string(s, d)}.${s.pick("slice", "substring")}(${whole(s, 0)}, ${whole(s, 0)})`;
    case 5:
      return `${string(s, d)}.${s.pick("toUpperCase", "toLowerCase", "trim", "trimEnd")}()`;
    case 6:
      return `${string(s, d)}.${s.pick("padStart", "padEnd")}(${whole(s, 0)}, "*")`;
    case 7:
      return `${list(s, d)}.join(${s.pick('"-"', '""', "")})`;
    case 8:
      return `(${list(s, d)}[${whole(s, 0)}] ?? ${string(s, d)})`;
    case 9:
      return `(${of(s, "Map<string, string>", d)}.get(${key(s, d)}) ?? ${string(s, d)})`;
    case 10:
    case 11:
      return `(${of(s, "string | null", d)} ?? ${string(s, d)})`;
    case 12:
      return `(${boolean(s, d)} ? ${string(s, d)} : ${string(s, d)})`;
    case 13:
      return `String(${s.pick(number, boolean)(s, d)})`;
    case 14:
      return `(${number(s, d)}).${s.pick("toString()", "toFixed(1)", "toString()")}`;
    case 15:
      return `${string(s, d)}.replace(${s.pick(...patterns)}, ${s.once(2) ? string(s, 0) : '"<$&>"'})`;
    case 16:
      return `${of(s, "Box", d)}.name`;
    case 17:
      return `(${of(s, "Box | null", d)}?.next?.name ?? ${string(s, d)})`;
    case 18:
      return `${list(s, d)}.map(${arrow(s, "string", d)}).join("/")`;
    case 19:
      return `${numbers(s, d)}.map(${arrowOfNumber(s, s.pick("string", "number"), d)}).join()`;
    case 20:
      return `(${string(s, d)} || ${string(s, d)})`;
    case 21:
      return `(${string(s, d)} && ${string(s, d)})`;
    case 22:
      return `(${list(s, d)}.at(${s.pick("-1", "0", "5")}) ?? ${string(s, d)})`;
    case 23:
      return `(${list(s, d)}.find(${arrow(s, "boolean", d)}) ?? ${string(s, d)})`;
    case 24:
      return `${variable(s, "(s: string) => string", () => "shout", d)}(${string(s, d)})`;
    case 25:
      return `compose(${of(s, "(s: string) => string", d)}, ${of(s, "(s: string) => string", d)})(${string(s, d)})`;
    case 26:
      return `(${string(s, d)}.match(${s.pick(...patterns.filter((p) => !p.endsWith("g")))})?.[0] ?? ${string(s, d)})`;
    case 27:
      return `times(${s.pick("0", "1", "3")}, ${arrowOfNumber(s, "string", d)})`;
    case 28:
      return `letter(${s.pick('"a"', '"b"', '"c"')})`;
    default:
      return variable(s, "string", () => s.pick(...texts), d);
  }
};

const boolean = (s: Source, depth: number): string => {
  if (depth <= 0) return s.once(2) ? s.pick("true", "false") : variable(s, "boolean", () => "true", 0);
  const d = depth - 1;
  switch (s.below(16)) {
    case 0:
    case 1:
      return `(${number(s, d)} ${s.pick("<", ">", "<=", ">=", "===", "!==")} ${number(s, d)})`;
    case 2:
      return `(${string(s, d)} ${s.pick("===", "!==", "<", ">=")} ${string(s, d)})`;
    case 3:
      return `!${s.pick(boolean, string, number)(s, d)}`;
    case 4:
      return `(${boolean(s, d)} ${s.pick("&&", "||")} ${boolean(s, d)})`;
    case 5:
      return `${string(s, d)}.${s.pick("includes", "startsWith", "endsWith")}(${string(s, d)})`;
    case 6:
      return `${list(s, d)}.${s.pick("includes", "includes")}(${string(s, d)})`;
    case 7:
      return `${of(s, s.pick("Map<string, number>", "Map<string, string>", "Set<string>"), d)}.has(${key(s, d)})`;
    case 8:
      return `${s.pick(...patterns.filter((p) => !/\/\w*g\w*$/.test(p)))}.test(${string(s, d)})`;
    case 9:
      return `(${of(s, s.pick("string | null", "Box | null"), d)} ${s.pick("==", "!=")} null)`;
    case 10:
      return `(${of(s, "Map<string, number>", d)}.get(${key(s, d)}) === undefined)`;
    case 11:
      return `${list(s, d)}.${s.pick("some", "every")}(${arrow(s, "boolean", d)})`;
    case 12:
      return `(${of(s, "Box", d)} instanceof Big)`;
    case 13:
      return `isNaN(${number(s, d)})`;
    default:
      return variable(s, "boolean", () => "false", d);
  }
};

/** A new object of a type. */
const made: Readonly<Record<Type, Make>> = {
  number,
  string,
  boolean,
  "string | null": (s, d) =>
    s.pick(`maybe(${string(s, d)})`, `(maybe(${string(s, d)})?.toUpperCase() ?? null)`),
  "number | undefined": (s, d) => `optional(${number(s, d)})`,
  "string[]": (s, d) =>
    s.pick(
      () => `[${string(s, d)}, ${string(s, d)}]`,
      () => `${string(s, d)}.split(${s.pick('","', '""', "/[,;]/")})`,
      () => `[...${list(s, d - 1)}, ${string(s, d)}]`,
      () => `${list(s, d - 1)}.filter(${arrow(s, "boolean", d - 1)})`,
      () => `[...${of(s, "Set<string>", d - 1)}]`,
      () => `${list(s, d - 1)}.slice().sort()`,
      () => `${list(s, d - 1)}.concat([${string(s, d)}]).reverse()`,
    )(),
  "number[]": (s, d) =>
    s.pick(
      () => `[0.5, ${number(s, d)}, ${number(s, d)}]`,
      () => `${list(s, d - 1)}.map(${arrow(s, "number", d - 1, ": number")})`,
      () => `[...${numbers(s, d - 1)}, ${number(s, d)}, 0.5]`,
      () => `${numbers(s, d - 1)}.filter(${arrowOfNumber(s, "boolean", d - 1)})`,
      () => `${numbers(s, d - 1)}.filter((p) => !isNaN(p)).sort((p, q) => p - q)`,
    )(),
  "Map<string, number>": (s, d) => `new Map<string, number>([["a", ${number(s, d)}], [${key(s, d)}, 2.5]])`,
  "Map<string, string>": (s, d) => `new Map([["a", ${string(s, d)}], [${key(s, d)}, ${string(s, d)}]])`,
  "Set<string>": (s, d) => `new Set([${string(s, d)}, ${string(s, d)}])`,
  Box: (s, d) =>
    s.pick(
      () => `new Box(${string(s, d)}, ${number(s, d)})`,
      () => `new Big(${string(s, d)}, ${number(s, d)})`,
      () => `${of(s, "Box", d - 1)}.add(${number(s, d)})`,
    )(),
  "Box | null": (s, d) => `find(${boolean(s, d)}, ${string(s, d)})`,
  "() => number": (s, d) => s.pick(`counter(${number(s, d)})`, `() => ${number(s, d)}`),
  "(s: string) => string": (s, d) => {
    const name = s.fresh();
    const body = s.within([{ name, type: "string", constant: true }], () => string(s, d));
    return s.pick(
      "shout",
      `(${name}: string) => ${body}`,
      `(${name}: string): string => { return ${body}; }`,
    );
  },
};

/** An expression of a type. */
export function of(s: Source, type: Type, depth: number): string {
  if (type === "number") return number(s, depth);
  if (type === "string") return string(s, depth);
  if (type === "boolean") return boolean(s, depth);
  const known = s.seen(type);
  if (known.length > 0 && (depth <= 0 || !s.once(3))) return s.pick(...known).name;
  return made[type](s, Math.max(depth, 0));
}

/** A new value of a type. */
export function initial(s: Source, type: Type, depth: number): string {
  return made[type](s, depth);
}
