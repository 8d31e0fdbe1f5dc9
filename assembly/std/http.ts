/**
 * Headers that have a syntax of their own. Nothing in here traps, whatever the input, and everything takes time linear in
 * it.
 *
 * @module
 */
export { acceptedValues, negotiateEncoding, negotiateMediaType } from "./http/accept";
export { CacheControl } from "./http/cache-control";
export { NO_DATE, formatHttpDate, parseHttpDate } from "./http/date";
export { header, pseudoHeader } from "./http/header";
export { MediaType } from "./http/media-type";
export { statusText } from "./http/status-text";
