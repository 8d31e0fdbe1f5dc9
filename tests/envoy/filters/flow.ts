// Does what the request's headers say, as flows.
import { SharedQueue, log, lastStatus } from "proxy-wasm-as";
import {
  Alarm,
  Exchange,
  FlowPlugin,
  Future,
  Next,
  Signal,
  all,
  grpcCall,
  fetch,
  race,
  receive,
  sleep,
  startFetch,
  use,
} from "proxy-wasm-as/assembly/flow";
import { registerPlugin } from "proxy-wasm-as";
import { pendingCallCount } from "proxy-wasm-as/assembly/context/pending-calls";

function tag(x: Exchange, next: Next): void {
  x.request.headers.set("x-tag", "1");
  const response = next.run();
  if (response !== null) response.headers.add("x-order", "tag");
}

function wait(x: Exchange, next: Next): void {
  sleep(5);
  const response = next.run();
  sleep(5);
  if (response !== null) response.headers.add("x-order", "wait");
}

function gate(x: Exchange, next: Next): void {
  if (x.request.headers.has("x-deny")) return x.respond(403, "gate\n");
  next.run();
}

let kept: Exchange | null = null;

class Flows extends FlowPlugin {
  jobs: SharedQueue | null = null;
  readonly all: Signal = new Signal();

  onConfigure(configuration: string): bool {
    this.jobs = SharedQueue.register("jobs");
    this.flow.metrics = true;
    this.flow.requestBodyLimit = 5000;
    this.flow.responseBodyLimit = 5000;
    if (configuration.includes("hold")) this.flow.holdHeaders = true;
    if (configuration.includes("together")) this.every(20, () => this.all.fire());
    if (configuration.includes("few")) this.flow.maxSuspended = 3;
    return true;
  }

  handle(x: Exchange): void {
    const headers = x.request.headers;
    const what = headers.get("x-do");
    const path = headers.get(":path")!;
    if (what === null) return;
    if (what == "loop") return loop(x, path);
    if (what == "parallel") return parallel(x);
    if (what == "race") return compete(x);
    if (what == "upper") return upper(x);
    if (what == "upper-late") {
      sleep(10);
      return upper(x);
    }
    if (what == "upper-wait") {
      const text = x.request.text();
      const answer = fetch("side", { path: "/delay/20/" + text.length.toString() });
      x.request.setBody(text + answer.text);
      return;
    }
    if (what == "upper-late-wait") {
      sleep(10);
      const text = x.request.text();
      sleep(2);
      x.request.setBody(text.toUpperCase());
      return;
    }
    if (what == "together") {
      while (x.request.chunk() !== null) this.all.wait();
      return;
    }
    if (what == "chunks") return chunks(x);
    if (what == "slow-chunks") return slowChunks(x);
    if (what == "response-upper") {
      const response = x.next();
      const status = response.status;
      const text = response.text();
      response.setBody(status.toString() + ":" + text.toUpperCase());
      response.headers.set("x-late", "1");
      log.info("late edit: " + lastStatus().toString());
      return;
    }
    if (what == "response-wait") {
      const response = x.next();
      sleep(20);
      response.headers.set("x-slept", "1");
      return;
    }
    if (what == "respond") {
      sleep(5);
      return x.respond(401, "who?\n", { headers: [["x-why", "no"]], details: "flow_test" });
    }
    if (what == "respond-after-next") {
      const response = x.next();
      sleep(5);
      return x.respond(418, "instead of " + response.status.toString() + "\n");
    }
    if (what == "respond-too-late") {
      const response = x.next();
      response.text();
      x.respond(418, "late\n");
      return;
    }
    if (what == "respond-twice") {
      x.respond(401, "first\n");
      x.respond(402, "second\n");
      x.next();
      return;
    }
    if (what == "next-twice") {
      x.next();
      x.next().headers.set("x-twice", "1");
      return;
    }
    if (what == "cancel") {
      x.onCancel<string>(path, (path) => log.info("cancelled " + path));
      sleep(2000);
      log.info("not cancelled " + path);
      return;
    }
    if (what == "cancel-wait") {
      x.onCancel<string>(path, (path) => {
        sleep(1);
        log.info("cancelled " + path + " " + fetch("side", { path }).failed.toString());
      });
      sleep(2000);
      return;
    }
    if (what == "bytes") {
      x.request.setBytes(x.request.bytes().reverse());
      const response = x.next();
      response.setBytes(response.bytes().reverse());
      return;
    }
    if (what == "reset") {
      sleep(5);
      x.reset();
      return x.respond(200, "nothing\n");
    }
    if (what == "keep") {
      kept = x;
      sleep(300);
      kept = null;
      x.next().headers.set("x-kept", "1");
      return;
    }
    if (what == "foreign-wait") {
      const other = kept;
      if (other !== null) {
        other.next();
        other.respond(403, "not yours");
        other.reset();
      }
      return x.respond(200, "refused\n");
    }
    if (what == "receive") {
      const message = receive(this.jobs!, 300);
      return x.respond(200, message === null ? "none\n" : "got " + String.UTF8.decode(message.buffer) + "\n");
    }
    if (what == "send") {
      this.jobs!.enqueue(path);
      return x.respond(200, "sent\n");
    }
    if (what == "trap") {
      sleep(5);
      throw new Error("on purpose");
    }
    if (what == "use") return use(x, [tag, wait, gate]);
    if (what == "grpc") {
      const message = Uint8Array.wrap(String.UTF8.encode(path));
      const good = grpcCall("grpc-server", "test.Echo", "Echo", message, { metadata: [["x-meta", "m"]] });
      const bad = grpcCall("grpc-server", "test.Echo", "Refuse", message);
      const late = grpcCall("grpc-server", "test.Echo", "Slow", message, { timeout: 60 });
      const none = grpcCall("nope", "test.Echo", "Echo", message);
      const statuses = [good.status, bad.status, late.status, none.status].join(" ");
      return x.respond(200, String.UTF8.decode(good.body.buffer) + " " + statuses + "\n");
    }
    if (what == "wait-body") {
      x.onCancel<string>(path, (path) => log.info("cancelled " + path));
      x.request.text();
      log.info("not cancelled " + path);
      return;
    }
    if (what == "pages") return x.respond(200, memory.size().toString());
    if (what == "open")
      return x.respond(200, pendingCallCount().toString() + " " + this.$suspended.toString());
    if (what == "fails") {
      const a = fetch("nope", { path: "/" });
      const b = fetch("side", { path: "/delay/500/x", timeout: 50 });
      const c = fetch("side", { path: "/reset" });
      return x.respond(
        200,
        [a, b, c]
          .map<string>((r) => (r.failed ? "f" : "-") + r.status.toString() + "/" + r.failure.toString())
          .join(" "),
      );
    }
    if (what == "delete-length") {
      const response = x.next();
      response.headers.set("x-size", response.bytes().length.toString());
      return;
    }
  }
}

function loop(x: Exchange, path: string): void {
  const who = x.request.headers.get("x-who");
  let seen: string[] = [];
  for (let i = 0; i < 3; i++) {
    const delay = (i * 7 + path.length) % 10;
    const answer = fetch("side", {
      path: "/delay/" + delay.toString() + "/" + i.toString() + (who === null ? "" : who),
    });
    seen.push(answer.status.toString() + answer.text);
    if (i == 1) sleep(3);
  }
  x.request.headers.set("x-checked", seen.join(","));
  const response = x.next();
  const last = fetch("side", { path: "/delay/5/last" + path });
  response.headers.set("x-seen", seen.join(",") + last.text + response.status.toString());
}

function parallel(x: Exchange): void {
  const a = startFetch("side", { path: "/delay/60/a" });
  const b = startFetch("side", { path: "/delay/10/b" });
  const c = startFetch("side", { path: "/delay/30/c" });
  const done = all([a, b, c]);
  const soon = startFetch("side", { path: "/delay/300/d" });
  const late = all([soon], 40);
  x.respond(
    200,
    a.response.text + b.response.text + c.response.text + (done ? "1" : "0") + (late ? "1" : "0"),
  );
}

function compete(x: Exchange): void {
  const futures: Future[] = [
    startFetch("side", { path: "/delay/300/a" }),
    startFetch("side", { path: "/delay/10/b" }),
    new Alarm(250),
  ];
  const first = race<Future>(futures);
  const none = race<Future>([startFetch("side", { path: "/delay/200/c" })], 20);
  const nothing = race<Future>([]);
  x.respond(200, first.toString() + " " + none.toString() + " " + nothing.toString());
}

function upper(x: Exchange): void {
  const text = x.request.text();
  const status = x.request.setBody(text.toUpperCase());
  if (x.plugin.flow.holdHeaders) x.request.headers.set("x-held", status.toString());
}

function chunks(x: Exchange): void {
  let count = 0;
  let size = 0;
  for (let chunk = x.request.chunk(); chunk !== null; chunk = x.request.chunk()) {
    count++;
    size += chunk.length;
    chunk[0] = 0x21;
    x.request.setChunk(chunk);
  }
  const response = x.next();
  response.headers.set("x-count", size.toString());
  let sum = 0;
  for (let chunk = response.chunk(); chunk !== null; chunk = response.chunk()) sum += chunk.length;
  log.info("response of " + sum.toString());
}

function slowChunks(x: Exchange): void {
  let size = 0;
  for (let chunk = x.request.chunk(); chunk !== null; chunk = x.request.chunk()) {
    size += chunk.length;
    sleep(10);
  }
  log.info("request of " + size.toString());
}

registerPlugin<Flows>();
