/** What others get with the package: declared dependencies, types, names that `import` and `require` find. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { root } from "../support/paths.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
};

/** The package of a module that an import names. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The packages that a file of TypeScript or JavaScript needs; those from which only types are taken when `types` is true. */
function packagesOf(text: string, types = false): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  const take = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteral(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (
      ts.isImportDeclaration(node) &&
      (types || node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    )
      take(node.moduleSpecifier);
    if (ts.isExportDeclaration(node) && (types || !node.isTypeOnly)) take(node.moduleSpecifier);
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const loads =
        expression.kind === ts.SyntaxKind.ImportKeyword ||
        /^(require|createRequire\(import\.meta\.url\))(\.resolve)?$/.test(expression.getText(file));
      if (loads) take(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf);
}

test("packages: nothing that ships imports what the package does not declare", () => {
  const declared = new Set([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
  ]);
  const used = new Set<string>();
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  for (const name of files.filter((each) => each.endsWith(".ts"))) {
    for (const found of packagesOf(readFileSync(join(root, "src", name), "utf8"))) {
      assert.ok(!builtinModules.includes(found), `src/${name} imports ${found} without "node:"`);
      assert.ok(declared.has(found), `src/${name} imports ${found}, which package.json does not declare`);
      used.add(found);
    }
  }
  assert.deepEqual([...declared].sort(), [...used].sort());
});

test("packages: nothing of the repository imports what package.json does not name, types neither", () => {
  const { devDependencies } = manifest;
  const own = ["proxy-wasm-as", ...builtinModules.map((name) => packageOf(`node:${name}`)), "node:test"];
  const declared = new Set([
    ...[manifest.dependencies, manifest.peerDependencies, devDependencies].flatMap(Object.keys),
    ...own,
  ]);
  // Those that begin with "site:" are made by scripts/site-bundle.ts.
  const isDeclared = (specifier: string): boolean =>
    specifier.startsWith("site:") || declared.has(packageOf(specifier));
  let files = 0;
  const undeclared: string[] = [];
  for (const folder of ["src", "tests", "scripts", "site", "bench"])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      // AssemblyScript has names of its own, and some programs are for projects elsewhere.
      if (!/\.m?[jt]s$/.test(name) || /(^|\/)(filters|assembly|processes)\//.test(name)) continue;
      files++;
      const text = readFileSync(join(root, folder, name), "utf8");
      const isSuspect = [...text.matchAll(/\b(?:from|import\(?|require\() ?"([^".][^"]*)"/g)].some(
        ([, specifier]) => !isDeclared(specifier!),
      );
      if (!isSuspect) continue;
      // In strings there may be other programs.
      for (const found of packagesOf(text, true))
        if (!isDeclared(found)) undeclared.push(`${folder}/${name} imports ${found}`);
    }
  assert.deepEqual(undeclared, []);
  assert.ok(files > 500, String(files));
});

test("packages: what a file imports is found, types apart", () => {
  const text = `import type A from "a"; import b from "b"; export * from "@c/d/e"; const f = await import("f/g");
    createRequire(import.meta.url)("h"); const s = 'import("i")'; import "./j"; import k from "node:fs";`;
  assert.deepEqual(packagesOf(text), ["b", "@c/d", "f", "h"]);
});

test("packages: dependencies are ranges, so that users get one copy and its repairs; development has a lockfile", () => {
  for (const [name, range] of Object.entries(manifest.dependencies)) assert.match(range, /^\^\d/, name);
});

test("packages: docs/rationale.md says what each dependency is there for", () => {
  const text = readFileSync(join(root, "docs", "rationale.md"), "utf8");
  const explained = [...text.matchAll(/^\| `([^`]+)` +\| .{12,}\|$/gm)].map(([, name]) => name!);
  const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  assert.deepEqual(
    declared.filter((name) => !explained.includes(name)),
    [],
  );
});

test("packages: npm would publish what is there for users, and corrects nothing", () => {
  const options = ["--dry-run", "--ignore-scripts", "--json", "--registry=http://127.0.0.1:1/"];
  const { stdout, stderr } = spawnSync("npm", ["publish", ...options], { cwd: root, encoding: "utf8" });
  assert.doesNotMatch(stderr, /auto-corrected|invalid|removed/);
  const said = JSON.parse(stdout) as Record<string, { files: { path: string }[] }>;
  // npm 10 says it of the package, npm 11 by its name.
  const { files } = said["proxy-wasm-as"] ?? (said as unknown as { files: { path: string }[] });
  const paths = files.map(({ path }) => path);
  for (const path of [
    "README.md",
    "LICENSE",
    "SECURITY.md",
    "docs/flow.md",
    "examples/hello/assembly/index.ts",
  ])
    assert.ok(paths.includes(path), path);
  const shipped = [
    /^assembly\/.*\.ts$/,
    /^dist\/.*\.(js|d\.ts)$/,
    /^templates\//,
    /^docs\/.*\.(md|svg)$/,
    /^examples\/([\w-]+\.(?:md|json)|[\w-]+\/([\w-]+\.(json|yaml|md)|(assembly|test)\/[\w./-]+))$/,
    /^(asconfig|package)\.json$|^index\.ts$|^(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$/,
  ];
  assert.deepEqual(
    paths.filter((path) => !shipped.some((pattern) => pattern.test(path))),
    [],
  );
});

/** The bytes of all files in a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}

test("packages: coverage, pages, profiles and replay add less than 3 MB to an install", () => {
  const names = new Set<string>();
  const take = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    const file = join(root, "node_modules", name, "package.json");
    const { dependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as {
      dependencies?: Record<string, string>;
    };
    Object.keys(dependencies).forEach(take);
  };
  const direct = Object.keys(manifest.dependencies).filter((name) => /^(istanbul|d3)-/.test(name));
  assert.deepEqual(direct, [
    "d3-hierarchy",
    ...["istanbul-lib-coverage", "istanbul-lib-report", "istanbul-reports"],
  ]);
  direct.forEach(take);
  const folders = [
    ...[...names].map((name) => join(root, "node_modules", name)),
    ...["count", "coverage", "pages", "places", "replay"].map((name) => join(root, "dist", name)),
  ];
  const bytes = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
  assert.ok(bytes > 500_000 && bytes < 3_000_000, `${bytes} bytes`);
});

test("packages: a release's notes are the changelog's part of it, once it is dated", () => {
  const notes = (version: string): { status: number | null; stderr: string } => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, "scripts/release-notes.mjs"), version],
      {
        encoding: "utf8",
      },
    );
    return { status, stderr };
  };
  const wrong = notes("0.0.1");
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /^the package is \d+\.\d+\.\d+, and not 0\.0\.1$/m);
});

/** A project that has the packed package, and the packages of this clone. */
const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-packed-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function packed(): void {
  const options = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
  const name = execFileSync("npm", options, { cwd: root, encoding: "utf8" }).trim().split("\n").at(-1);
  execFileSync("tar", ["xzf", name], { cwd: folder });
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  renameSync(join(folder, "package"), join(modules, "proxy-wasm-as"));
  for (const each of [...Object.keys(manifest.dependencies), "@types/node"]) {
    mkdirSync(join(modules, each, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", each), join(modules, each));
  }
  for (const each of ["assemblyscript", "undici-types"])
    symlinkSync(join(root, "node_modules", each), join(modules, each));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

const entries = Object.keys(manifest.exports).filter((path) => !/assembly|json/.test(path));
const specifier = (path: string): string => `proxy-wasm-as${path.slice(1)}`;

test("packages: TypeScript accepts what can be imported, without skipLibCheck", () => {
  packed();
  writeFileSync(
    join(folder, "use.ts"),
    `${entries.map((path, i) => `import * as m${i} from "${specifier(path)}";`).join("\n")}
import { version } from "proxy-wasm-as";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { EnvoyDriver } from "proxy-wasm-as/suites";
import Transform from "proxy-wasm-as/transform";
const text: string = version;
const made: object = new Transform();
const start = async (): Promise<void> => {
  await Envoy.start({ envoy: findEnvoy().path });
  await EnvoyDriver.start({ envoy: findEnvoy().path });
};
console.log(text, made, start${entries.map((_, i) => `, m${i}`).join("")});
`,
  );
  writeFileSync(
    join(folder, "wrong.ts"),
    'import { version } from "proxy-wasm-as";\nexport const n: number = version;\n',
  );
  const strict = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--types",
    "node",
  ];
  const options = ["--noEmit", "--module", "nodenext", "--target", "es2022", ...strict, "use.ts", "wrong.ts"];
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const env = { ...process.env, NODE_OPTIONS: "" };
  const made = spawnSync(process.execPath, [tsc, ...options], { cwd: folder, encoding: "utf8", env });
  const { status, signal, stdout, stderr } = made;
  assert.equal(status, 2, `${signal} ${stdout} ${stderr}`);
  assert.match(stdout, /^wrong\.ts\(2,14\): error TS2322: [^\n]*\n$/);
});

test("packages: import() finds all of it, and require() does or says what to write instead", () => {
  const node = (code: string, ...options: string[]): { status: number | null; said: string } => {
    const parameters = [...options, "-e", code];
    const env = { ...process.env, NODE_OPTIONS: "" };
    const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
      cwd: folder,
      encoding: "utf8",
      env,
    });
    return { status, said: stdout + stderr };
  };
  for (const path of entries) {
    const loaded = node(`await import("${specifier(path)}")`, "--input-type=module");
    assert.equal(loaded.status, 0, loaded.said);
    const required = node(`require("${specifier(path)}")`, "--input-type=commonjs");
    if (required.status === 0) continue;
    // Older versions of Node require no module; of newer ones none that waits, as the compiler does.
    assert.match(required.said, /ERR_REQUIRE_ESM[^]*import\(\)|Use import\(\) instead/, path);
    if (/ERR_REQUIRE_ASYNC_MODULE/.test(required.said)) assert.equal(path, "./transform");
  }
});

test("packages: linked to a checkout, build takes the checkout's compiler, and another copy of it is refused", () => {
  const project = join(folder, "linked");
  const modules = join(project, "node_modules");
  mkdirSync(join(project, "assembly"), { recursive: true });
  mkdirSync(modules);
  symlinkSync(root, join(modules, "proxy-wasm-as"));
  for (const each of ["binaryen", "long"]) symlinkSync(join(root, "node_modules", each), join(modules, each));
  cpSync(join(root, "node_modules/assemblyscript"), join(modules, "assemblyscript"), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  cpSync(join(root, "templates/common/asconfig.json"), join(project, "asconfig.json"));
  writeFileSync(
    join(project, "assembly", "index.ts"),
    `import { HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class Path extends HttpContext {
  onLog(): void {
    log.info(this.request.headers.get(":path") ?? "none");
  }
}
registerHttpFilter<Path>();
`,
  );
  const run = (program: string, ...parameters: string[]): { status: number | null; said: string } => {
    const env = { ...process.env, NODE_OPTIONS: "" };
    const options = { cwd: project, encoding: "utf8", env } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], options);
    return { status, said: stdout + stderr };
  };
  const asc = run(
    join(modules, "assemblyscript/bin/asc.js"),
    ...["--config", "asconfig.json", "--target", "release", "--outFile", "other.wasm"],
  );
  assert.notEqual(asc.status, 0);
  assert.match(asc.said, /another copy of the compiler.*build with npx proxy-wasm-as build/);
  const built = run(join(root, "dist/cli/main.js"), "build");
  assert.equal(built.status, 0, built.said);
  assert.match(built.said, /^build\/plugin\.wasm {2}/);
});
