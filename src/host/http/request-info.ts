import type { RequestInfo } from "../services/properties.js";
import { nanosecondsOf } from "../vm/loop.js";
import type { Loop } from "../vm/loop.js";
import type { StreamOptions } from "./stream-options.js";

/** When the latest stream of a thread began, in nanoseconds: a clock that stands still does not let two begin at once. */
const latestStart = new WeakMap<Loop, bigint>();

/** The facts about a stream at its beginning. */
export function newRequestInfo({ environment, connection, protocol }: StreamOptions): RequestInfo {
  const startTime = environment.loop.now();
  let startNanoseconds = nanosecondsOf(startTime);
  const latest = latestStart.get(environment.loop) ?? 0n;
  if (startNanoseconds <= latest) startNanoseconds = latest + 1n;
  latestStart.set(environment.loop, startNanoseconds);
  return {
    connection,
    protocol,
    startTime,
    startNanoseconds,
    endTime: undefined,
    requestSize: 0,
    requestTotalSize: 0,
    responseCode: undefined,
    responseCodeDetails: undefined,
    responseFlags: 0,
    responseSize: 0,
    responseTotalSize: 0,
    upstreamAddress: undefined,
    upstreamTried: false,
    upstreamFailure: "",
    upstreamLatency: undefined,
    upstreamComplete: false,
    attempts: 0,
    routeName: undefined,
    clusterName: "",
  };
}
