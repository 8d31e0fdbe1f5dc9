/**
 * Fields that an abstract class leaves to the classes below: each of those has to give them a value.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import { failAt } from "../../transform/build-error.js";
import { classElements, type ClassElement } from "../../transform/compiler/resolved.js";
import { chainOf, isAbstract } from "../../transform/program/contexts.js";
import { abstractFields } from "../syntax/marked-fields.js";

/** Fails the build at a class without a field that one of its bases leaves to it. */
export function checkAbstractFields(program: Program): void {
  if (abstractFields.isEmpty) return;
  for (const element of classElements(program)) if (!isAbstract(element)) checkFields(element);
}

function checkFields(element: ClassElement): void {
  const given = new Set<string>();
  for (const base of chainOf(element))
    for (const [name, { declaration }] of base.instanceMembers ?? []) {
      const range = declaration?.name.range;
      const isLeft = range !== undefined && abstractFields.has(range.source.normalizedPath, range.start);
      if (!isLeft) given.add(name);
      else if (!given.has(name))
        failAt(
          element.declaration.name,
          `${element.name} has no field ${name}, which ${base.name} leaves to it; give it one with a value, for example ${name} = … .`,
        );
    }
}
