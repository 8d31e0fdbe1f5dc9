/** A copy of the repository in which faults are put and tests run; its compiler's results are kept from run to run. */
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "../support/paths.js";

/** So many characters of a test's output are kept. */
const MOST = 10_000_000;

export interface Run {
  readonly passed: boolean;
  readonly output: string;
  readonly milliseconds: number;
}

/** What `dist` has of a source. */
export function compiled(file: string, text: string): string {
  const { config } = ts.readConfigFile(join(root, "tsconfig.build.json"), ts.sys.readFile.bind(ts.sys));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  // A file alone does not tell that the package's modules are ES modules.
  const compilerOptions = { ...options, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions, fileName: file }).outputText;
}

export class Copy {
  readonly folder = join(root, ".cache", "mutation");

  constructor() {
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder))
      if (name !== ".cache") rmSync(join(this.folder, name), { recursive: true, force: true });
    // What is not committed yet is tried, too.
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    }).split("\n");
    for (const file of files)
      if (file !== "" && existsSync(join(root, file))) cpSync(join(root, file), join(this.folder, file));
    cpSync(join(root, "dist"), join(this.folder, "dist"), { recursive: true });
    this.linkModules();
  }

  /** All packages but the repository itself, which is the copy here. */
  private linkModules(): void {
    const modules = join(this.folder, "node_modules");
    mkdirSync(modules);
    for (const name of readdirSync(join(root, "node_modules")))
      symlinkSync(name === "proxy-wasm-as" ? ".." : join(root, "node_modules", name), join(modules, name));
  }

  read(file: string): string {
    return readFileSync(join(root, file), "utf8");
  }

  /** Writes a source, and what `dist` has of it. */
  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
    if (!file.startsWith("src/")) return;
    const out = join(this.folder, file.replace(/^src/, "dist").replace(/\.ts$/, ".js"));
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, compiled(file, text));
  }

  /** Runs a test file; one that takes longer than that has failed. */
  run(test: string, milliseconds: number): Promise<Run> {
    return this.start([test], milliseconds);
  }

  /** Runs test files side by side until one fails. Its path is there if it has told it. */
  async runTogether(tests: readonly string[], milliseconds: number): Promise<{ failed?: string; run: Run }> {
    const run = await this.start(["tests/run.ts", "--bail", ...tests], milliseconds);
    const failed = /^failed: (tests\/\S+\.test\.ts): /m.exec(run.output)?.[1];
    return { run, ...(failed !== undefined && { failed }) };
  }

  private start(program: readonly string[], milliseconds: number): Promise<Run> {
    const started = Date.now();
    const child = spawn(process.execPath, ["--import", "./scripts/typescript.mjs", ...program], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that what a test has started ends with it.
      detached: true,
      // As `npm test` does: what a filter does is the same, and its compilation takes a fraction of the time.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, UNOPTIMIZED: "1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part) => {
        // A fault may print without end.
        if (output.length < MOST) output += String(part);
      });
    const end = (): void => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(end, milliseconds);
    return new Promise((resolve) => {
      child.on("close", (code) => {
        clearTimeout(timer);
        end();
        resolve({ passed: code === 0, output, milliseconds: Date.now() - started });
      });
    });
  }
}
