/**
 * Loaded by `--import` into the commands that tests start. Where a command starts the compiler, the warm compilers that all
 * tests share do the work: the same compiler and transform with the same parameters in the same folder, whose files and
 * messages become those of this process. A compiler of one's own takes five times as long. What begins with another copy
 * of the compiler, or with another transform, is left alone.
 */
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL("../../node_modules/assemblyscript/bin/asc.js", import.meta.url));
const socket = process.env.PROXY_WASM_TEST_COMPILERS;

/** The value of an option that is given as two parameters. */
function optionOf(parameters, name) {
  const index = parameters.indexOf(name);
  return index < 0 ? undefined : parameters[index + 1];
}

/** The repository's top folder. */
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Tells whether the project has a copy of this package, and so another transform: two in one process would hinder each other. */
function hasCopy(folder = process.cwd()) {
  const path = join(folder, "node_modules", "proxy-wasm-as");
  if (existsSync(path)) return relative(root, realpathSync(path)) !== "";
  return dirname(folder) !== folder && hasCopy(dirname(folder));
}

/** Tells whether a configuration names a transform besides the one that all builds have. */
function isPlain(config) {
  try {
    return !/"(transform|lib)"/.test(readFileSync(config, "utf8"));
  } catch {
    return false;
  }
}

async function compileElsewhere(parameters) {
  const out = optionOf(parameters, "--outFile");
  const request = {
    folder: process.cwd(),
    // Without the folder, which has the process's number in its name.
    parameters: parameters.map((each) => (each === out ? basename(out) : each)),
  };
  const answer = await new Promise((resolve, reject) => {
    let text = "";
    const connection = connect(socket, () => connection.write(`${JSON.stringify(request)}\n`));
    connection.setEncoding("utf8");
    connection.on("data", (part) => (text += part));
    connection.on("end", () => resolve(JSON.parse(text)));
    connection.on("error", reject);
  });
  for (const [name, contents] of answer.files) {
    const file = join(dirname(out), name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(contents, "base64"));
  }
  process.stderr.write(answer.message ?? answer.warnings ?? "", () =>
    process.exit(answer.message === undefined ? 0 : 1),
  );
  await new Promise(() => undefined); // until then
}

if (socket !== undefined && process.argv[1] === own) {
  const parameters = process.argv.slice(2);
  const [out, config] = ["--outFile", "--config"].map((name) => optionOf(parameters, name));
  if (out !== undefined && config !== undefined && isPlain(config) && !hasCopy())
    await compileElsewhere(parameters);
}
