/**
 * Explanations of failed calls, for debug builds. A release build has none of this.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { Phase, phase } from "./current-callback";

/** The subject of a call; `ReadMap` and `WriteMap` have the number of a header map added to them. */
export const enum Subject {
  /** Something whose caller says more. */
  Other = 0,
  Body,
  Property,
  SharedData,
  Queue,
  Metric,
  GrpcStream,
  ForeignFunction,
  Clock,
  ReadMap = 16,
  WriteMap = 32,
}

/** The name of a status. */
export function statusName(status: i32): string {
  const names: StaticArray<string> = [
    "Ok",
    "NotFound",
    "BadArgument",
    "SerializationFailure",
    "ParseFailure",
    "BadExpression",
    "InvalidMemoryAccess",
    "Empty",
    "CasMismatch",
    "ResultMismatch",
    "InternalFailure",
    "BrokenConnection",
    "Unimplemented",
  ];
  return <u32>status < <u32>names.length ? names[status] : "status " + status.toString();
}

/** Tells whether a status is more than the news that there is nothing, or that somebody else was quicker. */
export function isFailure(status: i32): bool {
  return (
    status != Status.Ok && status != Status.NotFound && status != Status.Empty && status != Status.CasMismatch
  );
}

/** The running callback, as a filter knows it. */
export function callbackName(): string {
  switch (phase) {
    case Phase.Start:
      return "module scope";
    case Phase.Plugin:
      return "a callback of the plugin";
    case Phase.Create:
      return "a constructor";
    case Phase.RequestHeaders:
      return "onRequestHeaders";
    case Phase.RequestBody:
      return "onRequestBody";
    case Phase.RequestTrailers:
      return "onRequestTrailers";
    case Phase.ResponseHeaders:
      return "onResponseHeaders";
    case Phase.ResponseBody:
      return "onResponseBody";
    case Phase.ResponseTrailers:
      return "onResponseTrailers";
    case Phase.Metadata:
    case Phase.ResponseMetadata:
      return "a metadata callback";
    case Phase.Answer:
      return "the answer to a call, or a timer";
    case Phase.Connection:
      return "a callback of the connection without data";
    case Phase.DownstreamData:
      return "onDownstreamData";
    case Phase.UpstreamData:
      return "onUpstreamData";
    default:
      return "onLog, onDone or onDelete";
  }
}

/** Why a call about `subject` failed, most likely. */
export function likelyCause(status: i32, subject: i32): string {
  if (status == Status.InternalFailure) {
    return (
      "the host failed, or its capability_restriction_config forbids the call (" + subjectName(subject) + ")"
    );
  }
  if (status == Status.Unimplemented)
    return "this host does not have the call (" + subjectName(subject) + ")";
  if (status == Status.InvalidMemoryAccess) return "there is no memory left for " + subjectName(subject);
  if (subject >= Subject.WriteMap) {
    return subjectName(subject) + " cannot be changed here: too late, or too early, or there are none";
  }
  if (subject >= Subject.ReadMap) {
    return subjectName(subject) + " cannot be read here; keep what you need of them while they are there";
  }
  return "the host does not take this of " + subjectName(subject) + " here (docs/host-calls.md)";
}

function subjectName(subject: i32): string {
  if (subject >= Subject.ReadMap) {
    const names: StaticArray<string> = [
      "request headers",
      "request trailers",
      "response headers",
      "response trailers",
      "a gRPC stream's initial metadata",
      "a gRPC stream's trailing metadata",
      "the headers of a call's answer",
      "the trailers of a call's answer",
    ];
    const map = subject & 15;
    return subject < 48 && map < names.length ? names[map] : "the headers of a stream that is gone";
  }
  switch (subject) {
    case Subject.Body:
      return "a body";
    case Subject.Property:
      return "a property";
    case Subject.SharedData:
      return "shared data";
    case Subject.Queue:
      return "a queue";
    case Subject.Metric:
      return "a metric";
    case Subject.GrpcStream:
      return "a gRPC stream";
    case Subject.ForeignFunction:
      return "a foreign function";
    case Subject.Clock:
      return "the clock";
    default:
      return "a call";
  }
}
