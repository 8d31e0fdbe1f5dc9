import { Body } from "../abi/body.js";
import type { HeaderMap } from "../abi/header-map.js";
import { DataStatus, HeadersStatus, TrailersStatus } from "./filter.js";
import type { LocalReply } from "./local-reply.js";
import type { HttpStream } from "./stream.js";

type Iteration = "continue" | "stop single" | "stop all, buffer" | "stop all, watermark";

/**
 * A filter's place in one direction of a stream: whether it holds what comes, and how it lets go again.
 * The same rules hold in both directions; what differs is in `Direction`.
 */
export class Place<F> {
  iteration: Iteration = "continue";
  /** While a stop of everything is being lifted: the filter itself has not seen the data yet. */
  startHere = false;
  headersContinued = false;
  /** Tells whether the filter was told the end. */
  endStream = false;

  constructor(
    readonly filter: F,
    readonly index: number,
    private readonly direction: Direction<F>,
  ) {}

  get stoppedAll(): boolean {
    return this.iteration === "stop all, buffer" || this.iteration === "stop all, watermark";
  }

  /** Lets go of what is held, as `continueDecoding` and `continueEncoding` do. */
  resume(): void {
    const { direction } = this;
    if (!direction.canContinue) return;
    if (this.stoppedAll) this.startHere = true;
    this.iteration = "continue";
    if (!this.headersContinued) {
      this.headersContinued = true;
      direction.doHeaders(
        this,
        direction.isComplete && direction.buffered === undefined && direction.trailers === undefined,
      );
    }
    const hadTrailers = direction.trailers !== undefined;
    if (direction.buffered !== undefined) direction.doData(this, direction.isComplete && !hadTrailers);
    if (hadTrailers) direction.doTrailers(this);
    this.startHere = false;
  }

  /** Tells whether headers go on to the next filter. */
  afterHeaders(status: HeadersStatus): boolean {
    if (status === HeadersStatus.StopIteration) this.iteration = "stop single";
    else if (status === HeadersStatus.StopAllAndBuffer) this.iteration = "stop all, buffer";
    else if (status === HeadersStatus.StopAllAndWatermark) this.iteration = "stop all, watermark";
    else this.headersContinued = true;
    return status === HeadersStatus.Continue;
  }

  /** Tells whether data goes on to the next filter. */
  afterData(status: DataStatus, data: Body): boolean {
    const { direction } = this;
    const added = direction.takeAdded();
    if (status === DataStatus.Continue) {
      if (this.iteration !== "stop single") {
        if (added !== undefined) data.moveFrom(added);
        return true;
      }
      this.hold(data);
      this.resume();
      return false;
    }
    this.iteration = "stop single";
    if (status === DataStatus.StopAndBuffer || status === DataStatus.StopAndWatermark) {
      direction.streaming = status === DataStatus.StopAndWatermark;
      this.hold(data);
    } else if (
      direction.isComplete &&
      direction.trailers === undefined &&
      direction.buffered === undefined &&
      !direction.isDestroyed
    )
      direction.buffered = direction.newBuffer();
    return false;
  }

  /** Tells whether trailers go on to the next filter. */
  afterTrailers(status: TrailersStatus): boolean {
    if (status === TrailersStatus.Continue) {
      if (this.iteration !== "stop single") return true;
      this.resume();
      return false;
    }
    if (this.iteration === "continue") this.iteration = "stop single";
    return false;
  }

  /** Holds data back for a filter that has stopped everything. */
  holdIfStoppedAll(data: Body): boolean {
    if (!this.stoppedAll) return false;
    this.direction.streaming = this.iteration === "stop all, watermark";
    this.hold(data);
    return true;
  }

  hold(data: Body): void {
    const { direction } = this;
    if (direction.buffered === data) return;
    direction.buffered ??= direction.newBuffer();
    direction.buffered.moveFrom(data);
  }
}

/** One direction of a stream, the request or the response, on its way through the filters. */
export abstract class Direction<F, By extends string = string> {
  /** The part of the body that is held back. */
  buffered: Body | undefined;
  /** Tells whether a buffer that gets full stops the sender; otherwise it ends the stream. */
  streaming = true;
  /** The filters in the order in which the message passes them. */
  places: readonly Place<F>[] = [];
  /** A filter's callback has answered the request or ended the stream: the message goes no further. */
  isAborted = false;
  /** Which callbacks of filters run, as bits. */
  protected running = 0;
  /** `hold` was called for the data that a callback has now, and nothing else is held. */
  private isAlone = false;

  constructor(
    protected readonly stream: HttpStream,
    private readonly bufferLimit: number,
    /** Those for whose sake nothing is read from the sender. */
    readonly pauses: PauseHolders<"filters" | By>,
  ) {}

  abstract readonly trailers: HeaderMap | undefined;
  abstract readonly isComplete: boolean;
  abstract readonly canContinue: boolean;
  /** Envoy's answer when a buffer is full that cannot stop the sender. */
  protected abstract tooLarge(): LocalReply;
  abstract doHeaders(place: Place<F>, endStream: boolean): void;
  abstract doData(place: Place<F>, endStream: boolean): void;
  abstract doTrailers(place: Place<F>): void;

  get isDestroyed(): boolean {
    return this.stream.isDestroyed;
  }

  /** Tells whether a callback of a filter runs. */
  get isRunning(): boolean {
    return this.running !== 0;
  }

  newBuffer(): Body {
    return new Body(
      this.bufferLimit,
      () => this.onTooLarge(),
      () => this.pauses.set("filters", false),
    );
  }

  private onTooLarge(): void {
    if (this.streaming) this.pauses.set("filters", true);
    else this.stream.sendLocalReply(this.tooLarge());
  }

  /**
   * The data that `hold` has added in the callback that is over, if nothing else is held. It goes on as it came when the filter has
   * let go of everything since its last callback.
   */
  takeAdded(): Body | undefined {
    const added = this.isAlone ? this.buffered : undefined;
    this.isAlone = false;
    return added;
  }

  /** Lets go of what this filter holds. */
  resume(filter: F): void {
    this.places.find((place) => place.filter === filter)?.resume();
  }

  /** Adds data to what a filter holds, while its data callback runs. */
  hold(filter: F, data: Body): void {
    this.streaming = false;
    this.isAlone = (this.buffered?.length ?? 0) === 0;
    this.places.find((place) => place.filter === filter)!.hold(data);
  }
}

/** Which callbacks of filters run in a direction, as bits. */
export const Running = { Headers: 1, Data: 2, Trailers: 4 } as const;

/** The index at which data and trailers begin: that of the filter whose stop is being lifted, or of the next one. */
export function firstIndex<F>(from: Place<F> | undefined): number {
  if (from === undefined) return 0;
  return from.startHere ? from.index : from.index + 1;
}

/** Those for whose sake a sender pauses. It goes on when the last of them lets go. */
export class PauseHolders<By extends string> {
  private readonly holders = new Set<By>();

  constructor(private readonly pause: (paused: boolean) => void) {}

  set(by: By, paused: boolean): void {
    const { size } = this.holders;
    if (paused) this.holders.add(by);
    else this.holders.delete(by);
    if (size > 0 !== this.holders.size > 0) this.pause(paused);
  }
}
