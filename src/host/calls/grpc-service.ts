/** The service of a gRPC call: the name of a cluster, or bytes of Envoy's `GrpcService`. */
import { Status } from "../abi/status.js";
import { fieldsOf } from "../abi/protobuf.js";
import type { Field } from "../abi/protobuf.js";
import { textOf } from "../abi/text.js";
import type { Vm } from "../vm/vm.js";

/** The receiver of a gRPC call: a cluster, or without one a target that Envoy connects to by itself. */
export interface GrpcTarget {
  readonly cluster: string | undefined;
  /** The value of `:authority`, in place of the cluster's name. */
  readonly authority: string | undefined;
}

/**
 * The fields that Envoy reads, by number: text, which must be UTF-8, or a message. Fields that are not listed may hold anything.
 */
type Schema = { readonly [field: number]: "text" | Schema };

const duration: Schema = {};
const number: Schema = {};
const extension: Schema = { 1: "text", 2: { 1: "text" } };
const retries: Schema = {
  1: { 1: duration, 2: duration },
  2: number,
  3: "text",
  4: extension,
  5: extension,
};

/** `GrpcService`: 1 a cluster of Envoy's, 2 a target of Google's library, 3 timeout, 5 metadata, 6 retries. */
const service: Schema = {
  1: { 1: "text", 2: "text", 3: retries, 4: number },
  2: { 1: "text", 2: {}, 3: {}, 4: "text", 5: "text", 6: {}, 7: number, 8: {} },
  3: duration,
  5: { 1: "text", 2: "text" },
  6: retries,
};

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Tells whether Envoy's protobuf takes bytes for a message of this form. */
function isMessage(bytes: Uint8Array, schema: Schema): boolean {
  return (
    fieldsOf(bytes)?.every(({ number: field, value }) => {
      const wanted = schema[field];
      if (wanted === undefined || !(value instanceof Uint8Array)) return true;
      return wanted === "text" ? isUtf8(value) : isMessage(value, wanted);
    }) ?? false
  );
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Reads a service as Envoy does. */
export function parseService(vm: Vm, bytes: Uint8Array): GrpcTarget | { status: Status } {
  const text = textOf(bytes);
  if (!isMessage(bytes, service)) {
    if (vm.environment.clusters.has(text)) return { cluster: text, authority: undefined };
    return { status: vm.because(Status.ParseFailure, `"${text}" is neither a GrpcService nor a cluster`) };
  }
  const fields = fieldsOf(bytes)!;
  // Of several targets the last one counts; parts of the same target are put together.
  const isTarget = ({ number, value }: Field): boolean =>
    (number === 1 || number === 2) && value instanceof Uint8Array;
  const last = fields.filter(isTarget).at(-1);
  if (last === undefined)
    vm.environment.crash(
      `the service "${text}" of a gRPC call is a protobuf message, but not a GrpcService with a target`,
      "Pass a serialized GrpcService: 0a <length> 0a <length> <cluster name>.",
    );
  if (last?.number === 2) return { cluster: undefined, authority: undefined };
  const valueOf = (wanted: number): string | undefined => {
    const all = fields.flatMap((field) =>
      field.number === 1 && field.value instanceof Uint8Array ? fieldsOf(field.value)! : [],
    );
    const value = all.filter((part) => part.number === wanted).at(-1)?.value;
    return value instanceof Uint8Array ? textOf(value) : undefined;
  };
  return { cluster: valueOf(1) ?? "", authority: valueOf(2) };
}
