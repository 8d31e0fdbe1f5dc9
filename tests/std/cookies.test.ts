/** std/cookies against the npm package `cookie`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SetCookie, parseCookie, stringifySetCookie } from "cookie";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("cookies");
const ROUNDS = rounds(20_000);

const pieces = [
  "a",
  "b",
  "a=",
  "b=",
  "=",
  ";",
  "; ",
  " ",
  "\t",
  '"',
  "\\",
  ",",
  "1",
  "%41",
  "é",
  "\ud800",
  "\udcff",
  "$Path",
  "=",
];
const names = ["a", "b", "ab", "1", "", "$Path", "é", "a b", '"a"', "a=", "=", "a ", " a", "a=1"];

const unquoted = (value: string): string => value.replace(/^"(.*)"$/s, "$1");
const judged = (header: string): Record<string, string | undefined> =>
  parseCookie(header, { decode: unquoted });

const isNamed = (piece: string, name: string): boolean =>
  piece.includes("=") && piece.split("=")[0]!.replaceAll(/^[ \t]+|[ \t]+$/g, "") === name;

/** `header` with the first cookie `name` set to `value`, or removed, and the others of that name removed. */
function edit(header: string, name: string, value?: string): string {
  let isFirst = value !== undefined;
  const kept = header.split(";").map((piece) => {
    if (!isNamed(piece, name)) return piece;
    const put = isFirst
      ? piece.replace(/^([^=]*=[ \t]*).*?([ \t]*)$/s, `$1${value!.replaceAll("$", "$$$$")}$2`)
      : null;
    isFirst = false;
    return put;
  });
  const text = kept.filter((piece) => piece !== null).join(";");
  return kept[0] === null ? text.replace(/^[ \t]+/, "") : text;
}

test("cookies are read as the package cookie reads them", () => {
  const random = new Random(1);
  for (let i = 0; i < 3 * ROUNDS; i++) {
    const header = random.join(pieces, 10);
    const name = random.pick(names);
    const value = judged(`${header};`)[name] ?? null;
    assert.equal(module.text("get", header, name), value, JSON.stringify([header, name]));
    assert.equal(module.number("has", header, name) !== 0, value !== null);
    assert.equal(module.texts("getAll", header, name)[0] ?? null, value);
  }
});

test("several headers are one list of cookies", () => {
  assert.equal(module.text("getOfLines", "a=1\nb=2; c=3", "b"), "2");
  assert.equal(module.text("getOfLines", "a=1;\nb=2", "b"), "2");
  assert.equal(module.text("getOfLines", "", "b"), null);
  assert.deepEqual(module.texts("getAll", 'a=1; b=2;a="3";A=4; a', "a"), ["1", "3"]);
});

test("an edit changes one cookie and keeps the bytes of the others", () => {
  const random = new Random(2);
  for (let i = 0; i < 3 * ROUNDS; i++) {
    const header = random.join(pieces, 10);
    const name = random.pick(["a", "b", "ab", "1"]);
    const value = random.join(["x", "%", "=", "'"], 3);
    const message = JSON.stringify([header, name, value]);
    const edited = module.text("set", header, name, value)!;
    assert.deepEqual(module.texts("getAll", edited, name), [value], message);
    const hadOne = module.number("has", header, name) !== 0;
    // An appended cookie follows all others.
    if (hadOne) assert.equal(edited, edit(header, name, value), message);
    else if (header.trim() !== "") assert.ok(edited.startsWith(header.replace(/[ \t]+$/, "")), message);
    const removed = module.text("remove", header, name)!;
    assert.equal(removed, edit(header, name), message);
  }
});

test("edits keep odd spacing, quotes and what is no cookie", () => {
  assert.equal(module.text("set", "a=1; b=2; c=3", "b", "x"), "a=1; b=x; c=3");
  assert.equal(module.text("set", ' a = "1" ;b;; a=2 ; c="3"', "a", "x"), ' a = x ;b;; c="3"');
  assert.equal(module.text("set", "a=1", "b", "2"), "a=1; b=2");
  assert.equal(module.text("set", "a=1; ", "b", "2"), "a=1; b=2");
  assert.equal(module.text("set", "", "b", "2"), "b=2");
  assert.equal(module.text("remove", "a=1; b=2; c=3", "a"), "b=2; c=3");
  assert.equal(module.text("remove", "a=1; b=2; c=3", "c"), "a=1; b=2");
  assert.equal(module.text("remove", "a=1", "a"), "");
});

test("names and values that no cookie has are refused", () => {
  for (const name of ["", "a b", "a;", "a=", 'a"', "é", "a\n", "a,", "(", "/", "[", "{", "@", "\x7f"])
    assert.equal(module.text("set", "x=1", name, "v"), null, JSON.stringify(name));
  for (const name of ["a", "!#$%&'*+-.^_`|~", "Z9"])
    assert.notEqual(module.text("set", "x=1", name, "v"), null);
  for (const value of ["a b", "a;", 'a"', "é", "a\n", "a,", "a\\", "\x7f", "\ud800"])
    assert.equal(module.text("set", "x=1", "a", value), null, JSON.stringify(value));
});

const never = -(2n ** 63n);
const errors = ["None", "Name", "Value", "Path", "Domain", "Expires", "Secure", "Host"] as const;
const sameSites = [undefined, "strict", "lax", "none"] as const;

interface Attributes {
  name?: string;
  value?: string;
  path?: string;
  domain?: string;
  maxAge?: bigint;
  expires?: bigint;
  secure?: boolean;
  httpOnly?: boolean;
  partitioned?: boolean;
  sameSite?: number;
}

function setCookie(attributes: Attributes): [text: string, error: (typeof errors)[number]] {
  const {
    name = "a",
    value = "b",
    path = "",
    domain = "",
    maxAge = never,
    expires = never,
    secure = false,
    httpOnly = false,
    partitioned = false,
    sameSite = 0,
  } = attributes;
  module.number("begin", name, value);
  module.number("setPath", path);
  module.number("setDomain", domain);
  module.number("setMaxAge", maxAge);
  module.number("setExpires", expires);
  module.number("setFlags", secure, httpOnly, partitioned, sameSite);
  return [module.text("format")!, errors[module.number("error")]!];
}

test("set-cookie is what the package cookie writes", () => {
  const random = new Random(3);
  for (let i = 0; i < ROUNDS; i++) {
    const attributes = {
      name: random.pick(["a", "session", "x_y"]),
      value: random.pick(["", "1", "a=b%20"]),
      path: random.pick(["", "/", "/a b", "/%3B"]),
      domain: random.pick(["", "example.com", ".example.com", "a-b.c"]),
      maxAge: random.pick([never, 0n, -1n, 3600n, 123456789012n]),
      expires: random.pick([never, 0n, -1n, 784111777n, 253402300799n, BigInt(random.below(2 ** 31))]),
      secure: random.below(4) > 0,
      httpOnly: random.below(2) > 0,
      partitioned: random.below(4) === 0,
      sameSite: random.below(4),
    };
    const { maxAge, expires, sameSite, ...rest } = attributes;
    const [text, error] = setCookie(attributes);
    if (!attributes.secure && (attributes.partitioned || sameSite === 3)) {
      assert.deepEqual([text, error], ["", "Secure"]);
      continue;
    }
    const judge: SetCookie = { ...rest };
    if (maxAge !== never) judge.maxAge = Number(maxAge);
    if (expires !== never) judge.expires = new Date(Number(expires) * 1000);
    if (sameSite > 0) judge.sameSite = sameSites[sameSite]!;
    assert.deepEqual([text, error], [stringifySetCookie(judge, { encode: (value) => value }), "None"]);
  }
});

test("a set-cookie that browsers would drop says why", () => {
  const cases: [Attributes, (typeof errors)[number]][] = [
    [{ name: "" }, "Name"],
    [{ name: "a b" }, "Name"],
    [{ value: "a\r\nx: y" }, "Value"],
    [{ path: "x" }, "Path"],
    [{ path: "/;" }, "Path"],
    [{ path: "/\n" }, "Path"],
    [{ domain: "a;b" }, "Domain"],
    [{ expires: 253402300800n }, "Expires"],
    [{ expires: -11644473601n }, "Expires"],
    [{ sameSite: 3 }, "Secure"],
    [{ partitioned: true }, "Secure"],
    [{ name: "__Secure-a" }, "Secure"],
    [{ name: "__secure-a" }, "Secure"],
    [{ name: "__Host-a" }, "Host"],
    [{ name: "__Host-a", secure: true }, "Host"],
    [{ name: "__Host-a", secure: true, path: "/x" }, "Host"],
    [{ name: "__Host-a", secure: true, path: "/", domain: "a.b" }, "Host"],
    [{ name: "__Host-a", secure: true, path: "/" }, "None"],
    [{ name: "__Secure-a", secure: true }, "None"],
  ];
  for (const [attributes, expected] of cases) {
    const [text, error] = setCookie(attributes);
    assert.equal(
      error,
      expected,
      JSON.stringify(attributes, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    );
    assert.equal(text === "", error !== "None");
  }
});

test("10,000 cookies and 1 MiB of anything take steps linear in the input", async () => {
  const judge = await linearJudge("cookies");
  for (const piece of ["a", ";", "=", "a=1; ", "a=", " ", '"', "b=2;", "\ud800"]) {
    const repeat = (size: number): string => piece.repeat(size / piece.length);
    for (const name of ["get", "getAll", "remove"]) {
      judge((module, size) => module.number(name, repeat(size), "a"));
      judge((module, size) => module.number(name, repeat(size), "absent"));
    }
    judge((module, size) => module.number("set", repeat(size), "a", "x"));
  }
  judge((module, size) => module.number("get", "a".repeat(size), "a".repeat(size)));
  const many = Array.from({ length: 10_000 }, (_, i) => `c${i}=${i}`).join("; ");
  assert.equal(module.text("get", many, "c9999"), "9999");
  assert.equal(module.text("set", many, "c5000", "x"), many.replace("c5000=5000", "c5000=x"));
});
