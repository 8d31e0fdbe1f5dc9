/** How near a test is to a fault: by the names of the functions that have it, and of those that call them. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../support/paths.js";

/** So many steps from a function to those that use it are taken. */
const STEPS = 3;

/** A function, method or accessor, with the words of its body. */
interface Named {
  readonly name: string;
  readonly words: ReadonlySet<string>;
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.match(/[A-Za-z_$][\w$]*/g));

function isNamed(
  node: ts.Node,
): node is ts.FunctionDeclaration | ts.MethodDeclaration | ts.AccessorDeclaration {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node);
}

const parse = (source: string): ts.SourceFile =>
  ts.createSourceFile("a.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);

/** The functions and methods of a file. */
function namedIn(source: string): Named[] {
  const found: Named[] = [];
  const visit = (node: ts.Node): void => {
    if (isNamed(node) && node.name !== undefined)
      found.push({ name: node.name.getText(), words: wordsOf(node.getText()) });
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return found;
}

/** The names of the functions, methods and classes that have a place of a file. */
export function namesAt(source: string, position: number): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (position < node.pos || position >= node.end) return;
    if ((isNamed(node) || ts.isClassDeclaration(node)) && node.name !== undefined)
      names.push(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return names;
}

export class Nearness {
  private readonly functions: readonly Named[];
  private readonly tests = new Map<string, ReadonlySet<string>>();

  /** `folder` has the sources: `assembly`, or `src`. */
  constructor(folder: string) {
    this.functions = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => namedIn(readFileSync(join(root, folder, name), "utf8")));
  }

  /**
   * For each test, from 0 to 1: a test is the nearer, the fewer others name what has the fault, or what calls it, or what calls that.
   * What a test names includes what the filters name that it compiles.
   */
  of(tests: readonly string[], names: readonly string[]): Map<string, number> {
    const found = new Map(tests.map((test) => [test, 0]));
    const known = new Set(names);
    let last = [...known];
    for (let step = 0; step < STEPS; step++) {
      for (const name of last) {
        const those = tests.filter((test) => this.wordsOf(test).has(name));
        for (const test of those) found.set(test, found.get(test)! + 1 / those.length / 2 ** step);
      }
      const callers = this.functions.filter(({ words }) => last.some((called) => words.has(called)));
      last = [...new Set(callers.map(({ name }) => name))].filter((name) => !known.has(name));
      for (const name of last) known.add(name);
    }
    const most = Math.max(...found.values());
    if (most > 0) for (const [test, value] of found) found.set(test, value / most);
    return found;
  }

  private wordsOf(test: string): ReadonlySet<string> {
    let words = this.tests.get(test);
    if (words === undefined) {
      const text = readFileSync(join(root, test), "utf8");
      const filters = [...new Set(text.match(/[\w-]+/g))]
        .flatMap((name) => [`tests/envoy/filters/${name}.ts`, `examples/${name}/assembly/index.ts`])
        .filter((path) => existsSync(join(root, path)))
        .map((path) => readFileSync(join(root, path), "utf8"));
      words = wordsOf([text, ...filters].join("\n"));
      this.tests.set(test, words);
    }
    return words;
  }
}
