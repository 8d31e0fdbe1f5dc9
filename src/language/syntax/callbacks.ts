/**
 * The methods of contexts as they are declared, for classes that leave out parameters or results, as TypeScript lets them.
 *
 * @module
 */

const body = "(bodySize: u32, endOfStream: bool): FilterDataStatus";
const headers = "(headerCount: u32, endOfStream: bool): FilterHeadersStatus";
const data = "(dataSize: u32, endOfStream: bool): FilterStatus";
const chunk = "(chunk: Uint8Array, last: bool): Uint8Array";

/** The parameters and result of each method, by its name. */
export const declarations: ReadonlyMap<string, string> = new Map([
  ["onVmStart", "(vmConfiguration: string): bool"],
  ["onConfigure", "(configuration: string): bool"],
  ["onDone", "(): bool"],
  ["onLog", "(): void"],
  ["onError", "(error: Error): FailurePolicy"],
  ["onDelete", "(): void"],
  ["onNewConnection", "(): FilterStatus"],
  ["onDownstreamData", data],
  ["onUpstreamData", data],
  ["onDownstreamClose", "(closeType: CloseType): void"],
  ["onUpstreamClose", "(closeType: CloseType): void"],
  ["onRequestHeaders", headers],
  ["onRequestBody", body],
  ["onRequestTrailers", "(trailerCount: u32): FilterTrailersStatus"],
  ["onRequestMetadata", "(elementCount: u32): FilterMetadataStatus"],
  ["onRequestChunk", chunk],
  ["onWholeRequestBody", "(size: u32): FilterDataStatus"],
  ["onResponseHeaders", headers],
  ["onResponseBody", body],
  ["onResponseTrailers", "(trailerCount: u32): FilterTrailersStatus"],
  ["onResponseMetadata", "(elementCount: u32): FilterMetadataStatus"],
  ["onResponseChunk", chunk],
  ["onWholeResponseBody", "(size: u32): FilterDataStatus"],
  ["onQueueReady", "(queue: SharedQueue): void"],
  ["onForeignFunction", "(functionId: u32, data: Uint8Array): void"],
  ["onStatsUpdate", "(stats: StatsReader): void"],
]);
