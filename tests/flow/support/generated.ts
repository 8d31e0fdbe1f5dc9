/** Runs generated handlers in a module and in JavaScript, and compares. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileFilter } from "../../support/compile.js";
import { root } from "../../support/paths.js";
import { drive } from "./drive.js";
import { generateModule } from "./generate.js";
import { FlowHost } from "./host.js";

/** Compiles a module of `cases` random handlers, runs each with `inputs` numbers; answers how many runs were compared. */
export async function runGenerated(seed: number, cases: number, inputs: number): Promise<number> {
  const { text, expected } = generateModule(seed, cases);
  const folder = join(root, ".cache", "generated");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `flow-${seed}.ts`), text);
  const level = seed % 2 === 0 ? "-O3" : "-Oz";
  const file = await compileFilter(`.cache/generated/flow-${seed}.ts`, {
    options: [level, "--transform", "./tests/flow/support/harsh-collector.mjs"],
  });
  const runs: number[] = [];
  const answers = new Map<number, string>();
  for (let n = 0; n < cases * inputs; n++) {
    const answer = expected(n % cases, Math.floor(n / cases));
    if (answer === undefined) continue;
    runs.push(n);
    answers.set(n, answer);
  }
  const outcome = drive(new FlowHost(file), {
    streams: runs.length,
    atOnce: 24,
    seed,
    headers: (index) => ({ ":path": "/", "x-id": String(runs[index]) }),
    check: (index, stream) =>
      assert.equal(
        stream.reply?.body,
        answers.get(runs[index]!),
        `seed ${seed}, ${level}, run ${runs[index]}`,
      ),
  });
  return outcome.right;
}
