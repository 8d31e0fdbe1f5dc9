// A flow that has the bug that `x-bug: kind@stage` names.
import { log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, Next, fetch, sleep, use } from "proxy-wasm-as/assembly/flow";
import { bug } from "./bug-kinds";

let nothing: i32 = 0;

function outer(x: Exchange, next: Next): void {
  const what = x.request.headers.get("x-bug");
  const bugged = what === null ? "" : what;
  at(bugged, "outer-before");
  next.run();
  at(bugged, "outer-after");
}

function at(what: string, stage: string): void {
  if (what.endsWith("@" + stage)) bug(what.slice(0, what.indexOf("@")), nothing);
}

function work(x: Exchange, next: Next): void {
  const what = x.request.headers.get("x-bug");
  const stage = what === null ? "" : what.slice(what.indexOf("@") + 1);
  const kind = what === null ? "" : what.slice(0, what.indexOf("@"));
  x.onCancel<string>(stage, (stage: string) => {
    if (stage.length > 0) log.info("last of " + stage);
  });
  x.onCancel<string>(stage, (stage: string) => {
    if (stage == "cancel") bug("throw", nothing);
  });
  if (stage == "start") bug(kind, nothing);
  sleep(1);
  if (stage == "sleep") bug(kind, nothing);
  const answer = fetch("side", { path: "/" });
  if (stage == "cancel") sleep(10000);
  if (stage == "fetch") bug(kind, nothing);
  if (stage == "body" || stage == "after-body") {
    const text = x.request.text();
    if (stage == "body") bug(kind, nothing);
    sleep(text.length > 100 ? 2 : 1);
    if (stage == "after-body") bug(kind, nothing);
  }
  const response = x.next();
  if (stage == "next") bug(kind, nothing);
  if (stage == "response-body") bug(kind, <i32>(response.text().length > 100000));
  response.headers.add("x-flow", answer.status.toString());
}

class Flows extends FlowPlugin {
  handle(x: Exchange): void {
    if (x.request.headers.has("x-open")) x.respond(200, this.$suspended.toString());
    else use(x, [outer, work]);
  }
}

registerPlugin<Flows>();
