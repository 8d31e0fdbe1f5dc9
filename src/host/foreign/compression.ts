/** Envoy's `compress` and `uncompress`: zlib's format, and raw bytes as argument and result. */
import { deflateSync, inflateSync } from "node:zlib";
import { Status } from "../abi/status.js";
import type { ForeignFunction } from "../services/foreign.js";

export const compress: ForeignFunction = (argument) => new Uint8Array(deflateSync(argument));

export const uncompress: ForeignFunction = (argument) => {
  try {
    return new Uint8Array(inflateSync(argument));
  } catch {
    return Status.SerializationFailure;
  }
};
