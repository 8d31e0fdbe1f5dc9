/**
 * The meaning of TypeScript where the compiler's types are needed to tell it.
 *
 * @module
 */
import type { Parser, Program, Source } from "assemblyscript";
import { compileAbsent } from "../../transform/compiler/absent.js";
import { compileBooleans } from "../../transform/compiler/booleans.js";
import { bigSources, compileBig } from "../../transform/compiler/big.js";
import { CLOSURE_MODULE, compileClosures } from "../../transform/compiler/closures.js";
import { compileConversions } from "../../transform/compiler/conversions.js";
import { compileDates } from "../../transform/compiler/dates.js";
import { compileFieldOrder } from "../../transform/compiler/field-order.js";
import { compileGenericCalls } from "../../transform/compiler/generic-calls.js";
import { compileOperators } from "../../transform/compiler/operators.js";
import { compileForms } from "../../transform/compiler/forms-hook.js";
import { findTypes } from "../../transform/compiler/omitted.js";
import { rememberTypes } from "../../transform/compiler/remember.js";
import { compileSides } from "../../transform/compiler/sides.js";
import { compileSmallNumbers } from "../../transform/compiler/small-numbers.js";
import { rememberWritten } from "../../transform/compiler/written-types.js";
import { compileTemplates } from "../../transform/compiler/templates.js";
import { compileValues } from "../../transform/compiler/values.js";
import { PACKAGE } from "../../transform/source/syntax.js";
import { compileTimes } from "../forms/dates.js";
import { compileEnumNames } from "../forms/enum-names.js";
import { compileTables } from "../forms/keys.js";
import { compileObjects } from "../forms/objects.js";
import { compilePairs } from "../forms/pairs.js";
import { compileRest } from "../forms/rest.js";
import { planClosures } from "./closures.js";
import { classesOfInterfaces } from "./interfaces.js";

/** Prepares the user's sources, once they are parsed and lowered, and the compiler. */
export function prepareTypes(program: Program, parser: Parser, sources: readonly Source[]): void {
  compileForms(program);
  classesOfInterfaces(sources);
  compileObjects(program);
  compileTables(program);
  compileEnumNames(program);
  compileTimes(program);
  compileRest();
  compilePairs(program);
  const plan = planClosures(sources);
  if (plan.needed) use(parser, CLOSURE_MODULE);
  compileClosures(program, plan);
  use(parser, `${PACKAGE}assembly/language/number`);
  use(parser, `${PACKAGE}assembly/language/record`);
  use(parser, `${PACKAGE}assembly/language/texts`);
  const haveBig = sources.some(({ normalizedPath }) => bigSources.has(normalizedPath));
  if (haveBig) use(parser, `${PACKAGE}assembly/language/big`);
  compileBig(program, haveBig);
  findTypes(program, sources);
  compileValues(program);
  compileOperators(program);
  compileConversions(program);
  compileAbsent(program);
  compileBooleans(program);
  compileDates(program);
  compileFieldOrder(program);
  compileSides(program);
  compileSmallNumbers(program);
  rememberWritten(program);
  compileTemplates(program);
  compileGenericCalls(program);
  rememberTypes(program);
}

/** Makes one of the SDK's modules known; what nothing uses of it is not compiled. */
function use(parser: Parser, module: string): void {
  const path = module.slice(PACKAGE.length);
  parser.parseFile(`import "./${path}";`, `${PACKAGE}language-${path.split("/").at(-1)}.ts`, false);
}
