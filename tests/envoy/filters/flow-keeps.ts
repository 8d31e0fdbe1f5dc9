// Keeps the last byte of each chunk back until more has come, and adds "!" at the end, both ways.
import { BodyEditor, log } from "proxy-wasm-as";
import { Exchange, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";

class Late extends BodyEditor {
  private kept: Uint8Array = new Uint8Array(0);

  get held(): u32 {
    return this.kept.length + 1;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    const all = join(this.kept, chunk);
    if (last) return join(all, mark);
    this.kept = all.slice(max(all.length - 1, 0));
    return all.subarray(0, max(all.length - 1, 0));
  }
}

const mark = Uint8Array.wrap(String.UTF8.encode("!"));

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

registerFlow("", (x: Exchange): void => {
  const what = x.request.headers.get("x-edit");
  if (what === null) return;
  if (what == "edits") {
    x.request.edit(new Late());
    x.next().edit(new Late());
    return;
  }
  if (what == "looks") {
    const response = x.next();
    for (let chunk = response.chunk(); chunk !== null; chunk = response.chunk()) log.info("a chunk");
    return;
  }
  if (what == "sets") {
    const response = x.next();
    while (response.chunk() !== null) {}
    log.info("behind: " + response.setChunk(mark).toString());
    return;
  }
  let kept = new Uint8Array(0);
  for (let chunk = x.request.chunk(); chunk !== null; chunk = x.request.chunk()) {
    const all = join(kept, chunk);
    if (what == "waits") sleep(3);
    kept = all.slice(all.length - 1);
    x.request.setChunk(all.subarray(0, all.length - 1));
    if (what == "waits") sleep(3);
  }
  x.request.append(join(kept, mark));
  const response = x.next();
  kept = new Uint8Array(0);
  for (let chunk = response.chunk(); chunk !== null; chunk = response.chunk()) {
    const all = join(kept, chunk);
    if (what == "waits") sleep(3);
    kept = all.slice(all.length - 1);
    response.setChunk(all.subarray(0, all.length - 1));
    if (response.isLast) {
      response.append(join(kept, mark));
      return;
    }
  }
  response.append(join(kept, mark));
});
