/** A check of bodies that a peer passes by sending trailers: the build warns of it, and of nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildWarnings } from "../support/compile.js";

const bodyOf = (text: string, name = "onRequestBody"): string =>
  `${name}(bodySize: u32, endOfStream: bool): FilterDataStatus { ${text} }`;

const trailersOf = (text: string, name = "onRequestTrailers"): string =>
  `${name}(trailerCount: u32): FilterTrailersStatus { ${text} }`;

const GOES_ON = "return FilterTrailersStatus.Continue;";

const waits = bodyOf(
  'if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer; return this.request.body.text().includes("attack") ? this.respond(403) : FilterDataStatus.Continue;',
);

const sums =
  "  private sum: u32 = 0;\n" +
  bodyOf(
    "this.sum += bodySize; if (endOfStream && this.sum > 3) this.reset(); return FilterDataStatus.Continue;",
  );

const looks =
  "  private bad(): bool { return this.request.body.size > 3; }\n" +
  bodyOf(
    "if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer; return this.bad() ? this.respond(403) : FilterDataStatus.Continue;",
  );

const ignores = trailersOf(`log.info("trailers"); ${GOES_ON}`);

/** Classes of which the build warns: their members, and the base of some. */
const warned: readonly (readonly [what: string, members: readonly string[], base?: string])[] = [
  ["a body that is held to its end", [waits, ignores]],
  [
    "trailers that are answered for reasons of their own",
    [
      waits,
      trailersOf(
        `if (this.request.trailers.has("x-bad")) return this.respond(400); this.request.trailers.remove("x-a"); ${GOES_ON}`,
      ),
    ],
  ],
  ["a sum that is compared at the end, with nothing held", [sums, trailersOf(GOES_ON)]],
  [
    "a response",
    [
      waits.replace("onRequestBody", "onResponseBody").replace("request.body", "response.body"),
      trailersOf(GOES_ON, "onResponseTrailers"),
    ],
  ],
  ["trailers in the class that is extended", [waits], "Ignores"],
  [
    "a method that does nothing about the body",
    [waits, "note(): void {}", trailersOf(`this.note(); ${GOES_ON}`)],
  ],
];

const silent: readonly (readonly [what: string, members: readonly string[], base?: string])[] = [
  ["there is no callback for trailers", [waits]],
  ["what is inherited goes on", [waits, trailersOf("return super.onRequestTrailers(trailerCount);")]],
  [
    "trailers call the check",
    [
      waits,
      trailersOf(
        `if (this.onRequestBody(0, true) != FilterDataStatus.Continue) return FilterTrailersStatus.StopIteration; ${GOES_ON}`,
      ),
    ],
  ],
  [
    "trailers look at the body",
    [waits, trailersOf(`if (this.request.body.size > 3) return this.respond(403); ${GOES_ON}`)],
  ],
  ["a method of both looks", [looks, trailersOf(`if (this.bad()) return this.respond(403); ${GOES_ON}`)]],
  ["trailers know what the body left", [sums, trailersOf(`if (this.sum > 3) this.reset(); ${GOES_ON}`)]],
  ["trailers are held, too", [waits, trailersOf("return FilterTrailersStatus.StopIteration;")]],
  ["nothing waits", [bodyOf("log.info(bodySize.toString()); return FilterDataStatus.Continue;"), ignores]],
  ["the trailers are another message's", [waits, trailersOf(GOES_ON, "onResponseTrailers")]],
  [
    "the package's class waits by itself",
    [
      "onWholeRequestBody(size: u32): FilterDataStatus { return size > 3 ? this.respond(403) : FilterDataStatus.Continue; }",
      ignores,
    ],
    "WholeBodyContext",
  ],
];

/** The warnings that a build of these classes gives, by class. */
async function warnings(prefix: string, classes: typeof warned): Promise<Map<string, string[]>> {
  const text = [
    'import { FilterDataStatus, FilterTrailersStatus, HttpContext, WholeBodyContext, log, registerHttpFilter } from "proxy-wasm-as";',
    `class Ignores extends HttpContext { ${ignores} }`,
    ...classes.map(
      ([, members, base = "HttpContext"], index) =>
        `class ${prefix}${index} extends ${base} {\n  ${members.join("\n  ")}\n}`,
    ),
    `registerHttpFilter<${prefix}0>();`,
  ].join("\n");
  const lines = text.split("\n");
  const found = new Map<string, string[]>();
  for (const [, sentence, line] of (await buildWarnings(text)).matchAll(
    /^WARNING \w+: ([^]*?)\n\s*:\n[^]*?in filter\.ts\((\d+),/gm,
  )) {
    const before = lines.slice(0, Number(line)).reverse();
    const [, name] = /^class (\w+)/.exec(before.find((text) => text.startsWith("class "))!)!;
    found.set(name!, [...(found.get(name!) ?? []), sentence!]);
  }
  return found;
}

test("the build warns of checks of bodies that trailers pass, with the place and what to do", async () => {
  const found = await warnings("Passed", warned);
  warned.forEach(([what], index) => {
    const [sentence, ...more] = found.get(`Passed${index}`) ?? [];
    const side = what === "a response" ? "Response" : "Request";
    assert.equal(
      sentence,
      `a body that trailers follow ends in Passed${index}.on${side}Trailers, which does not look at it, and not in on${side}Body, which waits for something: a peer that sends trailers is not checked; end it with return super.on${side}Trailers(trailerCount), which calls on${side}Body with endOfStream, or look at this.${side.toLowerCase()}.body there.`,
      what,
    );
    assert.deepEqual(more, [], what);
  });
  assert.equal(found.size, warned.length);
});

test("the build does not warn of trailers where the body is looked at, or nothing waits for its end", async () => {
  const found = await warnings("Fine", silent);
  assert.deepEqual(
    [...found.keys()].map((name) => silent[Number(name.slice("Fine".length))]![0]),
    [],
  );
});
