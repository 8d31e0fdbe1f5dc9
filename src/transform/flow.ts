/**
 * Whether a module uses flow, and which callbacks its flows need.
 *
 * @module
 */
import type {
  CallExpression,
  IdentifierExpression,
  Node,
  Parser,
  PropertyAccessExpression,
  Source,
} from "assemblyscript";
import { NodeKind } from "./compiler.js";
import type { Callback } from "./overrides.js";
import { PACKAGE, identifierName, walk } from "./syntax.js";

/** Whether any source imports flow. */
export function usesFlow(parser: Parser): boolean {
  return parser.sources.some(({ normalizedPath }) => normalizedPath.startsWith(`${PACKAGE}assembly/flow/`));
}

const http = (callback: string): Callback => ({ file: "http", callback: `proxy_on_${callback}` });
const calls = (callback: string): Callback => ({ file: "calls", callback: `proxy_on_${callback}` });
const tick: Callback = { file: "services", callback: "proxy_on_tick" };

/** By the name of a function or class of flow. */
const functions: ReadonlyMap<string, readonly Callback[]> = new Map([
  ["fetch", [calls("http_call_response")]],
  ["startFetch", [calls("http_call_response")]],
  ["callGrpc", [calls("grpc_receive"), calls("grpc_close")]],
  ["startGrpc", [calls("grpc_receive"), calls("grpc_close")]],
  ["receive", [{ file: "services", callback: "proxy_on_queue_ready" }]],
  ["sleep", [tick]],
  ["Alarm", [tick]],
  ["Signal", [tick]],
  ["use", [http("response_headers")]],
]);

/** Methods that take a time limit, and those that wait for bodies or change them. */
const limited = new Map([
  ["all", 2],
  ["race", 2],
  ["wait", 1],
]);
const bodies = new Set(["text", "bytes", "chunk"]);
const changes = new Set(["setBody", "setBytes", "setChunk"]);

/** The callbacks for everything that flows in `sources` use. */
export function findFlowUses(
  sources: readonly Source[],
  define: (name: string, value: string) => void,
): Callback[] {
  const found = new Set<Callback>([http("request_headers")]);
  const waitsFor = (message: "request" | "response"): void => {
    for (const what of ["headers", "body", "trailers"]) found.add(http(`${message}_${what}`));
    found.add(tick); // trailers may have to wait for a moment
  };
  for (const source of sources) {
    walk(source.statements as Node[], (node) => {
      if (node.kind === NodeKind["Identifier"]) {
        const name = (node as IdentifierExpression).text;
        for (const callback of functions.get(name) ?? []) found.add(callback);
        if (name === "metrics") define("PROXY_WASM_FLOW_METRICS", "1");
      } else if (node.kind === NodeKind["Call"]) {
        const call = node as CallExpression;
        const name = calledName(call);
        if (name !== undefined && call.args.length >= (limited.get(name) ?? Infinity)) found.add(tick);
      } else if (node.kind === NodeKind["PropertyAccess"]) {
        const access = node as PropertyAccessExpression;
        const name = access.property.text;
        for (const callback of functions.get(name) ?? []) found.add(callback);
        if (name === "metrics") define("PROXY_WASM_FLOW_METRICS", "1");
        if (name === "next") found.add(http("response_headers"));
        if (changes.has(name)) define("PROXY_WASM_FLOW_CHANGES_BODIES", "1");
        if (!bodies.has(name)) return;
        const message = ownerOf(access);
        if (message !== "response") waitsFor("request");
        if (message !== "request") waitsFor("response");
      }
    });
  }
  return [...found];
}

/** The name of the function or method that is called. */
function calledName(call: CallExpression): string | undefined {
  if (call.expression.kind === NodeKind["PropertyAccess"])
    return (call.expression as PropertyAccessExpression).property.text;
  return identifierName(call.expression);
}

/** `request` for `….request.text`, `response` for `….response.text`; undefined where the source does not say. */
function ownerOf({ expression }: PropertyAccessExpression): string | undefined {
  return expression.kind === NodeKind["PropertyAccess"]
    ? (expression as PropertyAccessExpression).property.text
    : undefined;
}
