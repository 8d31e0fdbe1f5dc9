/** What is thrown is caught in flows, before, between and after waits, and waits are within all parts of a statement. */
import { Exchange, Next, fetch, registerFlow, sleep, use } from "proxy-wasm-as/assembly/flow";
import { bug } from "./bug-kinds";

let zero: i32 = 0;

class Refused extends Error {
  constructor(public status: u32) {
    super("refused");
  }
}

function user(x: Exchange): string {
  const answer = fetch("side", { path: "/" });
  if (x.request.headers.has("x-refused")) throw new Refused(answer.status + 203);
  return "someone";
}

function countdown(n: i32, kind: string): i32 {
  sleep(1);
  if (n == 0) bug(kind, zero);
  return 1 + countdown(n - 1, kind);
}

function run(x: Exchange, kind: string): string {
  const steps: string[] = [];
  for (let i = 0; i < 4; i++) {
    try {
      steps.push("t" + i.toString());
      if (i == 1) sleep(1);
      if (i == 2) continue;
      if (i == 3) countdown(3, kind);
      bug(kind, zero);
    } catch (e) {
      steps.push(e.message);
      sleep(1);
      steps.push(e.message + fetch("side", { path: "/" }).status.toString());
      if (i == 3) return steps.join(" ");
    } finally {
      sleep(1);
      steps.push("f" + i.toString());
    }
  }
  return "?";
}

function guard(x: Exchange, next: Next): void {
  try {
    next.run();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    x.respond(e.status, e.message);
  }
}

function work(x: Exchange, next: Next): void {
  const kind = x.request.headers.get("x-bug");
  if (kind !== null) return x.respond(200, run(x, kind));
  x.request.headers.set("x-user", user(x));
  if (x.request.headers.has("x-uncaught")) bug("throw", zero);
  x.next().headers.set("x-done", "yes");
}

registerFlow("", (x: Exchange): void => use(x, [guard, work]));
