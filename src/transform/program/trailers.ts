/**
 * Warns of a check of bodies that trailers pass. A body that trailers follow ends in the trailers' callback: `onRequestBody` is told so
 * by the one that it inherits, and by no other.
 *
 * @module
 */
import type {
  CallExpression,
  Expression,
  FunctionDeclaration,
  PropertyAccessExpression,
} from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import type { ClassElement } from "../compiler/resolved.js";
import { isMethod } from "../compiler/resolved.js";
import { warn } from "../compiler/say.js";
import { identifierName, walk } from "../source/syntax.js";
import type { ContextClass } from "./contexts.js";
import { chainOf, isOwn } from "./contexts.js";

/** Members of the package's that say nothing about a body. */
const COMMON = new Set(["request", "response", "plugin", "respond", "respondJson", "respondBytes"]);

/** Warns at each class whose body callback waits for something that its trailers' callback does not look at. */
export function warnOfTrailers(program: object, contexts: readonly ContextClass[]): void {
  for (const { element, overrides } of contexts) {
    for (const side of ["Request", "Response"]) {
      const [body, trailers] = [`on${side}Body`, `on${side}Trailers`];
      // A class that overrides neither is judged where it inherits from.
      if (!overrides.has(body) && !overrides.has(trailers)) continue;
      const members = membersOf(element);
      const [waiting, ending] = [members.get(body), members.get(trailers)];
      if (waiting === undefined || ending === undefined || !waits(waiting)) continue;
      if (looks(ending, body, namesIn(waiting, members), members)) continue;
      const place = overrides.has(trailers) ? ending : waiting;
      warn(
        program,
        place.name,
        `a body that trailers follow ends in ${element.name}.${trailers}, which does not look at it, and not in ${body}, which waits for something: a peer that sends trailers is not checked; end it with return super.${trailers}(trailerCount), which calls ${body} with endOfStream, or look at this.${side.toLowerCase()}.body there`,
      );
    }
  }
}

type Members = ReadonlyMap<string, FunctionDeclaration>;

/** The methods of a class and of those that it extends, without the package's. */
function membersOf(element: ClassElement): Members {
  const members = new Map<string, FunctionDeclaration>();
  for (const at of chainOf(element)) {
    if (isOwn(at)) break;
    for (const [name, member] of at.instanceMembers ?? [])
      if (isMethod(member) && !members.has(name))
        members.set(name, member.declaration as FunctionDeclaration);
  }
  return members;
}

/** Tells whether a body callback asks for the end, or may answer anything but `Continue`. */
function waits(method: FunctionDeclaration): boolean {
  const end = method.signature.parameters[1]?.name.text;
  let found = false;
  walk(method.body!, (node) => {
    if (identifierName(node) === end) found = true;
    if (node.kind === NodeKind["Return"]) found ||= !goesOn((node as { value?: Expression | null }).value);
  });
  return found;
}

/** Tells whether a trailers' callback holds, or uses the body or anything of the object that the body callback uses. */
function looks(
  method: FunctionDeclaration,
  body: string,
  known: ReadonlySet<string>,
  members: Members,
): boolean {
  let found = false;
  walk(method.body!, (node) => {
    if (node.kind === NodeKind["Return"]) found ||= mayHold((node as { value?: Expression | null }).value);
  });
  for (const name of namesIn(method, members))
    found ||= name === "super" || name === "body" || name === body || known.has(name);
  return found;
}

/** The members of its object that a method uses, with what those of its own methods use; `body` and `super` are among them. */
function namesIn(method: FunctionDeclaration, members: Members, names = new Set<string>()): Set<string> {
  walk(method.body!, (node) => {
    if (node.kind === NodeKind["Super"]) names.add("super");
    if (node.kind !== NodeKind["PropertyAccess"]) return;
    const { expression, property } = node as PropertyAccessExpression;
    const { text } = property;
    if (text === "body") names.add(text);
    if (expression.kind !== NodeKind["This"] || COMMON.has(text) || names.has(text)) return;
    names.add(text);
    const called = members.get(text);
    if (called !== undefined) namesIn(called, members, names);
  });
  return names;
}

function goesOn(value: Expression | null | undefined): boolean {
  return memberText(value) === "Continue";
}

/** Tells whether an answer may be to hold the trailers: everything but `Continue`, or a response in its place. */
function mayHold(value: Expression | null | undefined): boolean {
  if (value?.kind === NodeKind["Call"])
    return !/^respond/.test(memberText((value as CallExpression).expression) ?? "");
  return !goesOn(value);
}

function memberText(node: Expression | null | undefined): string | undefined {
  return node?.kind === NodeKind["PropertyAccess"]
    ? (node as PropertyAccessExpression).property.text
    : undefined;
}
