/**
 * Writes the site: the playground, the docs and the API reference, as files for any server.
 * `npm run site -- FOLDER`, build/site unless given.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { style } from "../src/pages/view/style.js";
import { DIAGNOSTICS_OPTION } from "../src/diagnostic-module.js";
import { runAsc } from "./compilers.js";
import { bundle } from "./site-bundle.js";
import { writeDocs } from "./site-docs.js";
import { readExamples } from "./site-examples.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The playground alone. */
export async function writePlayground(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  const binaryen = await bundle("node_modules/binaryen/index.js", { inject: [], minify: false });
  write("binaryen.bin", gzipSync(binaryen, { level: 9 }));
  write("compiler.bin", gzipSync(await bundle("site/worker/compiler.ts"), { level: 9 }));
  write("compile-worker.js", await bundle("site/worker/compile-worker.ts", { inject: [] }));
  write("run-worker.js", await bundle("site/worker/run-worker.ts"));
  write("playground.js", await bundle("site/page/playground.ts", { inject: [] }));
  write("style.css", style);
  write("examples.json", JSON.stringify(readExamples()));
  copyFileSync(join(root, "site/page/index.html"), join(folder, "index.html"));
  await compileFirst(join(folder, "hello.wasm"));
}

/** The first example's module, as the page would compile it. */
async function compileFirst(file: string): Promise<void> {
  const { message, files } = await runAsc([
    ...[
      "examples/hello/assembly/index.ts",
      "--config=asconfig.json",
      "--baseDir",
      root,
      "--target",
      "release",
    ],
    ...["--outFile=hello.wasm", "--debug", "--use", DIAGNOSTICS_OPTION],
  ]);
  if (message !== undefined) throw new Error(message);
  writeFileSync(file, files.find(([name]) => name.endsWith(".wasm"))![1]);
}

/** All of it. */
export async function writeSite(folder: string): Promise<void> {
  for (const part of ["docs", "api"]) rmSync(join(folder, part), { recursive: true, force: true });
  await writePlayground(folder);
  writeDocs(join(folder, "docs"));
  const typedoc = join(root, "node_modules/typedoc/bin/typedoc");
  execFileSync(process.execPath, [typedoc, "--out", join(folder, "api")], { cwd: root, stdio: "inherit" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, "build/site"));
  await writeSite(folder);
  console.log(`The site is in ${folder}; any file server will do: npx http-server ${folder}`);
}
