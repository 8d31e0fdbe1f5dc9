/** What flows do with bodies at random: each read tells what has come, and each change stands where it was asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import type { Random } from "../fuzz/random.js";
import { randomFrom } from "../fuzz/random.js";
import { compileFilterText } from "../support/compile.js";

/** Does what the letters of a text say with a message, and logs what came of each. */
const actOn = (which: string): string => `
function actOn${which}(message: Exchange${which}, acts: string): void {
  for (let i = 0; i < acts.length; i++) {
    const act = acts.charAt(i);
    if (act == "T") log.info("T:" + message.text());
    else if (act == "B") log.info("T:" + textOf(message.bytes()));
    else if (act == "C") {
      const chunk = message.chunk();
      log.info(chunk === null ? "N" : "C:" + textOf(chunk));
    } else if (act == "S") log.info("S:" + message.setBody("<s>").toString());
    else if (act == "Y") log.info("S:" + message.setBytes(bytesOf("<s>")).toString());
    else if (act == "K") log.info("K:" + message.setChunk(bytesOf("<k>")).toString());
    else if (act == "A") log.info("A:" + message.append(bytesOf("<a>")).toString());
    else sleep(1);
  }
}
`;

const filter = (hold: boolean): Promise<string> =>
  compileFilterText(`
import { log, registerPlugin } from "proxy-wasm-as";
import { Exchange, ExchangeRequest, ExchangeResponse, FlowPlugin, sleep } from "proxy-wasm-as/assembly/flow";

function bytesOf(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

function textOf(bytes: Uint8Array): string {
  return String.UTF8.decode(bytes.buffer);
}
${["Request", "Response"].map(actOn).join("")}
class Acting extends FlowPlugin {
  constructor() {
    super();
    this.flow.holdHeaders = ${String(hold)};
  }
  handle(x: Exchange): void {
    const acts = (x.request.headers.get("x-acts") ?? "").split(",");
    actOnRequest(x.request, acts[0]);
    log.info("next");
    actOnResponse(x.next(), acts[1]);
  }
}
registerPlugin<Acting>();
`);

/** What a message is in the end, by what the log says of it. Throws where a read told something else than has come. */
function expected(events: readonly string[], sent: string): string {
  let left = sent;
  let whole: string | undefined;
  const pieces: string[] = [];
  /** Where the latest chunk is among them. */
  let latest: number | undefined;
  for (const event of events) {
    const [kind, what = ""] = event.split(":") as [string, string?];
    if (kind === "T") {
      assert.equal(what, whole ?? left, "text() is what is left of the body");
      whole = what;
      left = "";
    } else if (kind === "C") {
      const from = whole ?? left;
      assert.ok(from.startsWith(what) && what !== "", `a chunk "${what}" of "${from}"`);
      latest = pieces.push(what) - 1;
      if (whole === undefined) left = left.slice(what.length);
      else whole = from === what ? undefined : from.slice(what.length);
    } else if (kind === "N") assert.equal(whole ?? left, "", "no more chunks");
    else if (what === "0") {
      if (kind === "S") whole = "<s>";
      else if (kind === "A" && whole !== undefined) whole += "<a>";
      else if (kind === "A") pieces.push("<a>");
      else if (latest === undefined) assert.fail("setChunk without a chunk");
      else pieces[latest] = "<k>";
    }
  }
  return pieces.join("") + (whole ?? "") + left;
}

/** Some acts; those that have a meaning together. */
function actsOf(random: Random): string {
  let acts = "";
  for (let left = random(7); left > 0; left--) {
    const last = acts.at(-1);
    const after = last === "T" || last === "B" ? "SYA" : /C[AK]*$/.test(acts) ? "KA" : "";
    acts += ("TBCCCCZAK" + after.repeat(3)).charAt(random(9 + 3 * after.length));
  }
  return acts;
}

for (const hold of [false, true]) {
  test(`flows that read and change bodies at random: ${hold ? "held headers" : "headers that go on"}`, async () => {
    const wasm = await filter(hold);
    for (let seed = 0; seed < 400; seed++) {
      const random = randomFrom(seed);
      const acts = [actsOf(random), actsOf(random)] as const;
      const parts = (letter: string): string[] =>
        Array.from({ length: random(4) }, (_, at) => letter.repeat(1 + random(3)) + String(at));
      const [request, response] = [parts("q"), parts("r")];
      const trailers = [random(3) === 0, random(3) === 0] as const;
      const length = request.join("").length;
      const what = `seed ${seed}: ${acts.join()} of ${request.join("|")}, ${response.join("|")} ${trailers.join()}`;

      const host = await createHost({ wasm, upstream: "hold" });
      const pause = async (): Promise<void> => {
        if (random(2) === 0) await host.idle();
        if (random(2) === 0) await host.tick(1);
      };
      const stream = host.open({
        method: "POST",
        headers: {
          "x-acts": acts.join(),
          ...(random(2) === 0 && !trailers[0] && { "content-length": String(length) }),
        },
      });
      stream.sendHeaders(request.length === 0 && !trailers[0]);
      for (const [at, part] of request.entries()) {
        await pause();
        stream.send(part, at === request.length - 1 && !trailers[0]);
      }
      if (trailers[0]) stream.sendTrailers({ "x-end": "1" });
      await host.tick(50);
      const upstream = stream.upstream;
      /** Nothing can be added to a body that trailers have ended, and of which nothing is held. */
      const isReset = (side: 0 | 1): boolean => {
        const reset = host.messages.some((message) => message.includes("behind trailers"));
        if (reset) assert.ok(trailers[side] && acts[side].includes("A") && stream.response().reset, what);
        return reset;
      };
      if (isReset(0)) continue;
      // A request whose first part has gone, and that waits for something else then, is refused.
      if (host.messages.some((message) => message.startsWith("held a request that had begun"))) {
        assert.ok(/[CA].*[ZTB]/.test(acts[0]), what);
        assert.equal(stream.response().status, 500, what);
        continue;
      }
      assert.ok(upstream?.complete, `${what}: the request has no end: ${host.messages.join(" ")}`);
      upstream.respondHeaders(
        200,
        random(2) === 0 && !trailers[1] ? { "content-length": String(response.join("").length) } : {},
        response.length === 0 && !trailers[1],
      );
      for (const [at, part] of response.entries()) {
        await pause();
        upstream.respondData(part, at === response.length - 1 && !trailers[1]);
      }
      if (trailers[1]) upstream.respondTrailers({ "x-end": "1" });
      await host.tick(50);
      if (isReset(1)) continue;
      const got = stream.response();

      const events = host.messages;
      const next = events.indexOf("next");
      try {
        assert.equal(upstream.body, expected(events.slice(0, next), request.join("")), "the request");
        assert.ok(got.complete && !got.reset);
        assert.equal(got.body, expected(events.slice(next + 1), response.join("")), "the response");
      } catch (error) {
        throw new Error(`${what}\n${events.join(" ")}\n${(error as Error).message}`);
      }
    }
  });
}
