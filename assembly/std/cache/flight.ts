import { KeyedMap } from "./keyed-map";

/** The role of a caller that joins a flight. */
export enum FlightRole {
  /** It is the first: it fetches, and calls `land`. */
  First = 0,
  /** Another fetches already; it is among those that `land` answers. */
  Waiting = 1,
  /** Too many wait already. */
  Full = 2,
}

/** One thing that is being fetched. */
@final
class Trip<W> {
  waiters: W[] = new Array<W>();
}

/**
 * Fetches a key once while others wait for it, in one thread, for filters that are classes. Each stream that wants a key joins;
 * the first of them fetches, and `land` answers those that wait. Flows use `FlowFlight` of `std/flow-cache`. Fetch in the
 * plugin's name (`this.plugin.fetch`), so that the answer comes also when the first one's client is gone.
 *
 * @example
 * const flights = new Flight<HttpContext>(100); // in a field of the plugin
 * const path = this.request.headers.get(":path")!;
 * const role = flights.join(path, this);
 * if (role == FlightRole.Full) return this.respond(503);
 * if (role == FlightRole.First)
 *   this.plugin.fetch("users", { path }, (result) => {
 *     const waiting = flights.land(path);
 *     for (let i = 0; i < waiting.length; i++) waiting[i].resumeRequest();
 *   });
 * return FilterHeadersStatus.StopAllIterationAndWatermark;
 */
@final
export class Flight<W> {
  private trips: KeyedMap<Trip<W>> = new KeyedMap<Trip<W>>();
  private count: i32 = 0;

  constructor(
    /** How many may wait at the same time, the first of each key among them. */
    readonly most: i32 = 1000,
  ) {}

  /** Joins those that want `key`; `waiter` is usually the stream. */
  join(key: string, waiter: W): FlightRole {
    if (this.count >= this.most) return FlightRole.Full;
    let trip = this.trips.get(key);
    const isFirst = trip === null;
    if (trip === null) {
      trip = new Trip<W>();
      if (!this.trips.add(key, trip)) return FlightRole.Full;
    }
    this.count++;
    trip.waiters.push(waiter);
    return isFirst ? FlightRole.First : FlightRole.Waiting;
  }

  /** Tells whether something is being fetched for `key`. */
  isUnderWay(key: string): bool {
    return this.trips.get(key) !== null;
  }

  /** All that have joined for `key`, the first one among them; the next that joins is the first again. */
  land(key: string): W[] {
    const trip = this.trips.get(key);
    if (trip === null) return new Array<W>();
    this.trips.delete(key);
    this.count -= trip.waiters.length;
    return trip.waiters;
  }
}
