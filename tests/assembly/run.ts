/**
 * Runs the AssemblyScript unit tests: each `*.spec.ts` beside this file is compiled with as-pect's library and run
 * in Node against the scripted host in `host.ts`.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SummaryReporter, TestContext } from "@as-pect/core";
import { instantiateSync } from "@assemblyscript/loader";
import { main as asc } from "assemblyscript/asc";
import { root } from "../support/paths.js";
import { AspectTransform } from "./aspect-transform.js";
import { scriptedHost } from "./host.js";

export interface AspectResult {
  passed: number;
  failed: number;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Compiles one spec to a module in memory; throws with the compiler's own message when that fails. */
async function compile(spec: string, runtime: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc(
    [
      `tests/assembly/${spec}`,
      "node_modules/@as-pect/assembly/assembly/index.ts",
      "--outFile=spec.wasm",
      `--runtime=${runtime}`,
      "--exportStart=_start",
      "--exportRuntime",
      "--exportTable",
      "--debug",
      "--use=RTRACE=1",
      "--use=PROXY_WASM_AS=1",
      "--baseDir=.",
      "--config=none", // the one here is for users' builds
    ],
    {
      transforms: [AspectTransform as never],
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name.endsWith(".wasm")) binary = contents as Uint8Array;
      },
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`${spec} does not compile:\n${stderr.toString()}`);
  return binary;
}

/** Runs all specs one after the other, prints as-pect's summary of each and adds up the tests. */
async function runAspect(): Promise<AspectResult> {
  const result: AspectResult = { passed: 0, failed: 0 };
  process.chdir(root);
  for (const spec of readdirSync(folder)
    .filter((name) => name.endsWith(".spec.ts"))
    .sort()) {
    const reporter = new SummaryReporter();
    reporter.stdout = process.stdout;
    reporter.stderr = process.stderr;
    const binary = await compile(spec, "incremental");
    const context = new TestContext({ fileName: `tests/assembly/${spec}`, reporter, binary });
    const host = scriptedHost();
    const imports = context.createImports({ env: host.env, scripted: host.control });
    const { exports, instance } = instantiateSync(binary, imports as Record<string, never>);
    host.attach(instance);
    context.run({ exports: exports as never, instance });
    result.passed += context.testPassCount;
    result.failed += context.testCount - context.testPassCount + context.errors.length;
    if (!context.pass && context.testCount === context.testPassCount) result.failed++;
  }
  return result;
}

// As a process of its own it sends what it counted.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await runAspect();
  process.send?.(result);
}
