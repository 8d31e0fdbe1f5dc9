/**
 * Finds the parts of the SDK that a filter uses without overriding anything, and the callbacks of the ABI that the module must
 * export for them.
 *
 * @module
 */
import type {
  IdentifierExpression,
  MethodDeclaration,
  PropertyAccessExpression,
  Source,
} from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import type { Callback } from "../program/callbacks.js";
import { actsThroughReferences } from "./acts.js";
import { importsBelow, walk } from "./syntax.js";

const calls = (callback: string): Callback => ({ file: "calls", callback });
const grpcCall = ["receive", "close"].map((what) => calls(`proxy_on_grpc_${what}`));
const initialMetadata = [calls("proxy_on_grpc_receive_initial_metadata")];
const trailingMetadata = [calls("proxy_on_grpc_receive_trailing_metadata")];
const http = [calls("proxy_on_http_call_response")];
export const tick: Callback = { file: "services", callback: "proxy_on_tick" };
const timers = [tick];

/** By the name of a method: one that is not this package's costs a few bytes and does no harm. */
const uses: ReadonlyMap<string, readonly Callback[]> = new Map([
  ["fetch", http],
  ["fetchWith", http],
  ["grpcCall", grpcCall],
  ["grpcCallWith", grpcCall],
  ["grpcStream", grpcCall],
  ["every", timers],
  ["everyWith", timers],
  ["after", timers],
  ["afterWith", timers],
]);

/** The methods of a `GrpcStream` that need a callback of their own: Envoy makes it in the middle of others. */
const overrides: ReadonlyMap<string, readonly Callback[]> = new Map([
  ["onInitialMetadata", initialMetadata],
  ["onTrailingMetadata", trailingMetadata],
]);

/** The callbacks for everything that `sources` use. */
export function findUses(sources: readonly Source[]): Callback[] {
  const found = new Set<Callback>();
  for (const source of sources) {
    // Keys of issuers are fetched, renewed, and waited for.
    if (["jwks", "flow-jwks"].some((name) => importsBelow(source, `assembly/std/${name}`)))
      for (const callback of [...http, ...timers]) found.add(callback);
    // Spans are sent to a collector.
    if (importsBelow(source, "assembly/std/trace") && namesMember([source], "Tracer"))
      for (const callback of [...http, ...timers]) found.add(callback);
    walk(source.statements, (node) => {
      const callbacks =
        node.kind === NodeKind["PropertyAccess"]
          ? uses.get((node as PropertyAccessExpression).property.text)
          : node.kind === NodeKind["MethodDeclaration"]
            ? overrides.get((node as MethodDeclaration).name.text)
            : undefined;
      for (const callback of callbacks ?? []) found.add(callback);
    });
  }
  return [...found];
}

/** Tells whether streams may be resumed. */
export function resumes(sources: readonly Source[]): boolean {
  return usesMember(sources, "resumeRequest") || usesMember(sources, "resumeResponse");
}

/** Tells whether one callback may resume a stream both ways, which takes two ticks. */
export function resumesBoth(sources: readonly Source[]): boolean {
  return usesMember(sources, "resumeRequest") && usesMember(sources, "resumeResponse");
}

/** Tells whether a member with this name is used anywhere. */
export function usesMember(sources: readonly Source[], name: string): boolean {
  let found = false;
  for (const source of sources) {
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["PropertyAccess"])
        found ||= (node as PropertyAccessExpression).property.text === name;
    });
  }
  return found;
}

/** Tells whether a member with this name is used, or stands in an object literal. */
export function namesMember(sources: readonly Source[], name: string): boolean {
  let found = usesMember(sources, name);
  for (const source of sources) {
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["Identifier"]) found ||= (node as IdentifierExpression).text === name;
    });
  }
  return found;
}

/** Tells whether streams are acted upon from elsewhere than their own callbacks: by what waits, or through a reference. */
export function actsFromElsewhere(sources: readonly Source[], callbacks: readonly Callback[]): boolean {
  return callbacks.length > 0 || actsThroughReferences(sources);
}

/** Tells whether Envoy makes one of these callbacks from within host calls, and so in the middle of another one. */
export function canNest(callbacks: readonly Callback[]): boolean {
  return [...overrides.values()].flat().some((callback) => callbacks.includes(callback));
}
