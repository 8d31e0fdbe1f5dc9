/** Runs commands of `proxy-wasm-as` for tests, one after the other in one process: reading the program takes longer than most of them. */
import { format } from "node:util";
import { execute } from "../../dist/cli/program.js";

process.on("disconnect", () => process.exit());

let text = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"])
  process[name].write = (piece, encoding, done) => {
    text[name] += typeof piece === "string" ? piece : Buffer.from(piece).toString();
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  };

process.on("message", async ({ parameters, cwd, env }) => {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.exitCode = 0;
  text = { stdout: "", stderr: "" };
  try {
    await execute(parameters);
  } catch (error) {
    text.stderr += format(error);
    process.exitCode = 1;
  }
  process.send({ status: process.exitCode, ...text });
});
