// Two calls race; the loser answers while the flow waits for something else, as `:path` says.
import { log, registerPlugin } from "proxy-wasm-as";
import {
  Alarm,
  Exchange,
  FlowPlugin,
  Future,
  fetch,
  race,
  sleep,
  startFetch,
} from "proxy-wasm-as/assembly/flow";

class Racing extends FlowPlugin {
  handle(x: Exchange): void {
    const path = x.request.headers.get(":path");
    const futures: Future[] = [startFetch("side", { path: "/a" }), startFetch("side", { path: "/b" })];
    const first = race(futures, path == "/limit" ? 10 : 0);
    log.info("first " + first.toString());
    if (path == "/next") {
      const response = x.next();
      log.info("response " + response.headers.get(":status")!);
      return;
    }
    if (path == "/call") log.info("call " + fetch("side", { path: "/c" }).text);
    if (path == "/sleep") sleep(1000);
    if (path == "/limit") race([new Alarm(1000)], 0);
    log.info("on");
  }
}

registerPlugin<Racing>();
