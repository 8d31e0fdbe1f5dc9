import { Exchange } from "../../flow/exchange";
import { Signal } from "../../flow/signal";
import { KeyedMap } from "./keyed-map";

/** One thing that is being fetched. */
@final
class FlowTrip {
  readonly landed: Signal = new Signal();
  isOver: bool = false;

  constructor(
    readonly flight: FlowFlight,
    readonly key: string,
  ) {}
}

/**
 * Fetching once while others wait, in one thread, for flows. Keep it in a field of the plugin.
 *
 * @example
 * class Users extends FlowPlugin {
 *   users: LruCache<string> = new LruCache<string>(1000);
 *   flights: FlowFlight = new FlowFlight();
 *
 *   handle(x: Exchange): void {
 *     const token = x.request.headers.get("authorization");
 *     if (token === null) return x.respond(401);
 *     // Whoever does not fetch looks once more, and fetches if the first one had no luck.
 *     let user = this.users.get(token);
 *     while (user === null && !this.flights.begin(x, token, 1000)) user = this.users.get(token);
 *     if (user === null) {
 *       const answer = fetch("users", { path: "/user" });
 *       if (answer.ok) this.users.set(token, (user = answer.text), 60000);
 *       this.flights.end(token);
 *     }
 *     if (user === null) return x.respond(503);
 *   }
 * }
 * registerPlugin<Users>();
 */
@final
export class FlowFlight {
  private trips: KeyedMap<FlowTrip> = new KeyedMap<FlowTrip>();

  /**
   * True when nobody fetches `key`: fetch it, and call `end`. Otherwise waits until the one that fetches has ended, or
   * `milliseconds` have passed, and answers false the first time, true when it took too long: then fetch, and call `end`.
   * When the client of the one that fetches is gone, another begins.
   */
  begin(x: Exchange, key: string, milliseconds: u32): bool {
    const other = this.trips.get(key);
    if (other !== null) {
      if (other.landed.wait(milliseconds)) return false;
      // It takes too long: go on without it.
      if (!other.isOver) this.finish(other);
      if (this.trips.get(key) !== null) return false;
    }
    const trip = new FlowTrip(this, key);
    if (!this.trips.add(key, trip)) return true; // it fetches for itself
    x.onCancel<FlowTrip>(trip, (trip) => trip.flight.finish(trip));
    return true;
  }

  /** The fetch for `key` has ended, well or not: the waiting flows go on. */
  end(key: string): void {
    const trip = this.trips.get(key);
    if (trip !== null) this.finish(trip);
  }

  /** @internal */
  finish(trip: FlowTrip): void {
    if (trip.isOver) return;
    trip.isOver = true;
    if (this.trips.get(trip.key) === trip) this.trips.delete(trip.key);
    trip.landed.fire();
  }
}
