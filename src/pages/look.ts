/**
 * The facts that a page shows about a module without traffic.
 *
 * @module
 */
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { hosts } from "../hosts/index.js";
import { heldModule, holdAgainst, inspect } from "../inspect/index.js";
import type { FunctionSize, Inspection } from "../inspect/index.js";
import type { HostVerdict, ModuleReport, Tile } from "./model.js";

/** Functions that are drawn one by one; the rest is one tile. */
const DRAWN = 60;

/**
 * Looks into a module. Throws `NotWasm` for bytes that are none. `nameOf` names functions that have no name in the module.
 */
export async function lookInto(
  wasm: Uint8Array,
  nameOf: (index: number) => string | undefined = () => undefined,
): Promise<ModuleReport> {
  const inspection = await inspect(wasm);
  const { bytes, abiVersion, loads, findings, callbacks, producers, sections } = inspection;
  const exported = inspection.exports.map(({ name }) => name);
  return {
    ...{ bytes, abiVersion, loads, findings, callbacks, producers },
    imports: inspection.imports.map(({ name }) => name),
    otherExports: exported.filter((name) => !callbacks.includes(name)),
    sections: sections.map(({ name, bytes: size }) => ({ name, bytes: size })),
    memory: memoryText(inspection),
    tiles: tilesOf(inspection.functions.map((one) => ({ ...one, name: nameOf(one.index) ?? one.name }))),
    hosts: await verdicts(wasm),
  };
}

function memoryText({ memory }: Inspection): string {
  if (memory === null) return "none";
  const limit = memory.maximumPages === null ? "" : `, at most ${memory.maximumPages * 64} KiB`;
  return `${memory.initialPages * 64} KiB at the beginning${limit}`;
}

async function verdicts(wasm: Uint8Array): Promise<HostVerdict[]> {
  const module = await heldModule(wasm);
  return hosts.map((host) => {
    const findings = holdAgainst(module, host).map(({ level, message }) => ({ level, message }));
    return { title: host.title, loads: findings.every(({ level }) => level !== "error"), findings };
  });
}

/** Rectangles whose areas are the functions' sizes. */
function tilesOf(functions: readonly FunctionSize[]): Tile[] {
  const rest = functions.slice(DRAWN);
  const leaves = functions.slice(0, DRAWN).map(({ name, bytes }) => ({ name, bytes }));
  if (rest.length > 0)
    leaves.push({
      name: `${rest.length} more functions`,
      bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  interface Node {
    readonly name: string;
    readonly bytes: number;
    readonly children?: readonly Node[];
  }
  const root = hierarchy<Node>({ name: "", bytes: 0, children: leaves }, ({ children }) => children)
    .sum(({ bytes }) => bytes)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const placed = treemap<Node>().tile(treemapSquarify).size([200, 100])(root);
  return placed.leaves().map(({ data: { name, bytes }, x0, x1, y0, y1 }) => ({
    ...{ name, bytes, left: x0 / 2, top: y0, width: (x1 - x0) / 2, height: y1 - y0 },
    owner: ownerOf(name),
  }));
}

function ownerOf(name: string): Tile["owner"] {
  if (/(^|~lib\/)proxy-wasm-as\//.test(name)) return "sdk";
  if (name.startsWith("~lib/")) return "library";
  return /^[^~]*\bassembly\//.test(name) ? "filter" : "other";
}
