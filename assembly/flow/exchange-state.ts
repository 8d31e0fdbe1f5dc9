/**
 * How far an exchange has come, and what it answers to the host's callbacks.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus } from "../abi/enums";
import { HttpContext } from "../context/http-context";
import { claim } from "../context/turns";
import { LocalResponseOptions } from "../http/local-response";
import { Tunnel, isOpened, tunnelOf } from "../http/tunnel";
import { cast } from "../memory/cast";
import { TIMERS } from "../runtime/build";
import { Phase, continueAs, turnOf } from "../runtime/current-callback";
import { log } from "../services/log";
import { Alarm } from "./alarm";
import { APPENDS, CANCELS, CHANGES_BODIES, HOLDS_HEADERS, WAITS_FOR_BODIES } from "./build";
import {
  Fiber,
  FiberState,
  Held,
  Wait,
  cancelOutside,
  current,
  noteFailed,
  refuseWait,
  runReady,
  wake,
} from "./fiber";
import { Message } from "./message";
import { FlowPluginBase } from "./plugin-base";
import { ExchangeRequest, ExchangeResponse } from "./request-and-response";
import { hasRecursion, neededBytes } from "./stack";

/** Shared, because a text costs twice its length in every module. */
const BEYOND = "flow: waiting here would exceed maxSuspended";
export const TOO_LATE = "flow: next() or respond() once more, or too late";
const EARLY = "flow: answered before the request has ended; the rest of it is held";

/** A fiber with the two messages of its stream. */
export abstract class ExchangeState extends Fiber {
  /** The request. */
  readonly request: ExchangeRequest;
  /** @internal The response, once the flow has asked for it. */
  answer: ExchangeResponse | null = null;
  /** @internal The message that waiting holds: the request until the response has come. */
  at: Message;
  /** The response has come while the flow was waiting for the request: what it has not seen of that must not go on. */
  private cutOff: bool = false;
  /** The kind of tunnel that the request asks for: a tunnel's data has no end that could be waited for. */
  private tunnel: u8 = <u8>Tunnel.None;

  /** @internal */
  constructor(stream: HttpContext, flows: FlowPluginBase, handler: (fiber: Fiber) => void) {
    super(stream, flows, handler);
    const request = new ExchangeRequest(stream, false);
    this.at = this.request = request;
    request.isAt = true;
    request.owner = this;
  }

  /** @internal Tells whether it may wait now, and for what. One too many waits for ever, and is over: its stream has been answered. */
  mayWaitFor(what: Wait): bool {
    if (current !== this) {
      refuseWait();
      return false;
    }
    if (what != Wait.Future) {
      if (this.answered) return false;
      if (CHANGES_BODIES && what != Wait.Next && !(this.holdsHeaders && what == Wait.Body)) this.at.prepare();
      this.wait = what;
    }
    const flows = this.flows;
    if (hasRecursion() && neededBytes() > <usize>flows.flow.maxSuspendedBytes) {
      this.refuse(BEYOND + "Bytes");
      return false;
    }
    if (flows.$suspended < flows.flow.maxSuspended) flows.$noteSuspended();
    else {
      this.refuse(BEYOND);
      this.state = FiberState.Ended;
    }
    return true;
  }

  private refuse(reason: string): void {
    this.flows.$noteRefused();
    log.warn(reason);
    if (!this.answered && !this.hasResponded) this.answerWith(503, "overloaded\n", null);
  }

  /** @internal Answers in the upstream's stead. */
  protected answerWith(status: u32, body: string, options: LocalResponseOptions | null): void {
    if (this.mayRespond()) this.note(this.stream.respond(status, body, options));
  }

  /** @internal Tells whether it can still be answered; when it cannot, the log says so. */
  protected mayRespond(): bool {
    const may = !this.answered && !this.hasResponded;
    if (!may) log.error(TOO_LATE);
    return may;
  }

  /** @internal Notes what came of a response: one that is refused, in a callback of another stream, leaves the flow as it is. */
  protected note(answer: i32): void {
    this.answered = answer != FilterHeadersStatus.Continue;
  }

  /** @internal */
  limit(milliseconds: u32): Held {
    return new Alarm(milliseconds);
  }

  /** @internal */
  resume(): void {
    if (this.state != FiberState.Suspended) return;
    const stream = this.stream;
    if (!continueAs(stream, Phase.Answer)) {
      this.drop();
      return;
    }
    // Another flow of the same stream runs in this turn.
    if (TIMERS && turnOf == 0 && !claim(stream)) {
      stream.afterWith<Message>(1, this.at, (at) => {
        const fiber = at.fiber;
        if (fiber.wait == Wait.Future) wake(fiber);
      });
      return;
    }
    this.flows.$noteResumed();
    this.step();
    this.onPaused();
  }

  /** @internal Tells whether the response's headers have gone on. */
  protected get hasResponded(): bool {
    const response = this.answer;
    return response !== null && response.passed;
  }

  private get holdsHeaders(): bool {
    return HOLDS_HEADERS && this.flows.flow.holdHeaders;
  }

  private goOn(): void {
    if (this.state == FiberState.Suspended) this.flows.$noteResumed();
    this.step();
    runReady();
  }

  /** It has run in a callback of something else: lets go on what it no longer holds. */
  private onPaused(): void {
    if (this.answered) return;
    const at = this.at;
    if (this.state == FiberState.Ended) {
      this.release(this.request);
      const response = this.answer;
      if (response !== null) this.release(response);
    } else if (this.wait == Wait.Next || this.wait == Wait.Chunk || (this.wait == Wait.Body && at.stopped)) {
      if (APPENDS && this.wait == Wait.Chunk && !at.stopped && at.hold()) return;
      this.release(at);
    }
  }

  /** @internal Lets a message go on that was held. */
  release(message: Message): void {
    if (!message.passed || message.size > 0 || message.stopped) message.forget();
    message.pass();
    if (message.isResponse) this.stream.resumeResponse();
    else this.stream.resumeRequest();
  }

  /** @internal */
  drop(): void {
    if (!this.end()) return;
    this.leaveAll();
    this.flows.$noteDropped();
    if (CANCELS) cancelOutside(this);
  }

  /** @internal A bug has ended it, or one of its stream's other callbacks. */
  abandon(): void {
    if (this.end()) this.flows.$noteDropped();
    if (CANCELS) noteFailed(this);
  }

  /** Tells whether the flow has anything to do with the message now. */
  private isWaitingFor(what: Wait, message: Message): bool {
    return this.state == FiberState.Suspended && this.wait == what && this.at === message;
  }

  /** @internal */
  onRequestHeaders(ended: bool): FilterHeadersStatus {
    const request = this.request;
    if (WAITS_FOR_BODIES && !ended) {
      const tunnel = tunnelOf(request.headers);
      this.tunnel = <u8>tunnel;
      if (tunnel != Tunnel.None) ended = true;
    }
    request.begin(ended);
    this.goOn();
    return this.headersStatus(this.request);
  }

  /** @internal */
  onResponseHeaders(ended: bool): FilterHeadersStatus {
    const response = this.answer;
    if (this.answered || this.state == FiberState.Ended) return FilterHeadersStatus.Continue;
    if (response === null || !this.isWaitingFor(Wait.Next, this.request)) {
      // The request was answered before the flow has passed it on: there is nothing left to do.
      if (WAITS_FOR_BODIES && this.request.passed && !this.request.ended) {
        log.warn(EARLY);
        this.cutOff = true;
      }
      this.drop();
      return FilterHeadersStatus.Continue;
    }
    this.request.isAt = false;
    response.isAt = true;
    this.at = response;
    response.begin(ended || (WAITS_FOR_BODIES && isOpened(this.tunnel, response.headers)));
    this.goOn();
    return this.headersStatus(response);
  }

  private headersStatus(message: Message): FilterHeadersStatus {
    if (this.state == FiberState.Suspended && this.at === message) {
      const hold = this.holdsHeaders && !message.ended;
      if (this.wait == Wait.Body && hold) return FilterHeadersStatus.StopIteration;
      if (this.wait == Wait.Future) {
        if (hold) return FilterHeadersStatus.StopIteration;
        message.stopped = true;
        return FilterHeadersStatus.StopAllIterationAndWatermark;
      }
    }
    message.pass();
    return FilterHeadersStatus.Continue;
  }

  /** @internal */
  onBody(message: Message | null, size: u32, ended: bool): FilterDataStatus {
    if (WAITS_FOR_BODIES && this.cutOff && message === this.request)
      return FilterDataStatus.StopIterationAndWatermark;
    if (message === null || this.answered || this.state == FiberState.Ended || this.at !== message)
      return FilterDataStatus.Continue;
    message.size = size;
    message.stopped = false;
    if (ended) message.ended = true;
    if (this.wait == Wait.Body) {
      if (size > this.limitOf(message)) return this.refuseBody(message);
      if (!ended) return FilterDataStatus.StopIterationAndBuffer;
      this.goOn();
    } else if (this.wait == Wait.Chunk) this.goOn();
    return this.dataStatus(message);
  }

  private dataStatus(message: Message): FilterDataStatus {
    if (this.state == FiberState.Suspended && this.at === message) {
      if (this.wait == Wait.Future || this.wait == Wait.Body) return FilterDataStatus.StopIterationAndBuffer;
      if (APPENDS && this.wait == Wait.Chunk && message.hold())
        return FilterDataStatus.StopIterationAndBuffer;
    }
    message.pass();
    message.forget();
    return FilterDataStatus.Continue;
  }

  /** @internal */
  onTrailers(message: Message | null): FilterTrailersStatus {
    if (WAITS_FOR_BODIES && this.cutOff && message === this.request)
      return FilterTrailersStatus.StopIteration;
    if (message === null || this.answered || this.state == FiberState.Ended || this.at !== message)
      return FilterTrailersStatus.Continue;
    message.ended = true;
    message.stopped = false;
    const size = message.size + message.held;
    if (this.wait == Wait.Body || this.wait == Wait.Chunk) this.goOn();
    if (this.dataStatus(message) != FilterDataStatus.Continue) return FilterTrailersStatus.StopIteration;
    if (size == 0 || !message.wasStopped) return FilterTrailersStatus.Continue;
    // Envoy 1.40 is still within `continue_stream` and would lose the body that it has buffered.
    this.stream.afterWith<Message>(1, message, (message) =>
      cast<Fiber, ExchangeState>(message.fiber).release(message),
    );
    return FilterTrailersStatus.StopIteration;
  }

  private limitOf(message: Message): u32 {
    const flow = this.flows.flow;
    return message.isResponse ? flow.responseBodyLimit : flow.requestBodyLimit;
  }

  /** A body beyond the limit ends the flow. */
  private refuseBody(message: Message): FilterDataStatus {
    this.drop();
    this.answered = true;
    if (message.isResponse)
      this.stream.respond(500, "Internal Server Error\n", { details: "response_body_beyond_flow_limit" });
    else this.stream.respond(413, "Payload Too Large\n", { details: "request_body_beyond_flow_limit" });
    return FilterDataStatus.StopIterationAndBuffer;
  }
}
