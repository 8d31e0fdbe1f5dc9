/** The service of a gRPC call: the name of a cluster, or bytes of Envoy's `GrpcService`. */
import { Status } from "../abi/status.js";
import { fieldsOf } from "../abi/protobuf.js";
import type { Field } from "../abi/protobuf.js";
import { textOf } from "../abi/text.js";
import type { Vm } from "../vm/vm.js";

/** Whom a call goes to; without a cluster, to a target that Envoy connects to by itself. */
export interface GrpcTarget {
  readonly cluster: string | undefined;
  /** What `:authority` says in place of the cluster's name. */
  readonly authority: string | undefined;
}

/** Reads a service as Envoy does. */
export function parseService(vm: Vm, service: Uint8Array): GrpcTarget | { status: Status } {
  const text = textOf(service);
  const fields = fieldsOf(service);
  const parts = fields?.map(({ number, value }) =>
    (number === 1 || number === 2) && value instanceof Uint8Array ? fieldsOf(value) : [],
  );
  if (fields === undefined || parts!.includes(undefined)) {
    if (vm.environment.clusters.has(text)) return { cluster: text, authority: undefined };
    return { status: vm.because(Status.ParseFailure, `"${text}" is neither a GrpcService nor a cluster`) };
  }
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
  const valueOf = (number: number): string | undefined => {
    const all = fields.flatMap((field, i) => (field.number === 1 ? parts![i]! : []));
    const value = all.filter((part) => part.number === number).at(-1)?.value;
    return value instanceof Uint8Array ? textOf(value) : undefined;
  };
  return { cluster: valueOf(1) ?? "", authority: valueOf(2) };
}
