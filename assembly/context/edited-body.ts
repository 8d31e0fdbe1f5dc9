/**
 * Filters that have bodies changed as they pass.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, Status } from "../abi/enums";
import { Body } from "../http/body";
import { BodyEditor, MOST_HELD } from "../http/body-editor";
import { ENDED_NOW } from "../http/stream-state";
import { Tunnel, isOpened, tunnelOf } from "../http/tunnel";
import { newBytes } from "../memory/byte-array";
import { ByteSink } from "../memory/byte-sink";
import { progress, returnTo, turn } from "../runtime/current-callback";
import { ContextKind } from "../runtime/target";
import { log } from "../services/log";
import { HttpContext } from "./http-context";

/** A body that is being edited. */
@final
class Editing {
  /** The bytes that the editor has answered and that have not gone on yet. */
  private ready: ByteSink = new ByteSink();
  /** The filter itself holds the message. */
  isStopped: bool = false;

  constructor(private readonly editor: BodyEditor) {}

  /** Edits what has come. While something is kept back the host holds an empty body, to which more can be added. */
  change(body: Body, last: bool): FilterDataStatus {
    const ready = this.ready;
    const chunk = this.editor.push(body.bytes(), last);
    if (!last && !this.isStopped && this.editor.held > 0 && <u32>(ready.size + chunk.length) <= MOST_HELD) {
      ready.add(chunk);
      body.setBytes(newBytes(0));
      return FilterDataStatus.StopIterationAndBuffer;
    }
    body.setBytes(this.after(chunk));
    return FilterDataStatus.Continue;
  }

  /** Trailers end the body: adds what is left to what is held of it. False when there is nothing to add it to. */
  end(body: Body): bool {
    const rest = this.after(this.editor.push(newBytes(0), true));
    return rest.length == 0 || body.setBytes(rest) == Status.Ok;
  }

  /** The bytes of `ready`, with `chunk` behind them. */
  private after(chunk: Uint8Array): Uint8Array {
    const ready = this.ready;
    if (ready.size == 0) return chunk;
    ready.add(chunk);
    return ready.take();
  }
}

/**
 * An HTTP stream whose bodies pass through editors: override `createRequestEditor` or `createResponseEditor`. Bodies of any
 * size pass, and none is kept; while an editor keeps bytes back, what it has answered is held with them, 64 KiB at most.
 * `content-length` is removed first where a body is edited (HTTP/1 then sends it in chunks). A WebSocket, another upgrade and
 * CONNECT pass unseen, and so does a message without a body.
 *
 * The other callbacks may be overridden as in every filter; a body callback sees each chunk before it is edited.
 *
 * @example
 * class Censor extends EditedBodyContext {
 *   createResponseEditor(): BodyEditor | null {
 *     if (!this.response.headers.startsWith("content-type", "text/")) return null;
 *     return new StreamEditor().replace("secret", "***");
 *   }
 * }
 */
export class EditedBodyContext extends HttpContext {
  private $editedRequest: Editing | null = null;
  private $editedResponse: Editing | null = null;
  private $tunnel: u8 = <u8>Tunnel.None;
  /** The callback in which something was last edited, and what came of it. */
  private $workedIn: u32 = 0;
  private $found: FilterDataStatus = FilterDataStatus.Continue;

  /**
   * Called when the headers of a request with a body have come, which can be read and changed; answers what the body shall pass
   * through, null for nothing.
   */
  createRequestEditor(): BodyEditor | null {
    return null;
  }

  /** Called when the headers of a response with a body have come; see `createRequestEditor`. */
  createResponseEditor(): BodyEditor | null {
    return null;
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!endOfStream) this.$beginRequest();
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.$editRequest(endOfStream);
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.$endRequest();
    return FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (!endOfStream) this.$beginResponse();
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    return this.$editResponse(endOfStream);
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.$endResponse();
    return FilterTrailersStatus.Continue;
  }

  /** @internal It can be no part of another context: it works in the host's callbacks, not in those that a filter calls. */
  $mayBePartOf(kind: u32): bool {
    if (kind == ContextKind.Http)
      abort("an EditedBodyContext cannot be a part of another context; answer it in createHttpContext");
    return false;
  }

  /** @internal */
  $onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const answer = this.onRequestHeaders(headerCount, endOfStream);
    if (!endOfStream && this.$isDue) this.$beginRequest();
    return answer;
  }

  /** @internal */
  $onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const answer = this.onRequestBody(bodySize, endOfStream);
    if (this.$isDue) this.$editRequest(endOfStream);
    return this.$answer(answer, this.$editedRequest);
  }

  /** @internal */
  $onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    const answer = this.onRequestTrailers(trailerCount);
    if (this.$isDue) this.$endRequest();
    return answer;
  }

  /** @internal */
  $onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const answer = this.onResponseHeaders(headerCount, endOfStream);
    if (!endOfStream && this.$isDue) this.$beginResponse();
    return answer;
  }

  /** @internal */
  $onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const answer = this.onResponseBody(bodySize, endOfStream);
    if (this.$isDue) this.$editResponse(endOfStream);
    return this.$answer(answer, this.$editedResponse);
  }

  /** @internal */
  $onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    const answer = this.onResponseTrailers(trailerCount);
    if (this.$isDue) this.$endResponse();
    return answer;
  }

  /** Tells whether the running callback still has to do its work: a filter has overridden it, and has not ended the stream. */
  private get $isDue(): bool {
    returnTo(this);
    return this.$workedIn != turn && (progress & ENDED_NOW) == 0;
  }

  /**
   * The answer of a body callback. Edited data is kept out of the buffer: the editor would get it once more, as a part of the
   * buffered data.
   */
  private $answer(answer: i32, editing: Editing | null): FilterDataStatus {
    if (editing === null) return answer;
    const found = this.$found;
    if (answer == FilterDataStatus.Continue || answer == found) return found;
    editing.isStopped = true;
    return found != FilterDataStatus.Continue ? found : FilterDataStatus.StopIterationAndWatermark;
  }

  private $beginRequest(): void {
    this.$workedIn = turn;
    const headers = this.request.headers;
    this.$tunnel = <u8>tunnelOf(headers);
    if (this.$tunnel != <u8>Tunnel.None) return;
    const editor = this.createRequestEditor();
    if (editor === null) return;
    headers.removeLength();
    this.$editedRequest = new Editing(editor);
  }

  private $beginResponse(): void {
    this.$workedIn = turn;
    this.$editedResponse = null;
    const headers = this.response.headers;
    if (isOpened(this.$tunnel, headers)) return;
    const editor = this.createResponseEditor();
    if (editor === null) return;
    headers.removeLength();
    this.$editedResponse = new Editing(editor);
  }

  private $editRequest(last: bool): FilterDataStatus {
    this.$workedIn = turn;
    const editing = this.$editedRequest;
    this.$found = editing === null ? FilterDataStatus.Continue : editing.change(this.request.body, last);
    return this.$found;
  }

  private $editResponse(last: bool): FilterDataStatus {
    this.$workedIn = turn;
    const editing = this.$editedResponse;
    this.$found = editing === null ? FilterDataStatus.Continue : editing.change(this.response.body, last);
    return this.$found;
  }

  private $endRequest(): void {
    this.$workedIn = turn;
    const editing = this.$editedRequest;
    if (editing !== null && !editing.end(this.request.body)) this.$fail();
  }

  private $endResponse(): void {
    this.$workedIn = turn;
    const editing = this.$editedResponse;
    if (editing !== null && !editing.end(this.response.body)) this.$fail();
  }

  /**
   * Resets the stream: the editor's last bytes cannot be added any more, and the receiver must not take the rest for the whole.
   */
  private $fail(): void {
    log.error("trailers have ended a body of which an editor keeps bytes back; resetting the stream");
    this.reset();
  }
}
