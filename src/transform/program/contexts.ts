/**
 * Finds the filters' classes, which extend one of the package's contexts, and the callbacks that they override. Neither their
 * file nor the spelling of their names counts.
 *
 * @module
 */
import type { FunctionDeclaration, Program } from "assemblyscript";
import { failAt } from "../build-error.js";
import { CommonFlags } from "../compiler/compiler.js";
import type { ClassElement, Element } from "../compiler/resolved.js";
import { classElements, isMethod } from "../compiler/resolved.js";
import { PACKAGE, isUserSource, methodText } from "../source/syntax.js";
import type { Callback } from "./callbacks.js";
import { ERROR_HANDLER, limits, overridables } from "./callbacks.js";
import { sameSignature } from "./signatures.js";

const CONTEXT = `${PACKAGE}assembly/context/context/Context`;

const PLUGIN = `${PACKAGE}assembly/context/plugin-context/PluginContext`;

/** Members of the package's classes that are there to be overridden and lead to no callback by themselves. */
const FREE = /^(constructor|create[A-Z].*|handle|onCancel|.*BodyLimit|passesLarge.*)$/;

/** Those that only say how something is done that others do: a class that has nothing else does nothing. */
const DOES_NOTHING = /^(constructor|passesLarge.*)$/;

/** A user's class that extends one of the package's contexts. */
export interface ContextClass {
  readonly element: ClassElement;
  /** The names of the methods that it overrides itself; a base class of the user's has an entry of its own. */
  readonly overrides: ReadonlySet<string>;
  /** It says what becomes of a stream that a bug has ended: `onError`, which no callback leads to by itself. */
  readonly handlesErrors: boolean;
  /** Its methods that look like callbacks and override nothing. */
  readonly strangers: readonly Element[];
}

/** Tells whether a class is the package's own. */
export function isOwn({ internalName }: Element): boolean {
  return internalName.startsWith(PACKAGE);
}

/** A class and those that it extends, nearest first. */
export function* chainOf(element: ClassElement): Generator<ClassElement> {
  for (let at: ClassElement | null = element; at !== null; at = at.basePrototype) yield at;
}

/** The package's class that a class extends, directly or through the user's own; undefined when it is no context. */
export function contextBase(element: ClassElement): ClassElement | undefined {
  const chain = [...chainOf(element)];
  return chain.some(({ internalName }) => internalName === CONTEXT) ? chain.find(isOwn) : undefined;
}

/** The filters' classes, each with the package's class that it extends. */
function contextElements(program: Program): { element: ClassElement; base: ClassElement }[] {
  return classElements(program)
    .filter((element) => isUserSource(element.declaration.range.source))
    .flatMap((element) => {
      const base = contextBase(element);
      return base === undefined ? [] : [{ element, base }];
    });
}

/**
 * Fails the build at members that hide the package's own, and at fields in the place of callbacks. The compiler lets some of
 * them pass, and explains the others by the package's insides.
 */
export function checkMembers(program: Program): void {
  for (const { element, base } of contextElements(program)) {
    for (const [name, member] of element.instanceMembers ?? []) {
      const original = memberOf(base, name);
      if (original === undefined || (FREE.test(name) && isMethod(member) === isMethod(original))) continue;
      const place = member.declaration!.name;
      if (!overridables.has(name) && !FREE.test(name)) {
        if (isDeclaredBefore(element, name)) continue;
        failAt(
          place,
          `${element.name}.${name} would take the place of ${base.name}.${name}, which this package needs; choose another name.`,
        );
      }
      if (isMethod(member)) continue;
      const expected = methodText(original.declaration as FunctionDeclaration);
      failAt(place, `${element.name}.${name} is no method, so nothing calls it; declare it as ${expected}.`);
    }
  }
}

/** Finds the filters' classes; fails the build at methods that override the package's with another signature. */
export function findContexts(program: Program): ContextClass[] {
  return contextElements(program).map(({ element, base }) => contextOf(element, base));
}

function contextOf(element: ClassElement, base: ClassElement): ContextClass {
  const overrides = new Set<string>();
  const strangers: Element[] = [];
  let handlesErrors = false;
  for (const [name, member] of element.instanceMembers ?? []) {
    const original = memberOf(base, name);
    if (original === undefined) {
      if (isMethod(member) && /^_?on/i.test(name)) strangers.push(member);
    } else if (overridables.has(name)) {
      checkOverride(element, member, original);
      if (name === ERROR_HANDLER) handlesErrors = true;
      else overrides.add(name);
    } else if (!DOES_NOTHING.test(name)) overrides.add(name);
  }
  return { element, overrides, handlesErrors, strangers };
}

/** A member of one of the package's classes, its own or one that it inherits. */
function memberOf(base: ClassElement, name: string): Element | undefined {
  for (const { instanceMembers } of chainOf(base)) {
    const member = instanceMembers?.get(name);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** Tells whether a base class of the user's has the member already, and has been told. */
function isDeclaredBefore(element: ClassElement, name: string): boolean {
  return [...chainOf(element)]
    .slice(1)
    .some((base) => !isOwn(base) && (base.instanceMembers?.has(name) ?? false));
}

function checkOverride(owner: ClassElement, member: Element, original: Element): void {
  if (sameSignature(member, original)) return;
  const expected = methodText(original.declaration as FunctionDeclaration);
  const found = methodText(member.declaration as FunctionDeclaration);
  failAt(
    member.declaration!.name,
    `${owner.name}.${found} does not override ${expected}; declare it exactly so.`,
  );
}

/** Tells whether a class is a stream's or a connection's, and not a plugin's. */
export function isStream({ element }: ContextClass): boolean {
  return [...chainOf(element)].every(({ internalName }) => internalName !== PLUGIN);
}

/** The callbacks of the ABI that lead to what the classes override. */
export function callbacksFor(contexts: readonly ContextClass[]): Callback[] {
  return contexts.flatMap(({ overrides }) =>
    [...overrides].flatMap((name) => overridables.get(name) ?? limits.get(name) ?? []),
  );
}

/** Tells whether a method is abstract, so that it does nothing by itself. */
export function isAbstract({ declaration }: Element): boolean {
  return declaration?.is(CommonFlags["Abstract"]!) ?? false;
}
