/**
 * The methods that a filter can override, and the callbacks of the ABI that the module must export for each.
 *
 * @module
 */
import type { ClassDeclaration, MethodDeclaration, Source } from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { failAt } from "../build-error.js";
import { classesOf, methodText, typeText } from "./syntax.js";

/** A callback of the ABI that the module must export. */
export interface Callback {
  readonly callback: string;
  /** The file below `assembly/callbacks/` that has it. */
  readonly file: "http" | "tcp" | "lifecycle" | "calls" | "services" | "envoy";
}

interface Overridable {
  /** The callbacks that lead to the method. */
  readonly callbacks: readonly Callback[];
  /** The types of the parameters. */
  readonly parameters: readonly string[];
  /** The return types that are fine: first the one to write. */
  readonly returns: readonly string[];
  /** The declaration to write. */
  readonly declaration: string;
}

function method(
  callback: string | readonly string[],
  file: Callback["file"],
  declaration: string,
  ...returns: string[]
): Overridable {
  const parameters = /\((.*)\)/.exec(declaration)![1]!;
  const types = parameters === "" ? [] : parameters.split(", ").map((parameter) => parameter.split(": ")[1]!);
  const callbacks = (typeof callback === "string" ? [callback] : callback).map((name) => ({
    callback: name,
    file,
  }));
  return {
    callbacks,
    parameters: types,
    returns: [/\): (.*)$/.exec(declaration)![1]!, ...returns],
    declaration,
  };
}

/** By method name. A method that two kinds of contexts have with different results lists all of them. */
export const overridables: ReadonlyMap<string, Overridable> = new Map([
  [
    "onVmStart",
    method("proxy_on_vm_start", "lifecycle", "onVmStart(vmConfiguration: string): bool", "boolean"),
  ],
  [
    "onConfigure",
    method("proxy_on_configure", "lifecycle", "onConfigure(configuration: string): bool", "boolean"),
  ],
  ["onDone", method("proxy_on_done", "lifecycle", "onDone(): bool", "boolean", "void")],
  ["onNewConnection", method("proxy_on_new_connection", "tcp", "onNewConnection(): FilterStatus")],
  [
    "onDownstreamData",
    method(
      "proxy_on_downstream_data",
      "tcp",
      "onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus",
    ),
  ],
  [
    "onUpstreamData",
    method("proxy_on_upstream_data", "tcp", "onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus"),
  ],
  [
    "onDownstreamClose",
    method("proxy_on_downstream_connection_close", "tcp", "onDownstreamClose(closeType: CloseType): void"),
  ],
  [
    "onUpstreamClose",
    method("proxy_on_upstream_connection_close", "tcp", "onUpstreamClose(closeType: CloseType): void"),
  ],
  [
    "onRequestMetadata",
    method("proxy_on_request_metadata", "http", "onRequestMetadata(elementCount: u32): FilterMetadataStatus"),
  ],
  [
    "onResponseMetadata",
    method(
      "proxy_on_response_metadata",
      "http",
      "onResponseMetadata(elementCount: u32): FilterMetadataStatus",
    ),
  ],
  [
    "onRequestChunk",
    method(
      ["proxy_on_request_headers", "proxy_on_request_body"],
      "http",
      "onRequestChunk(chunk: Uint8Array, last: bool): Uint8Array",
    ),
  ],
  [
    "onResponseChunk",
    method(
      ["proxy_on_response_headers", "proxy_on_response_body"],
      "http",
      "onResponseChunk(chunk: Uint8Array, last: bool): Uint8Array",
    ),
  ],
  [
    "onWholeRequestBody",
    method(
      ["proxy_on_request_headers", "proxy_on_request_body", "proxy_on_request_trailers"],
      "http",
      "onWholeRequestBody(size: u32): FilterDataStatus",
    ),
  ],
  [
    "onWholeResponseBody",
    method(
      // The request says whether it becomes a tunnel.
      [
        "proxy_on_request_headers",
        "proxy_on_response_headers",
        "proxy_on_response_body",
        "proxy_on_response_trailers",
      ],
      "http",
      "onWholeResponseBody(size: u32): FilterDataStatus",
    ),
  ],
  ["onQueueReady", method("proxy_on_queue_ready", "services", "onQueueReady(queue: SharedQueue): void")],
  [
    "onForeignFunction",
    method(
      "proxy_on_foreign_function",
      "services",
      "onForeignFunction(functionId: u32, data: Uint8Array): void",
    ),
  ],
  ["onStatsUpdate", method("envoy_on_stats_update", "envoy", "onStatsUpdate(stats: StatsReader): void")],
  ["onLog", method("proxy_on_log", "lifecycle", "onLog(): void")],
  ["onDelete", method("proxy_on_delete", "lifecycle", "onDelete(): void")],
  [
    "onRequestHeaders",
    method(
      "proxy_on_request_headers",
      "http",
      "onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus",
    ),
  ],
  [
    "onRequestBody",
    method(
      // Trailers end a body, too.
      ["proxy_on_request_body", "proxy_on_request_trailers"],
      "http",
      "onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus",
    ),
  ],
  [
    "onRequestTrailers",
    method("proxy_on_request_trailers", "http", "onRequestTrailers(trailerCount: u32): FilterTrailersStatus"),
  ],
  [
    "onResponseHeaders",
    method(
      "proxy_on_response_headers",
      "http",
      "onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus",
    ),
  ],
  [
    "onResponseBody",
    method(
      // Trailers end a body, too.
      ["proxy_on_response_body", "proxy_on_response_trailers"],
      "http",
      "onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus",
    ),
  ],
  [
    "onResponseTrailers",
    method(
      "proxy_on_response_trailers",
      "http",
      "onResponseTrailers(trailerCount: u32): FilterTrailersStatus",
    ),
  ],
]);

/** The types that may stand for another in a declaration. */
const synonyms: Readonly<Record<string, string>> = { boolean: "bool" };

/** The callbacks that the classes of `sources` override; fails the build at one whose signature is not the base class's. */
export function findOverrides(sources: readonly Source[]): Callback[] {
  const found = new Set<Overridable>();
  for (const source of sources) {
    for (const declaration of classesOf(source)) {
      if (declaration.extendsType === null) continue;
      for (const member of declaration.members) {
        if (member.kind !== NodeKind["MethodDeclaration"]) continue;
        const overridable = overridables.get(member.name.text);
        if (overridable === undefined) {
          refuseNearMiss(declaration, member as MethodDeclaration);
          continue;
        }
        checkSignature(declaration, member as MethodDeclaration, overridable);
        found.add(overridable);
      }
    }
  }
  return [...found].flatMap(({ callbacks }) => callbacks);
}

function checkSignature(owner: ClassDeclaration, method: MethodDeclaration, expected: Overridable): void {
  const types = method.signature.parameters
    .map((parameter) => typeText(parameter.type))
    .map((type) => synonyms[type] ?? type);
  const result = typeText(method.signature.returnType);
  const same =
    types.length === expected.parameters.length &&
    types.every((type, index) => type === expected.parameters[index]) &&
    (expected.returns.includes(result) || (expected.returns[0]!.startsWith("Filter") && result === "i32"));
  if (!same) {
    failAt(
      method.name,
      `${owner.name.text}.${methodText(method)} does not override ${expected.declaration}; declare it exactly so.`,
    );
  }
}

/** A filter whose method nothing calls lets everything pass: bad enough in an access check to fail the build. */
function refuseNearMiss(owner: ClassDeclaration, method: MethodDeclaration): void {
  const bare = (name: string): string => name.toLowerCase().replace(/s$/, "");
  for (const [name, { declaration }] of overridables) {
    if (bare(name) === bare(method.name.text)) {
      failAt(
        method.name,
        `nothing calls ${owner.name.text}.${method.name.text}; did you mean ${declaration}?`,
      );
    }
  }
}
