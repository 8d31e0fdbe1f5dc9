/** Editors, and `tsc --noEmit` with a project's tsconfig.json, accept what the build accepts: all constructs, but those below. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/paths.js";
import { constructs } from "./constructs.js";

/** What editors refuse and the build accepts, how often at most, and why. */
const exceptions: readonly (readonly [message: RegExp, most: number, why: string])[] = [
  [
    /TS2554: Expected \d+(-\d+)? arguments, but got \d+/,
    76,
    "constructors of Map, Set and Error, and Date.UTC, are AssemblyScript's own declarations, to which none can be added",
  ],
  [
    /TS2345: Argument of type '(string|number\[\])' is not assignable/,
    17,
    "constructors of Date and typed arrays, for the same reason",
  ],
  [
    /TS(18046|2571): .* is of type 'unknown'/,
    12,
    "what a Map of pairs has, whose constructor the editor does not know",
  ],
  [
    /TS2339: Property '\w+' does not exist on type '(unknown|\{\})'/,
    2,
    "the same, and an error that is taken apart",
  ],
  [
    /TS2339: Property 'trim' does not exist on type 'never'/,
    1,
    "TypeScript itself says so: the variable is null there",
  ],
  [/TS(2872|2873|2845|2367|2678): /, 10, "TypeScript itself says so of constants that are asked"],
  [/TS236[23]: The (left|right)-hand side of/, 2, "TypeScript itself says so of one date less another"],
  [
    /TS2322: Type 'bool' is not assignable to type 'boolean'/,
    2,
    "AssemblyScript's own methods of texts answer `bool`",
  ],
  [/TS2783: /, 1, "TypeScript itself says so: the spread overwrites the field"],
  [/TS2349: This expression is not callable/, 1, "TypeScript itself says so: a variable that is null so far"],
  [
    /TS2322: Type 'string \| null' is not assignable to type 'string \| undefined'/,
    1,
    "null is undefined here",
  ],
];

test("editors accept what the build accepts", () => {
  const folder = join(root, ".cache/editors");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, { declarations = "", body }] of constructs.entries()) {
    const whole = declarations.replaceAll(/\btype [iu]\d+ = number;/g, "");
    writeFileSync(
      join(folder, `case${index}.ts`),
      `${whole}\nexport function run(): string { ${body}\n  return out; }\n`,
    );
  }
  const tsconfig = {
    extends: "../../node_modules/assemblyscript/std/assembly.json",
    // Files that are as they were last time are not looked at again.
    compilerOptions: {
      ...{ noEmit: true, noImplicitReturns: false },
      ...{ incremental: true, tsBuildInfoFile: "../types/editors" },
    },
    include: ["./*.ts", "../../index.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: root, encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => /error TS/.test(line));
  const said = (index: number, line: string): string => `${line}\n${constructs[index]?.body ?? ""}`;
  const left = lines.filter((line) => !exceptions.some(([message]) => message.test(line)));
  assert.deepEqual(
    left.map((line) => said(Number(/case(\d+)/.exec(line)?.[1] ?? -1), line)),
    [],
  );
  for (const [message, most, why] of exceptions) {
    const count = lines.filter((line) => message.test(line)).length;
    assert.ok(count > 0 && count <= most, `${message}: ${count} (${why})`);
  }
  const refused = new Set(lines.map((line) => /case(\d+)/.exec(line)?.[1]));
  assert.ok(refused.size <= constructs.length * 0.075, `${refused.size} of ${constructs.length}`);
});
