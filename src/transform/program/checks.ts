/**
 * Filters that would do nothing, or not what they say: refused before they let every request pass.
 *
 * @module
 */
import type { FunctionDeclaration, Program, PropertyAccessExpression, Source } from "assemblyscript";
import { distance } from "../../distance.js";
import { callbacks } from "../../abi.js";
import { failAt } from "../build-error.js";
import { NodeKind } from "../compiler/compiler.js";
import type { ClassElement, Element } from "../compiler/resolved.js";
import { exportsOfFile, isMethod } from "../compiler/resolved.js";
import { methodText, walk } from "../source/syntax.js";
import { ERROR_HANDLER } from "./callbacks.js";
import type { ContextClass } from "./contexts.js";
import { chainOf, isAbstract, isOwn, isStream } from "./contexts.js";
import type { Registrations } from "./registrations.js";

/** Names of methods in other SDKs, each with the method that does the same here. */
const others: ReadonlyMap<string, string> = new Map([
  ["httprequestheaders", "onRequestHeaders"],
  ["httprequestbody", "onRequestBody"],
  ["httprequesttrailers", "onRequestTrailers"],
  ["httpresponseheaders", "onResponseHeaders"],
  ["httpresponsebody", "onResponseBody"],
  ["httpresponsetrailers", "onResponseTrailers"],
  ["httpstreamdone", "onDone"],
  ["streamdone", "onDone"],
  ["plugindone", "onDone"],
  ["contextdone", "onDone"],
  ["pluginstart", "onConfigure"],
  ["configuration", "onConfigure"],
  ["downstreamconnectionclose", "onDownstreamClose"],
  ["upstreamconnectionclose", "onUpstreamClose"],
]);

/** Names of methods in other SDKs for which there is no callback here, each with a remedy. */
const replacements: ReadonlyMap<string, string> = new Map([
  ["tick", "start a timer with this.every(milliseconds, (…) => …)"],
  ["timer", "start a timer with this.every(milliseconds, (…) => …)"],
  ["httpcallresponse", "give fetch a function that takes the answer"],
  ["httpcalldone", "give fetch a function that takes the answer"],
  ["grpccallresponse", "give grpcCall a function that takes the answer"],
  ["grpcreceive", "give grpcCall a function that takes the answer"],
  ["grpcstreammessage", "extend GrpcStream and override its onMessage"],
  ["contextcreate", "override createHttpContext in the plugin's class"],
  ["createcontext", "override createHttpContext in the plugin's class"],
  ["createhttpcontext", "override createHttpContext in the plugin's class"],
]);

/** A name without its case, underscores and what it begins with. */
const bare = (name: string): string => name.toLowerCase().replaceAll("_", "").replace(/^on/, "");

/** Fails the build at a method that looks like a callback and that nothing calls. */
export function checkStrangers(contexts: readonly ContextClass[], sources: readonly Source[]): void {
  const strangers = contexts.flatMap(({ element, strangers: methods }) =>
    methods.map((method) => ({ element, method })),
  );
  if (strangers.length === 0) return;
  const accessed = accessedMembers(sources);
  for (const { element, method } of strangers) {
    if (accessed.has(method.name)) continue;
    const { name } = method.declaration!;
    const says = adviceFor(method.name, element);
    // A method whose name does not look like a callback's is passed over, unless it is close to one.
    if (says === undefined && !/^on[A-Z]/.test(method.name)) continue;
    const advice = says ?? `${kindOf(element)} has no such callback: call it, or give it another name.`;
    failAt(name, `nothing calls ${element.name}.${method.name}; ${advice}`);
  }
}

/** The package's class that a class extends, by name. */
function kindOf(element: ClassElement): string {
  return [...chainOf(element)].find(isOwn)!.name;
}

function adviceFor(name: string, element: ClassElement): string | undefined {
  const replacement = replacements.get(bare(name));
  if (replacement !== undefined) return `${replacement}.`;
  const known = new Map<string, Element>();
  for (const { instanceMembers } of [...chainOf(element)].filter(isOwn))
    for (const [member, method] of instanceMembers ?? [])
      if (/^on[A-Z]/.test(member) && isMethod(method) && !known.has(member)) known.set(member, method);
  const other = others.get(bare(name));
  const close = [...known.keys()]
    .map((candidate) => ({ candidate, far: distance(bare(candidate), bare(name)) }))
    .filter(({ candidate, far }) => candidate === other || far <= Math.min(2, bare(name).length >> 2))
    .sort((one, two) => (one.candidate === other ? -1 : two.candidate === other ? 1 : one.far - two.far))[0];
  if (close === undefined) {
    return other === undefined ? undefined : `did you mean ${other}, in a class that has it?`;
  }
  return `did you mean ${methodText(known.get(close.candidate)!.declaration as FunctionDeclaration)}?`;
}

/** The names of all members that are used anywhere. */
function accessedMembers(sources: readonly Source[]): Set<string> {
  const names = new Set<string>();
  for (const source of sources) {
    walk(source.statements, (node) => {
      if (node.kind === NodeKind["PropertyAccess"])
        names.add((node as PropertyAccessExpression).property.text);
    });
  }
  return names;
}

/** Fails the build at what would be asked about bugs, in a build in which they end the VM. */
export function checkErrorHandlers(contexts: readonly ContextClass[], traps: boolean): void {
  const handler = contexts.find(({ handlesErrors }) => handlesErrors);
  if (handler === undefined || !traps) return;
  failAt(
    handler.element.instanceMembers!.get(ERROR_HANDLER)!.declaration!.name,
    `nothing calls ${handler.element.name}.${ERROR_HANDLER} in a build with PROXY_WASM_TRAPS, in which a bug ends the VM; remove one of the two.`,
  );
}

/** Fails the build at a registration whose class overrides no callback. */
export function checkRegistered({ calls }: Registrations, contexts: readonly ContextClass[]): void {
  const byElement = new Map(contexts.map((context) => [context.element, context]));
  const overridesOf = (element: ClassElement): string[] =>
    [...chainOf(element)].flatMap((at) => [...(byElement.get(at)?.overrides ?? [])]);
  const streams = contexts.filter(isStream);
  for (const { call, element, kind } of calls) {
    if (element === undefined) continue;
    const found = overridesOf(element);
    if (found.length === 0) {
      const example =
        kind === "plugin"
          ? "onConfigure or createHttpContext"
          : kind === "tcp"
            ? "onNewConnection"
            : "onRequestHeaders";
      failAt(
        call,
        `${element.name} overrides no callback, so it would let everything pass; override ${example}, for instance.`,
      );
    }
    const makes = found.filter((name) => /^create[A-Z]/.test(name));
    if (makes.length === found.length && streams.every(({ overrides }) => overrides.size === 0))
      failAt(
        call,
        `what ${element.name} makes overrides no callback, so it would let everything pass; override onRequestHeaders, for instance.`,
      );
    if (found.includes("createTcpContext") && alwaysMakesStreams(element))
      failAt(
        call,
        `${element.name} makes contexts of both kinds, and the host does not say which one it wants: connections would pass unseen; register a plugin class of its own for each, or let createHttpContext answer null: HttpContext | null.`,
      );
    if (needsArguments(element))
      failAt(
        call,
        `the constructor of ${element.name} takes arguments, which a registration cannot give it; ${
          kind === "plugin"
            ? "leave them out."
            : `make it in a plugin's create${kind === "tcp" ? "Tcp" : "Http"}Context, new ${element.name}(this), and register the plugin.`
        }`,
      );
    if (isAbstract(element)) failAt(call, `${element.name} is abstract; register a class that extends it.`);
  }
}

/** Tells whether a plugin has an HTTP context for each stream, so that it is never asked for a connection's. */
function alwaysMakesStreams(element: ClassElement): boolean {
  for (const at of chainOf(element)) {
    const method = isOwn(at) ? undefined : at.instanceMembers?.get("createHttpContext");
    if (method !== undefined)
      return !(method.declaration as FunctionDeclaration).signature.returnType.isNullable;
  }
  return false;
}

/** Tells whether a class cannot be made without arguments. */
function needsArguments(element: ClassElement): boolean {
  for (const at of chainOf(element)) {
    if (isOwn(at)) return false;
    const made = at.declaration.members.find(({ name }) => name.text === "constructor");
    if (made !== undefined)
      return (made as FunctionDeclaration).signature.parameters.some(
        ({ parameterKind, initializer }) => (parameterKind as number) === 0 && initializer === null,
      );
  }
  return false;
}

/** Fails the build at exports of the user's that have a callback's name: the host would call them in the SDK's place. */
export function checkOwnExports(program: Program, entries: readonly Source[]): void {
  for (const source of entries) {
    for (const [name, element] of exportsOfFile(program, source)) {
      const what = callbacks.has(name)
        ? "would take the place of this package's, so that the filter's classes are not called; leave it out"
        : /^(proxy|envoy)_/.test(name)
          ? "is not a callback of Proxy-Wasm ABI 0.2.1; rename it"
          : undefined;
      if (what === undefined) continue;
      failAt(
        element.declaration!.name,
        `the export "${name}" ${what}, or override a method of HttpContext or PluginContext.`,
      );
    }
  }
}
