/** A flow's loops and recursion without end. */
import { Exchange, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";

function endless(n: i32): i32 {
  while (n > 0) n = (n & 1) | 2;
  return n;
}

function deeper(n: i32): i32 {
  return 1 + deeper(n + 1);
}

function run(path: string): void {
  if (path.endsWith("loop")) endless(1);
  if (path.endsWith("recursion")) deeper(1);
}

registerFlow("", (x: Exchange): void => {
  const path = x.request.headers.get(":path")!;
  if (path.startsWith("/late")) sleep(1);
  run(path);
});
