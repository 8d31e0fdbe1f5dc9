import type { Context } from "../context.js";
import { fieldsOf } from "../abi/protobuf.js";
import type { Field } from "../abi/protobuf.js";
import { Status } from "../abi/status.js";
import { noBytes } from "../abi/text.js";

/** The result of a foreign function: bytes (`noBytes` for no result at all), or the status of its failure. */
export type ForeignResult = Uint8Array | Status;

/** A foreign function: it gets what the module passed and the context that calls. */
export type ForeignFunction = (argument: Uint8Array, context: Context) => ForeignResult;

/**
 * Those of Envoy that need nothing from outside. `compress`, `uncompress`, `verify_signature` and the expression
 * functions are Envoy's too; a host that has the libraries adds them.
 */
export const envoyForeignFunctions: ReadonlyMap<string, ForeignFunction> = new Map<string, ForeignFunction>([
  ["clear_route_cache", () => noBytes],
  ["declare_property", (argument, context) => declareProperty(argument, context)],
  ["set_envoy_filter_state", (argument, context) => setFilterState(argument, context)],
]);

const textOfField = (fields: readonly Field[], number: number): string => {
  const value = fields.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? String.fromCharCode(...value) : "";
};

/** `DeclarePropertyArguments`: 1 name, 2 readonly. */
function declareProperty(argument: Uint8Array, context: Context): ForeignResult {
  const fields = fieldsOf(argument);
  if (fields === undefined) return Status.BadArgument;
  const declared = context.root?.declaredProperties;
  const name = textOfField(fields, 1);
  if (declared === undefined || declared.has(name)) return Status.BadArgument;
  declared.set(name, { readonly: fields.some(({ number, value }) => number === 2 && value !== 0) });
  return noBytes;
}

/** `SetEnvoyFilterStateArguments`: 1 path, 2 value. */
function setFilterState(argument: Uint8Array, context: Context): ForeignResult {
  const fields = fieldsOf(argument);
  if (fields === undefined) return Status.BadArgument;
  const name = textOfField(fields, 1);
  if (name === "") return Status.BadArgument;
  const value = fields.find((field) => field.number === 2)?.value;
  return context.setFilterState(name, value instanceof Uint8Array ? value : noBytes)
    ? noBytes
    : Status.NotFound;
}
