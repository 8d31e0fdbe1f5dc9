/**
 * Tells whether a host of ABI 0.2.1 would load the compiled module.
 *
 * @module
 */
import type { DeclarationStatement, Program, Range } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { Signature, ValueType } from "../../abi.js";
import {
  callbacks,
  forbiddenExports,
  formatSignature,
  hostFunctions,
  sameSignature,
  wasiFunctions,
} from "../../abi.js";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { exportsOf, functionsOf } from "./expressions.js";

type Binaryen = CompilerHooks["binaryen"];
type FunctionInfo = binaryenTypes.FunctionInfo;

/** Functions that the compiler imports for its own globals if a program uses them, each with a remedy. */
const remedies: Readonly<Record<string, string>> = {
  "env.process.exit": "A filter cannot end the proxy; throw an Error to give up on a bug.",
  "env.crypto.getRandomValuesN": "Call random.bytes(n) of proxy-wasm-as.",
};

/** The functions that a host offers, by module. */
const modules: Readonly<Record<string, ReadonlyMap<string, Signature>>> = {
  env: hostFunctions,
  wasi_snapshot_preview1: wasiFunctions,
};

/** The declaration of the function with this internal name; undefined when the program has none. */
function declarationOf(program: Program, internalName: string): Range | undefined {
  const element = program.elementsByName.get(internalName) as
    { declaration?: DeclarationStatement } | undefined;
  return element?.declaration?.name.range;
}

/** Fails the build at the first import that the ABI does not have. */
export function checkImports(module: binaryenTypes.Module, binaryen: Binaryen, program: Program): void {
  for (const info of functionsOf(module, binaryen)) {
    if (!info.base || !info.module) continue;
    const name = `${info.module}.${info.base}`;
    const range = declarationOf(program, info.name);
    const expected = modules[info.module]?.get(info.base);
    if (expected === undefined) {
      const remedy = remedies[name] ?? "Remove it, or call what proxy-wasm-as offers for the purpose.";
      throw new BuildError(
        `the import "${name}" is not part of Proxy-Wasm ABI 0.2.1, and a host would refuse the module. ${remedy}`,
        range,
      );
    }
    const actual = signatureOf(info, binaryen);
    if (!sameSignature(actual, expected)) {
      throw new BuildError(
        `the import "${name}" has the signature ${formatSignature(actual)}, but the host's is ${formatSignature(expected)}; declare it so, or import it from "proxy-wasm-as/assembly/abi/imports".`,
        range,
      );
    }
  }
  const memory = module.hasMemory() ? module.getMemoryInfo() : undefined;
  if (memory?.module !== undefined && memory.module !== "") {
    throw new BuildError(
      "the module imports its memory, which Envoy provides and other hosts do not; remove importMemory from asconfig.json.",
    );
  }
}

/** How the exports begin that are for this package's own tools. */
const TOOLS = "proxy-wasm-as/";

/** Fails the build at an export of the ABI with a wrong signature or name, and drops exports that no host knows. */
export function checkExports(
  module: binaryenTypes.Module,
  binaryen: Binaryen,
  wanted: ReadonlySet<string>,
): void {
  const present = new Set(exportsOf(module, binaryen).map(({ name }) => name));
  for (const name of wanted) {
    if (present.has(name)) continue;
    throw new BuildError(
      `the module lacks the callback "${name}", so the filter would not be called: another transform has dropped the entry of proxy-wasm-as; list "proxy-wasm-as/transform" after the others in asconfig.json, or leave the other out.`,
    );
  }
  for (const { name, kind, value } of exportsOf(module, binaryen)) {
    // Exports that the package's own tools read in tests are no callbacks.
    if (kind === binaryen.ExternalMemory || name.startsWith(TOOLS)) continue;
    const expected = callbacks.get(name);
    if (expected === undefined) {
      if (forbiddenExports.has(name) || /^(proxy|envoy)_/.test(name)) {
        throw new BuildError(
          `the export "${name}" is not a callback of Proxy-Wasm ABI 0.2.1; rename it, or override a method of HttpContext or PluginContext.`,
        );
      }
      module.removeExport(name);
      continue;
    }
    const actual = signatureOf(binaryen.getFunctionInfo(module.getFunction(value)), binaryen);
    if (!sameSignature(actual, expected)) {
      throw new BuildError(
        `the export "${name}" has the signature ${formatSignature(actual)}, but the host calls it as ${formatSignature(expected)}.`,
      );
    }
  }
}

function signatureOf(info: FunctionInfo, binaryen: Binaryen): Signature {
  const names = new Map<number, string>([
    [binaryen.i32, "i32"],
    [binaryen.i64, "i64"],
    [binaryen.f32, "f32"],
    [binaryen.f64, "f64"],
  ]);
  const types = (type: number): ValueType[] =>
    type === binaryen.none
      ? []
      : binaryen.expandType(type).map((t) => (names.get(t) ?? "other") as ValueType);
  return { params: types(info.params), results: types(info.results) };
}
