/** Functions, files and lines of a module that is shipped without them. */
export { debugModuleFile, mapBeside, mapFile, mapOf, noteFile } from "./beside.js";
export { Backtraces } from "./backtraces.js";
export { forDebuggers, namesMap } from "./debugger.js";
export { functionsOf, withBacktraces } from "./functions.js";
export type { ModuleFunction } from "./functions.js";
export { NoMap, PlaceMap, isOfLibrary, makeMap } from "./place-map.js";
export type { Place, PlacedFrame, SourceMapFile } from "./place-map.js";
export { sourceDigests } from "./sources.js";
export { frameText, functionText, placeText, shortName, ownStackLines, stackLines } from "./text.js";
