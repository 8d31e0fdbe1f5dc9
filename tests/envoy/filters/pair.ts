// The same filter twice in a chain: two contexts of one stream, told something in one timer. The path says what, by a letter
// for each of them: `/HH/AA/`, what it holds (q: the request, s: the response, -: nothing), and what it is told (p: respond,
// x: reset, q, s: resume); the last letter is r when the second one is told first, t when each has a timer of its own.
import { FilterHeadersStatus, HttpContext, lastStatus, log, registerHttpFilter } from "proxy-wasm-as";

/** The contexts of the request that runs. */
const pair: Pair[] = [];

class Pair extends HttpContext {
  private path: string = "";
  private place: i32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.path = this.request.headers.get(":path") || "";
    this.place = pair.length;
    pair.push(this);
    if (this.path.endsWith("t")) {
      this.after(50, () => this.act());
      if (this.place == 1) pair.length = 0;
    } else if (this.place == 0)
      this.plugin.after(50, () => {
        const isReverse = pair[0].path.endsWith("r");
        for (let i = 0, last = pair.length - 1; i <= last; i++) pair[isReverse ? last - i : i].act();
        pair.length = 0;
      });
    return this.holds("q");
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.holds("s");
  }

  private holds(message: string): FilterHeadersStatus {
    return this.path.charAt(1 + this.place) == message
      ? FilterHeadersStatus.StopAllIterationAndWatermark
      : FilterHeadersStatus.Continue;
  }

  private act(): void {
    const what = this.path.charAt(4 + this.place);
    if (what == "p") this.respond(418, "from a timer");
    if (what == "x") this.reset();
    if (what == "q") this.resumeRequest();
    if (what == "s") this.resumeResponse();
    log.info(`${what} ${lastStatus()}`);
  }
}

registerHttpFilter<Pair>();
