/**
 * Messages end where their headers say, too, where a filter writes literals: the build refuses what is never right, and leaves out of the
 * module what a literal fulfils. One module has all that the build accepts; a request says which of them is done, and where.
 */
import assert from "node:assert/strict";
import { whyNeverRemoved, whyNeverWritten } from "../../src/transform/source/header-rules.js";
import type { MessageMap } from "../../src/transform/source/header-maps.js";
import { randomFrom } from "../fuzz/random.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest } from "../support/envoy.js";
import type { Attack } from "../support/framing.js";
import { Framing } from "../support/framing.js";
import { names, values } from "../support/framing-words.js";

/** The callbacks, and the map that each writes to. */
const places = [
  ["onRequestHeaders", "request", "request.headers"],
  ["onRequestBody", "request", "request.headers"],
  ["onRequestTrailers", "trailers", "request.trailers"],
  ["onResponseHeaders", "response", "response.headers"],
  ["onResponseBody", "response", "response.headers"],
  ["onResponseTrailers", "trailers", "response.trailers"],
] as const;

type Place = (typeof places)[number];

/** Literals that can be more than wrong in themselves. */
const texts = values.filter((value) => !value.includes("%"));

/** The statements that the build accepts for a map, each a header that says what a message is, or where it ends. */
function statementsFor(map: MessageMap, target: string): string[] {
  const all: string[] = [];
  for (const name of new Set(names)) {
    const lower = name.toLowerCase();
    if (whyNeverRemoved(map, lower) === undefined) all.push(`remove(${JSON.stringify(name)})`);
    for (const verb of ["set", "add"] as const)
      for (const value of new Set(texts))
        if (whyNeverWritten(map, verb, lower, value) === undefined && isOfInterest(lower, value))
          all.push(`${verb}(${JSON.stringify(name)}, ${JSON.stringify(value)})`);
  }
  return all.map((call) => `this.${target}.${call}`);
}

/** Of plain headers few values are enough. */
const isOfInterest = (name: string, value: string): boolean =>
  name.startsWith(":") ||
  ["", "0", "3", "chunked", "upgrade", "close", "trailers", "100-continue", "a@b"].includes(value);

const returns: Readonly<Record<string, string>> = {
  Headers: "FilterHeadersStatus",
  Body: "FilterDataStatus",
  Trailers: "FilterTrailersStatus",
};

/** The filter; `x-literal` is the number of a place and of its statement. */
function source(all: readonly (readonly [Place, string[]])[]): string {
  const members = all.map(([[callback], statements], index) => {
    const kind = /(Headers|Body|Trailers)$/.exec(callback)![1]!;
    const parameters = {
      Headers: "count: u32, end: bool",
      Body: "size: u32, end: bool",
      Trailers: "count: u32",
    }[kind]!;
    const first = callback === "onRequestHeaders" ? "this.read();" : "";
    const cases = statements.map((call, at) => `case ${at}: log.info(${call}.toString()); break;`).join("\n");
    return `${callback}(${parameters}): ${returns[kind]!} {
  ${first}
  if (this.place == ${index}) switch (this.statement) {\n${cases}\n}
  return ${returns[kind]!}.Continue;
}`;
  });
  return `import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, HttpContext, log, registerHttpFilter } from "proxy-wasm-as";
class Literals extends HttpContext {
  private place: i32 = -1;
  private statement: i32 = -1;
  private read(): void {
    const text = this.request.headers.get("x-literal");
    if (text === null) return;
    const parts = text.split("-");
    this.place = <i32>parseInt(parts[0]);
    this.statement = <i32>parseInt(parts[1]);
  }
  ${members.join("\n  ")}
}
registerHttpFilter<Literals>();
`;
}

envoyTest("framing: of 240 attacks by literals, none makes a message too many or too few", async (t) => {
  const all = places.map((place) => [place, statementsFor(place[1], place[2])] as const);
  for (const [[callback], statements] of all) assert.ok(statements.length > 40, callback);
  const setting = await Framing.start(t, [await compileFilterText(source(all))]);
  const random = randomFrom(1);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const found: string[] = [];
  const counts = new Map<number, number>();
  for (let i = 0; i < 240; i++) {
    const index = i % all.length;
    const [[callback], statements] = all[index]!;
    const statement = random(statements.length);
    const inRequest = callback.startsWith("onRequest");
    const body =
      callback === "onRequestTrailers"
        ? "trailers"
        : pick([undefined, "length", "chunked", "trailers"] as const);
    const answer =
      callback === "onResponseTrailers"
        ? "trailers"
        : pick(["length", "chunked", "trailers", "empty", "204", "304"] as const);
    const method = pick(body === undefined ? ["GET", "HEAD", "OPTIONS"] : ["POST", "PUT"]);
    const attack: Attack = {
      ...{ operations: [], answer, method, ...(body !== undefined && { body }) },
      headers: {
        "x-literal": `${index}-${statement}`,
        ...(random(4) === 0 && inRequest && { te: "trailers" }),
      },
    };
    const [down, up] = (
      [
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
      ] as const
    )[random(4)]!;
    const { faults, statuses } = await setting.attack(attack, down, up);
    for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    if (faults.length > 0)
      found.push(
        `HTTP/${down} to HTTP/${up} ${callback} ${statements[statement]!} ${JSON.stringify(attack)}: ${faults.join("; ")}`,
      );
  }
  assert.deepEqual(found, []);
  assert.ok((counts.get(0) ?? 0) > 40 && (counts.get(2) ?? 0) > 40, JSON.stringify([...counts]));
});
