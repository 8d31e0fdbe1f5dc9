/**
 * Protobuf messages, read and written field by field. Nothing in here traps, whatever the input, and everything takes time
 * linear in it.
 *
 * @module
 */
export { ProtobufReader, WireType } from "../codec/protobuf-reader";
export { ProtobufWriter } from "../codec/protobuf-writer";
