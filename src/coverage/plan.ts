/**
 * Finds the places in a module that count how often the parts of its sources are executed.
 *
 * @module
 */
import type { Place, PlaceMap } from "../places/index.js";
import { isOfLibrary } from "../places/index.js";
import type { BranchShape, Part, Point, Range, Shape } from "./shape.js";
import { shapeOf } from "./shape.js";

/** The offsets in the module's code by which a part is counted: their counts together are its own. */
export type Offsets = readonly number[];

/** The parts of a source that are counted. */
export interface SourcePlan {
  /** As the map names it. */
  readonly source: string;
  readonly statements: readonly { readonly loc: Range; readonly at: Offsets }[];
  readonly functions: readonly { readonly name: string; readonly loc: Range; readonly at: Offsets }[];
  readonly branches: readonly {
    readonly type: BranchShape["type"];
    readonly loc: Part;
    readonly at: Offsets;
    /** Undefined is the `else` that is not written: what is left of the whole. */
    readonly arms: readonly ({ readonly loc: Range; readonly at: Offsets } | undefined)[];
  }[];
}

/** A place of a source whose code begins at an offset of a function of the module. */
interface Spot extends Point {
  readonly offset: number;
  /** The module's function. */
  readonly code: number;
  /** The source's function. */
  readonly within: number;
}

/** Tells whether code goes on elsewhere, or comes from elsewhere, between two offsets. */
type HasBorder = (from: number, to: number) => boolean;

/** Plans what is counted in the user's sources; `textOf` gives a source's text as its author wrote it. */
export function planCoverage(
  map: PlaceMap,
  hasBorder: HasBorder,
  textOf: (source: string) => string | undefined,
): SourcePlan[] {
  const places = new Map<string, (Place & { readonly offset: number })[]>();
  for (const place of map.places()) {
    if (isOfLibrary(place.source)) continue;
    const list = places.get(place.source);
    if (list === undefined) places.set(place.source, [place]);
    else list.push(place);
  }
  return [...places].flatMap(([source, found]) => {
    const text = textOf(source);
    const shape = text === undefined ? undefined : shapeOf(text);
    return shape === undefined ? [] : [planOf(source, shape, found, map, hasBorder)];
  });
}

function planOf(
  source: string,
  shape: Shape,
  places: readonly (Place & { readonly offset: number })[],
  map: PlaceMap,
  hasBorder: HasBorder,
): SourcePlan {
  const spots = places.flatMap((place): Spot[] => {
    const code = map.functionAt(place.offset)?.index;
    const point = { line: place.line, column: place.column - 1 };
    if (code === undefined) return [];
    return [{ ...point, offset: place.offset, code, within: innermost(shape, point) }];
  });
  const compiled = new Set(spots.map(({ within }) => within));
  /** The first code of a part in each of the module's functions that have it. */
  const firstOf = (part: Range, within: number): Map<number, number> => {
    const first = new Map<number, number>();
    for (const spot of spots)
      if (spot.within === within && isIn(spot, part) && spot.offset < (first.get(spot.code) ?? Infinity))
        first.set(spot.code, spot.offset);
    return first;
  };
  const of = (part: Range, within: number): number[] => [...firstOf(part, within).values()];
  /** Arms that the compiler always executes, to choose between their values: their counts tell nothing. */
  const chosen = shape.branches.flatMap(({ type, loc, arms }) => {
    const whole = firstOf(loc, loc.within);
    return arms.filter((arm, i): arm is Part => {
      if (arm === undefined || (type === "binary-expr" && i === 0)) return false;
      return [...firstOf(arm, arm.within)].some(
        ([code, offset]) => !hasBorder(whole.get(code) ?? offset, offset),
      );
    });
  });
  /** The beginnings of the module's functions that come from a function without any code of its own. */
  const beginningsOf = ({ start }: Range): number[] =>
    map.definedFunctions.flatMap(({ name, offset }) => {
      const place = map.declarationOf(name);
      if (place?.source !== source) return [];
      return isSame({ line: place.line, column: place.column - 1 }, start) ? [offset] : [];
    });
  /** Tells whether it is told how often a part was executed: what the compiler has left out of a function is not. */
  const isTold = (part: Part, at: Offsets): boolean =>
    (at.length > 0 || (part.within >= 0 && !compiled.has(part.within))) &&
    !chosen.some((arm) => isIn(part.start, arm));
  return {
    source,
    statements: shape.statements.flatMap((part) => {
      const at = of(part, part.within);
      return isTold(part, at) ? [{ loc: rangeOf(part), at }] : [];
    }),
    functions: shape.functions.map(({ name, loc }, within) => {
      const at = of(loc, within);
      return { name, loc: rangeOf(loc), at: at.length > 0 ? at : beginningsOf(loc) };
    }),
    branches: shape.branches.flatMap(({ type, loc, arms }) => {
      const at = of(loc, loc.within);
      const told = arms.map((arm) =>
        arm === undefined ? undefined : { arm, loc: rangeOf(arm), at: of(arm, arm.within) },
      );
      const isWhole = told.every((arm) => arm === undefined || isTold(arm.arm, arm.at));
      if (!isWhole || !isTold(loc, at)) return [];
      return [{ type, loc, at, arms: told.map((arm) => arm && { loc: arm.loc, at: arm.at }) }];
    }),
  };
}

/**
 * The innermost function around a place; -1 for none. At the beginning of a function stands the function as a value, which
 * belongs to the code outside of it.
 */
function innermost({ functions }: Shape, point: Point): number {
  return functions.findLastIndex(({ loc }) => isIn(point, loc) && !isSame(point, loc.start));
}

function isSame(a: Point, b: Point): boolean {
  return a.line === b.line && a.column === b.column;
}

function isIn(point: Point, { start, end }: Range): boolean {
  const isFrom = point.line > start.line || (point.line === start.line && point.column >= start.column);
  return isFrom && (point.line < end.line || (point.line === end.line && point.column < end.column));
}

function rangeOf({ start, end }: Range): Range {
  const point = ({ line, column }: Point): Point => ({ line, column });
  return { start: point(start), end: point(end) };
}
