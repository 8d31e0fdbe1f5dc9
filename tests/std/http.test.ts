/** std/http against Date, http.STATUS_CODES and the npm packages whatwg-mimetype, negotiator and @tusbar/cache-control. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { STATUS_CODES } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { parse as parseCacheControl } from "@tusbar/cache-control";
import Negotiator from "negotiator";
import { MIMEType } from "whatwg-mimetype";
import { root } from "../support/paths.js";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("http");
const ROUNDS = rounds(20_000);
const NO_DATE = Number(-(2n ** 63n));
const NOW = 1_767_225_600n;

test("dates are written as Date writes them, and read back", () => {
  const random = new Random(1);
  for (let i = 0; i < ROUNDS; i++) {
    const seconds =
      i < 3 * 366
        ? 86_400 * i - 62_167_219_200
        : Math.floor((random.below(2 ** 32) / 2 ** 32) * 315_569_520_000) - 62_167_219_200;
    const text = new Date(seconds * 1000).toUTCString();
    assert.equal(module.text("formatDate", BigInt(seconds)), text);
    assert.equal(module.number("parseDate", text, NOW), seconds, text);
  }
  assert.equal(module.text("formatDate", 253_402_300_800n), "");
  assert.equal(module.text("formatDate", -62_167_219_201n), "");
  assert.equal(module.text("formatDate", 2n ** 63n - 1n), "");
  assert.equal(module.text("formatDate", -(2n ** 63n)), "");
});

test("dates are read in the two old forms", () => {
  const random = new Random(2);
  for (let i = 0; i < ROUNDS; i++) {
    const seconds = random.below(2 ** 32);
    const date = new Date(seconds * 1000);
    const [, day, month, year, time] = date.toUTCString().match(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/)!;
    const asctime = `${date.toUTCString().slice(0, 3)} ${month} ${day!.replace(/^0/, " ")} ${time} ${year}`;
    assert.equal(module.number("parseDate", asctime, NOW), seconds, asctime);
    const weekday = date.toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
    const old = `${weekday}, ${day}-${month}-${year!.slice(2)} ${time} GMT`;
    // The latest year with these digits that is at most 50 years after 2026.
    let expected = date;
    for (; expected.getUTCFullYear() > 2076;)
      expected = new Date(
        Date.UTC(
          expected.getUTCFullYear() - 100,
          date.getUTCMonth(),
          date.getUTCDate(),
          ...(time!.split(":").map(Number) as [number, number, number]),
        ),
      );
    for (; expected.getUTCFullYear() <= 1976;)
      expected = new Date(
        Date.UTC(
          expected.getUTCFullYear() + 100,
          date.getUTCMonth(),
          date.getUTCDate(),
          ...(time!.split(":").map(Number) as [number, number, number]),
        ),
      );
    assert.equal(module.number("parseDate", old, NOW), expected.getTime() / 1000, old);
  }
  assert.equal(module.number("parseDate", "Sunday, 06-Nov-94 08:49:37 GMT", NOW), 784111777);
});

test("what is no date is none", () => {
  for (const text of [
    "",
    "0",
    "-1",
    "Sun",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT",
    "Sun, 31 Nov 1994 08:49:37 GMT",
    "Sun, 29 Feb 1995 08:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
    "Sun, 06 Nov 1994 08-49:37 GMT",
    "Xun, 06 Nov 1994 08:49:37 GMT",
    "Sun  Nov  6 08:49:37 1994",
    "Sun Nov 6 08:49:37 1994",
    "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sun, 06-Nov-94 08:49:37 GMT   ",
    "Funday, 06-Nov-94 08:49:37 GMT",
    "Sunday, 31-Jun-94 08:49:37 GMT",
    "Sunday, 06 Nov 94 08:49:37 GMT",
  ])
    assert.equal(module.number("parseDate", text, NOW), NO_DATE, text);
  // A leap second is the second after.
  assert.equal(module.number("parseDate", "Sat, 31 Dec 2016 23:59:60 GMT", NOW), Date.UTC(2017, 0, 1) / 1000);
  const random = new Random(3);
  const real = [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Sunday, 06-Nov-94 08:49:37 GMT",
  ];
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.pick(real).split("");
    text[random.below(text.length)] = random.pick(["", "0", "9", " ", "x", "é", "\ud800", "GMT"]);
    const seconds = module.number("parseDate", text.join(""), NOW);
    if (seconds !== NO_DATE) assert.ok(!Number.isNaN(Date.parse(text.join(""))), text.join(""));
  }
});

test("status texts are Node's, but for the names that RFC 9110 changed", () => {
  const changed: Record<number, string> = { 413: "Content Too Large", 422: "Unprocessable Content" };
  const withdrawn = [418, 509];
  for (let status = -1; status <= 1100; status++) {
    const expected = withdrawn.includes(status) ? "" : (changed[status] ?? STATUS_CODES[status] ?? "");
    assert.equal(module.text("textOf", status), expected, String(status));
  }
});

test("each header constant is its name in kebab case", () => {
  const text = readFileSync(join(root, "assembly/std/http/header.ts"), "utf8");
  const constants = [...text.matchAll(/static get (\w+)\(\): string \{ return "(:?)([^"]+)"/g)];
  assert.ok(constants.length > 100);
  for (const [, constant, , name] of constants)
    assert.equal(
      constant!.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
      name,
    );
  assert.deepEqual(module.texts("headerNames"), ["content-type", "x-forwarded-for", "te", ":path"]);
});

test("media types are read as whatwg-mimetype reads them, and written as it writes them", () => {
  const random = new Random(4);
  const pieces = [
    "text/html",
    "Text",
    "/",
    ";",
    "; ",
    "=",
    "charset",
    "Charset=",
    "utf-8",
    '"',
    "\\",
    "a",
    "b=c",
    " ",
    "\t",
    "\n",
    "é",
    "\x7f",
    "\0",
    "*",
    "(",
  ];
  let accepted = 0;
  for (let i = 0; i < 3 * ROUNDS; i++) {
    const text = (i % 2 ? "a/b;" : "") + random.join(pieces, 9);
    const judge = MIMEType.parse(text);
    const expected = judge === null ? [] : [judge.type, judge.subtype, ...[...judge.parameters].flat()];
    assert.deepEqual(module.texts("mediaType", text), expected, JSON.stringify(text));
    assert.equal(module.text("mediaTypeText", text), judge === null ? null : judge.toString());
    if (judge !== null) accepted++;
  }
  assert.ok(accepted > ROUNDS, String(accepted));
});

const qualities = ["", "", ";q=1", ";q=0", ";q=0.5", "; q=0.123", ";Q=1.000", " ;q=0.8"];

test("media types are chosen as negotiator chooses them", () => {
  const random = new Random(5);
  const ranges = [
    "*/*",
    "text/*",
    "text/html",
    "TEXT/HTML",
    "text/plain",
    "text/html;level=1",
    'text/html;level="2"',
    "application/json",
    "image/*",
    "text",
    "",
  ];
  const offers = [
    "text/html",
    "text/plain",
    "application/json",
    "text/html;level=1",
    "text/html;level=2",
    "image/png",
  ];
  for (let i = 0; i < ROUNDS; i++) {
    const accept = Array.from(
      { length: 1 + random.below(5) },
      () => random.pick(ranges) + random.pick(qualities),
    ).join(random.pick([",", ", "]));
    const offered = Array.from({ length: 1 + random.below(4) }, () => random.pick(offers));
    const expected = new Negotiator({ headers: { accept } }).mediaType(offered) ?? null;
    assert.equal(
      module.text("preferredType", accept, offered.join("\n")),
      expected,
      JSON.stringify([accept, offered]),
    );
  }
  assert.equal(module.text("preferredTypeOfNone", "text/html\ntext/plain"), "text/html");
  assert.equal(module.text("preferredType", "text/html;q=2", "text/html"), null);
});

test("encodings are chosen as negotiator chooses them", () => {
  const random = new Random(6);
  const codings = ["gzip", "br", "GZIP", "identity", "*", "deflate"];
  for (let i = 0; i < ROUNDS; i++) {
    const accept = Array.from(
      { length: random.below(5) },
      () => random.pick(codings) + random.pick(qualities),
    ).join(random.pick([",", ", "]));
    const offered = Array.from({ length: 1 + random.below(4) }, () =>
      random.pick(["gzip", "br", "identity", "zstd"]),
    );
    const expected = new Negotiator({ headers: { "accept-encoding": accept } }).encoding(offered) ?? null;
    assert.equal(
      module.text("preferredEncoding", accept, offered.join("\n")),
      expected,
      JSON.stringify([accept, offered]),
    );
  }
  assert.equal(module.text("preferredEncodingOfNone", "gzip\nidentity"), "identity");
  assert.equal(module.text("preferredEncodingOfNone", "gzip"), null);
});

test("lists with qualities are sorted as negotiator sorts them", () => {
  const random = new Random(7);
  for (let i = 0; i < ROUNDS; i++) {
    const list = Array.from(
      { length: random.below(8) },
      () => random.pick(["en", "de", "en-gb", "fr", "*"]) + random.pick(qualities),
    ).join(random.pick([",", " , "]));
    const expected = new Negotiator({ headers: { "accept-language": list } }).languages();
    assert.deepEqual(module.texts("accepted", list), expected, JSON.stringify(list));
  }
  assert.deepEqual(module.texts("accepted", ""), []);
  assert.deepEqual(module.texts("accepted", "da, en-gb;q=0.8, en;q=0.7, x;q=1.1, y;q=0, ;q=1"), [
    "da",
    "en-gb",
    "en",
  ]);
});

test("cache-control is read as @tusbar/cache-control reads it", () => {
  const random = new Random(8);
  const directives = [
    "max-age=60",
    "Max-Age = 5",
    'max-age="7"',
    "s-maxage=0",
    "no-store",
    "NO-CACHE",
    'no-cache="set-cookie, x"',
    "private",
    'private="a"',
    "public",
    "stale-while-revalidate=30",
    "immutable",
    "must-revalidate",
    "",
    "x=y",
  ];
  for (let i = 0; i < ROUNDS; i++) {
    // The package takes the last of repeated directives, as RFC 9111 leaves open; the SDK takes the first.
    const names = new Set<string>();
    const text = Array.from({ length: random.below(6) }, () => random.pick(directives))
      .filter((directive) => {
        const name = directive.split("=")[0]!.trim().toLowerCase();
        return !names.has(name) && names.add(name);
      })
      .join(random.pick([",", ", "]));
    const judge = parseCacheControl(text.replace(" = ", "="));
    const message = JSON.stringify(text);
    assert.equal(module.number("cacheSeconds", text, "max-age"), judge.maxAge ?? -1, message);
    assert.equal(module.number("cacheSeconds", text, "s-maxage"), judge.sharedMaxAge ?? -1, message);
    assert.equal(
      module.number("cacheSeconds", text, "stale-while-revalidate"),
      judge.staleWhileRevalidate ?? -1,
    );
    for (const [name, value] of [
      ["no-store", judge.noStore],
      ["no-cache", judge.noCache],
      ["private", judge.private],
      ["public", judge.public],
      ["immutable", judge.immutable],
      ["must-revalidate", judge.mustRevalidate],
    ] as const)
      assert.equal(module.number("cacheHas", text, name) !== 0, value ?? false, message);
    const fields = module.text("cacheGet", text, "no-cache");
    assert.deepEqual(fields === null || fields === "" ? null : fields.split(", "), judge.noCacheFields);
    assert.deepEqual(
      module.texts("cacheNames", text),
      [...names].filter((name) => name !== ""),
      message,
    );
  }
  assert.equal(module.number("cacheSeconds", "max-age=99999999999999999999999", "max-age"), 2147483648);
  for (const wrong of [
    "max-age",
    "max-age=",
    "max-age=-1",
    "max-age=1.5",
    "max-age=x",
    'max-age="',
    "max-agee=1",
  ])
    assert.equal(module.number("cacheSeconds", wrong, "max-age"), -1, wrong);
});

test("headers of 1 MiB take steps linear in the input", async () => {
  const judge = await linearJudge("http");
  for (const piece of [
    "a",
    ",",
    ";",
    '"',
    "\\",
    "a/b,",
    "a/b;c=d,",
    ";a=b",
    ';a="',
    " ",
    "q=0.5,",
    ";q=1",
    "\ud800",
    "a=1,",
  ]) {
    const repeat = (size: number): string => piece.repeat(size / piece.length);
    judge((module, size) => module.number("preferredType", repeat(size), "a/b\nc/d"));
    judge((module, size) => module.number("preferredEncoding", repeat(size), "gzip\nidentity"));
    judge((module, size) => module.number("accepted", repeat(size)));
    judge((module, size) => module.number("mediaType", `a/b;${repeat(size)}`));
    judge((module, size) => module.number("mediaTypeText", `a/b;c="${repeat(size)}`));
    judge((module, size) => module.number("cacheSeconds", repeat(size), "max-age"));
    judge((module, size) => module.number("cacheNames", repeat(size)));
    judge((module, size) => module.number("parseDate", repeat(size), NOW));
  }
});
