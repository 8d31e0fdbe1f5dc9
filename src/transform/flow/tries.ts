/**
 * Finds calls that wait within `try`. The code that older compilers make cannot leave such a function in its middle, and would
 * end the compiler itself.
 *
 * @module
 */
import type { Parser, Program, Range } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { NodeKind } from "../compiler/compiler.js";
import { functionsOf, walkExpressions } from "../module/expressions.js";
import { userSources, walk } from "../source/syntax.js";

/** The oldest that has it: 0.28.19. */
const FIRST_PATCH = 19;

/** Fails the build where a function waits within `try`, and the compiler is one that cannot. */
export function checkTries(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  { options }: Program,
  waiting: ReadonlySet<string>,
  parser: Parser,
): void {
  const { bundleMajorVersion: major, bundleMinorVersion: minor, bundlePatchVersion: patch } = options;
  if (major > 0 || minor > 28 || patch >= FIRST_PATCH) return;
  for (const { name, body } of functionsOf(module, binaryen)) {
    if (!waiting.has(name)) continue;
    let waits = false;
    walkExpressions(
      binaryen,
      body,
      (expression) => {
        walkExpressions(binaryen, expression, (_, { id, target }) => {
          if (id === binaryen.CallIndirectId || (id === binaryen.CallId && waiting.has(target as string)))
            waits = true;
        });
      },
      (binaryen as unknown as { TryId: number }).TryId,
    );
    if (waits)
      throw new BuildError(
        `a flow waits within try, which takes AssemblyScript 0.28.${FIRST_PATCH} or newer, and this is ${major}.${minor}.${patch}: npm install --save-dev assemblyscript@0.28`,
        tryIn(name, parser),
      );
  }
}

/** The first `try` of the file that has a function. */
function tryIn(name: string, parser: Parser): Range | undefined {
  const file = name.replace(/^start:/, "");
  let found: Range | undefined;
  for (const source of userSources(parser)) {
    if (!["/", "~"].some((border) => file.startsWith(source.internalPath + border))) continue;
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["Try"]) found ??= node.range;
    });
  }
  return found;
}
