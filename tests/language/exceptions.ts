/** Programs that throw, catch and leave statements in all ways, made at random: the same in Node and in a module. */

/** Numbers that look random, always the same ones for a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export const declarations = `
class Coded extends Error {
  constructor(public code: number, message: string) { super(message); this.name = "Coded"; }
}
class Plain extends RangeError {}
class Holder { value: string = "v"; }
function holder(there: boolean): Holder | null { return there ? new Holder() : null; }
`;

/** The text of a function `name(n: number): string`, which may call those of `others`. */
export function makeFunction(name: string, seed: number, others: readonly string[]): string {
  const pick = numbers(seed);
  let variables = 0;
  let marks = 0;
  const condition = (): string => `(n + ${pick(7)}) % ${2 + pick(4)} == ${pick(2)}`;
  const mark = (): string => `out += "${name}.${marks++} ";`;
  const failing = (): string =>
    [
      () => `throw new Error("e${pick(9)}");`,
      () => `throw new RangeError("r${pick(9)}");`,
      () => `throw new TypeError("t" + n.toString());`,
      () => `throw new Coded(n, "c${pick(9)}");`,
      () => `throw new Plain("p");`,
    ][pick(5)]!();
  const block = (depth: number, loop: boolean, caught: string | undefined): string => {
    let text = "";
    for (let count = 1 + pick(3); count > 0; count--) text += `${statement(depth, loop, caught)}\n`;
    return text;
  };
  const statement = (depth: number, loop: boolean, caught: string | undefined): string => {
    const choice = pick(depth > 0 ? 15 : 9);
    if (choice < 2) return mark();
    if (choice === 2) return `if (${condition()}) { ${failing()} }`;
    if (choice === 3) return `if (${condition()}) return out + "${pick(9)}";`;
    if (choice === 4 && loop) return `if (${condition()}) ${pick(2) === 0 ? "break" : "continue"};`;
    if (choice === 5 && others.length > 0) return `out += ${others[pick(others.length)]!}(n + ${pick(3)});`;
    if (choice === 6 && caught !== undefined)
      return pick(2) === 0 ? `if (${condition()}) throw ${caught};` : `out += ${caught}.message + " ";`;
    if (choice === 7) return `n += ${1 + pick(3)};`;
    if (choice === 8) return `held = holder(${condition()});`;
    if (depth === 0 || choice < 9) return mark();
    if (choice === 9)
      return `for (let i${variables} = 0; i${variables} < 3; i${variables++}++) { ${block(depth - 1, true, caught)} }`;
    if (choice === 10) return `if (${condition()}) { ${block(depth - 1, loop, caught)} } else { ${mark()} }`;
    if (choice === 11)
      return `switch (n % 3) { case 0: ${mark()} break; case 1: { ${block(depth - 1, loop, caught)} } default: ${mark()} }`;
    const error = `e${variables++}`;
    const isNull = `out += held === null ? "null " : held.value + " ";`;
    const handler = `catch (${error}) { out += text(${error}); ${isNull} ${block(depth - 1, loop, error)} }`;
    const last = `finally { ${mark()} ${block(depth - 1, loop, caught)} }`;
    const body = `try { ${block(depth - 1, loop, caught)} }`;
    return choice === 12
      ? `${body} ${handler}`
      : choice === 13
        ? `${body} ${last}`
        : `${body} ${handler} ${last}`;
  };
  return `function ${name}(n: number): string { let out = ""; let held: Holder | null = new Holder(); ${block(3, false, undefined)} return out + (held === null ? "-" : held.value); }`;
}

/** What is said of an error. */
export const textOfError = `
function text(e: Error): string {
  let kind = "Error";
  if (e instanceof Coded) kind = "Coded" + e.code.toString();
  else if (e instanceof Plain) kind = "Plain";
  else if (e instanceof RangeError) kind = "RangeError";
  else if (e instanceof TypeError) kind = "TypeError";
  return kind + "/" + e.name + ":" + e.message + " ";
}
`;
