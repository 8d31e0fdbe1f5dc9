/**
 * `bench --profile`: which functions and lines a request spends its operators in.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CallTree, CountingHost } from "../count/index.js";
import type { CountingOptions, FrameName } from "../count/index.js";
import { outline } from "../inspect/index.js";
import type { PlaceMap } from "../places/index.js";
import { isOfLibrary, shortName } from "../places/index.js";
import { UserError } from "./error.js";
import { shown } from "./output.js";

/** How many requests a profile is of. */
export const PROFILED = 100;

type Drive = (host: CountingHost) => () => unknown;

/** Profiles a module's requests, and writes the file that viewers open. */
export async function writeProfile(
  out: string,
  options: CountingOptions,
  drive: Drive,
  map: PlaceMap | undefined,
): Promise<void> {
  const lines = map === undefined ? undefined : await countLines(options, drive, map);
  let host = undefined as CountingHost | undefined;
  const tree = new CallTree(() => host?.operators ?? 0);
  host = await CountingHost.start({
    ...options,
    frames: tree,
    onCall: (call) => tree.hostCall(call),
  });
  const request = drive(host);
  request();
  tree.begin();
  for (let i = 0; i < PROFILED; i++) request();
  const names = new Map(outline(options.wasm).functions.map(({ index, name }) => [index, name]));
  const profile = tree.profile((index) => frameName(index, map, lines, names));
  try {
    writeFileSync(out, JSON.stringify(profile));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${shown(out)} cannot be written (${code}); name another file with --profile.`);
  }
}

/** Operators by a function's number, the source of a place in it, and the line. */
type Lines = ReadonlyMap<number, ReadonlyMap<string, ReadonlyMap<number, number>>>;

/** Counts the operators of each line. */
async function countLines(options: CountingOptions, drive: Drive, map: PlaceMap): Promise<Lines> {
  const groups = new Map<string, number>([["", 0]]);
  const keyOf = (offset: number): string => {
    const place = map.placeAt(offset);
    const code = map.functionAt(offset);
    return place === undefined || code === undefined ? "" : `${code.index} ${place.line} ${place.source}`;
  };
  for (const { offset } of map.places()) {
    const key = keyOf(offset);
    if (!groups.has(key)) groups.set(key, groups.size);
  }
  const host = await CountingHost.start({
    ...options,
    calls: false,
    groups: { count: groups.size, of: (offset) => groups.get(keyOf(offset)) ?? 0 },
  });
  const request = drive(host);
  request();
  const before = host.operatorsByFunction;
  for (let i = 0; i < PROFILED; i++) request();
  const after = host.operatorsByFunction;
  const result = new Map<number, Map<string, Map<number, number>>>();
  for (const [key, group] of groups) {
    const count = (after.get(group) ?? 0) - (before.get(group) ?? 0);
    if (key === "" || count === 0) continue;
    const [, index, line, source] = /^(\d+) (\d+) ([^]*)$/.exec(key)!;
    const sources = result.get(Number(index)) ?? new Map<string, Map<number, number>>();
    result.set(Number(index), sources);
    const ofSource = sources.get(source!) ?? new Map<number, number>();
    sources.set(source!, ofSource);
    ofSource.set(Number(line), count);
  }
  return result;
}

function frameName(
  index: number,
  map: PlaceMap | undefined,
  lines: Lines | undefined,
  names: ReadonlyMap<number, string>,
): FrameName {
  const name = map?.nameOf(index) ?? names.get(index) ?? `wasm-function[${index}]`;
  const declared = map?.declarationOf(name) ?? map?.beginningOf(index);
  if (declared === undefined) return { name: shortName(name), url: "", line: 0, lines: [] };
  const { source, line } = declared;
  const counted = lines?.get(index) ?? new Map<string, ReadonlyMap<number, number>>();
  const inlined = [...counted].flatMap(([other, spent]) =>
    other === source || isOfLibrary(other) ? [] : framesIn(other, spent, map!),
  );
  return {
    name: shortName(name),
    url: urlOf(source),
    line,
    lines: [...(counted.get(source) ?? [])].sort(byLine),
    rest: [...counted].reduce(
      (sum, [other, spent]) => (other !== source && isOfLibrary(other) ? sum + total(spent) : sum),
      0,
    ),
    inlined,
  };
}

/** The functions of a source that have spent operators in these lines. */
function framesIn(source: string, spent: ReadonlyMap<number, number>, map: PlaceMap): FrameName[] {
  const frames = new Map<string, { line: number; lines: [number, number][] }>();
  for (const [line, count] of [...spent].sort(byLine)) {
    const scope = map.scopeOf({ source, line, column: END_OF_LINE });
    const name = scope?.name ?? `module scope of ${source}`;
    const frame = frames.get(name) ?? { line: scope?.line ?? line, lines: [] };
    frame.lines.push([line, count]);
    frames.set(name, frame);
  }
  return [...frames].map(([name, frame]) => ({ name, url: urlOf(source), ...frame }));
}

/** Beyond the columns of any line. */
const END_OF_LINE = 1e9;

function byLine([a]: readonly [number, number], [b]: readonly [number, number]): number {
  return a - b;
}

function urlOf(source: string): string {
  return isOfLibrary(source) ? source : pathToFileURL(resolve(source)).href;
}

function total(spent: ReadonlyMap<number, number>): number {
  return [...spent.values()].reduce((sum, count) => sum + count, 0);
}
