/**
 * Bodies of several parts, `multipart/form-data` and its kin. Nothing in here traps, whatever the input, and everything takes
 * time linear in it.
 *
 * @module
 */
export { Multipart, MultipartPart } from "./multipart/multipart";
export { MultipartWriter } from "./multipart/writer";
