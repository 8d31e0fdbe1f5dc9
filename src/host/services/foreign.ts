import type { Context } from "../context.js";
import { Status } from "../abi/status.js";
import { noBytes } from "../abi/text.js";

/** What a foreign function answers: bytes, or the status of its failure. */
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

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a protobuf message, those that are numbers or bytes; undefined when it is none. */
function parse(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const uint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    at = bytes.length + 1;
    return 0;
  };
  while (at < bytes.length) {
    const tag = uint();
    if ((tag & 7) === 0) fields.push({ number: tag >>> 3, value: uint() });
    else if ((tag & 7) === 2) {
      const length = uint();
      fields.push({ number: tag >>> 3, value: bytes.slice(at, at + length) });
      at += length;
    } else return undefined;
    if (at > bytes.length) return undefined;
  }
  return fields;
}

const textOfField = (fields: readonly Field[], number: number): string => {
  const value = fields.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? String.fromCharCode(...value) : "";
};

/** `DeclarePropertyArguments`: 1 name, 2 readonly. */
function declareProperty(argument: Uint8Array, context: Context): ForeignResult {
  const fields = parse(argument);
  if (fields === undefined) return Status.BadArgument;
  const declared = context.root?.declaredProperties;
  const name = textOfField(fields, 1);
  if (declared === undefined || declared.has(name)) return Status.BadArgument;
  declared.set(name, { readonly: fields.some(({ number, value }) => number === 2 && value !== 0) });
  return noBytes;
}

/** `SetEnvoyFilterStateArguments`: 1 path, 2 value. */
function setFilterState(argument: Uint8Array, context: Context): ForeignResult {
  const fields = parse(argument);
  if (fields === undefined) return Status.BadArgument;
  const name = textOfField(fields, 1);
  if (name === "") return Status.BadArgument;
  const value = fields.find((field) => field.number === 2)?.value;
  return context.setFilterState(name, value instanceof Uint8Array ? value : noBytes)
    ? noBytes
    : Status.NotFound;
}
