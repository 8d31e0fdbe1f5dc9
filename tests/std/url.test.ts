/** std/url against Node's URL, URLSearchParams, decodeURIComponent, querystring and net. */
import assert from "node:assert/strict";
import { isIPv6 } from "node:net";
import querystring from "node:querystring";
import { test } from "node:test";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("url");
const ROUNDS = rounds(20_000);

/** Lone surrogates replaced. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** Node's types lack it. */
const { unescapeBuffer } = querystring as unknown as { unescapeBuffer(text: string): Buffer };

/** `new URLSearchParams` of Node 20 decodes text that is not ASCII behind a bad percent code wrongly; URL encodes it first. */
const paramsOf = (query: string): URLSearchParams => new URL(`http://h/?${query}`).searchParams;

/** Text as `decodeURIComponent` and WHATWG's decoders see it: each byte that is not UTF-8 is U+FFFD. */
const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString()).equals(bytes);

/** The bytes of text in which surrogates stand for bytes. */
function bytesOf(text: string): Buffer {
  const parts: Buffer[] = [];
  for (const piece of text.split(/([\udc80-\udcff])/)) {
    // A pair's second half is no byte; the generators below make no pairs of these.
    if (/^[\udc80-\udcff]$/.test(piece)) parts.push(Buffer.from([piece.charCodeAt(0) & 0xff]));
    else parts.push(Buffer.from(piece));
  }
  return Buffer.concat(parts);
}

const hostile = [
  "%",
  "%4",
  "%zz",
  "%41",
  "%C3%A9",
  "%ff",
  "%C3",
  "%00",
  "%26",
  "%3D",
  "+",
  "&",
  "=",
  "a",
  "b",
  "é",
  "\ud800",
  "\udcff",
];

test("percent coding writes what encodeURIComponent writes, and five more codes", () => {
  const random = new Random(1);
  for (let i = 0; i < ROUNDS; i++) {
    const text = wellFormed(random.text(12).replaceAll(/[\udc80-\udcff]/g, "\udc7f"));
    const expected = encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    assert.equal(module.text("encode", text), expected);
    assert.equal(module.text("decode", expected), text);
  }
  assert.equal(module.text("encode", "\udcff"), "%FF");
  assert.equal(module.text("decode", "%FF"), "\udcff");
});

test("percent decoding gives the bytes of querystring.unescapeBuffer, and says where a code is wrong", () => {
  const random = new Random(2);
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.join(hostile, 8).replaceAll("\ud800", "");
    const decoded = module.text("decode", text)!;
    // Its argument is latin1, so that bytes can be put in.
    const expected = unescapeBuffer(bytesOf(text).toString("latin1"));
    assert.deepEqual(bytesOf(decoded), Buffer.from(expected), JSON.stringify(text));
    assert.equal(module.number("decodeErrorAt", text), text.search(/%(?![0-9a-f]{2})/i));
  }
});

test("queries are read as URLSearchParams reads them", () => {
  const random = new Random(3);
  for (let i = 0; i < ROUNDS; i++) {
    const text = wellFormed(random.join(hostile, 12));
    if (!isUtf8(Buffer.from(unescapeBuffer(Buffer.from(text).toString("latin1"))))) continue;
    const params = paramsOf(text);
    assert.deepEqual(module.texts("entries", text), [...params].flat(), JSON.stringify(text));
    const name = random.pick(["a", "b", "ab", "", "=", " ", "é", "&"]);
    assert.equal(module.text("get", text, name), params.get(name));
    assert.deepEqual(module.texts("getAll", text, name), params.getAll(name));
    assert.equal(module.number("has", text, name) !== 0, params.has(name));
  }
});

test("an edit does what URLSearchParams does, and keeps the bytes of the other parameters", () => {
  const random = new Random(4);
  for (let i = 0; i < ROUNDS; i++) {
    const text = wellFormed(random.join(hostile, 12));
    if (!isUtf8(Buffer.from(unescapeBuffer(Buffer.from(text).toString("latin1"))))) continue;
    const name = random.pick(["a", "b", "ab", "", "=", " ", "é", "&"]);
    const value = wellFormed(random.text(4).replaceAll(/[\udc80-\udcff]/g, ""));
    for (const edit of ["set", "append", "remove"] as const) {
      const params = paramsOf(text);
      if (edit === "remove") params.delete(name);
      else params[edit](name, value);
      const edited = module.text(edit, text, ...(edit === "remove" ? [name] : [name, value]))!;
      assert.deepEqual(
        module.texts("entries", edited),
        [...params].flat(),
        JSON.stringify([edit, text, name, value]),
      );
      // In a query that names nothing else "name", the pieces of the others are all there.
      const isOther = (piece: string): boolean => !paramsOf(piece).has(name);
      const others = text === "" ? [] : text.split("&").filter(isOther);
      const kept = edited.split("&").filter(isOther);
      if (edited !== "" || others.length > 1)
        assert.deepEqual(kept, others, JSON.stringify([edit, text, name]));
    }
  }
  assert.equal(module.text("set", "a=1&b=%7e+x&&a=3", "a", "x y"), "a=x%20y&b=%7e+x&");
  assert.equal(module.text("remove", "a=1&b=2", "b"), "a=1");
  assert.equal(module.text("append", "", "a", "&="), "a=%26%3D");
});

test("bytes that are not UTF-8 survive in parameters", () => {
  assert.equal(module.text("get", "a=%ff%41", "a"), "\udcffA");
  assert.equal(module.text("set", "b", "a", "\udcff"), "b&a=%FF");
  assert.equal(module.text("get", "%ff=1", "\udcff"), "1");
});

test("a request target unchanged is the same text", () => {
  const random = new Random(5);
  for (let i = 0; i < ROUNDS; i++) {
    const text = random.join([...hostile, "/", "?", "#", ";"], 10);
    assert.equal(module.text("target", text), text);
    assert.equal(module.text("targetPath", text), text.split("?")[0]);
  }
  assert.equal(module.text("targetRemove", "/x?a=1", "a"), "/x");
  assert.equal(module.text("targetRemove", "/x?", "a"), "/x?");
  assert.equal(module.text("targetRemove", "/x?a=1&b?c", "a"), "/x?b?c");
});

const pathPieces = [
  "/",
  "/",
  "/",
  ".",
  ".",
  "..",
  "%2e",
  "%2E",
  "a",
  "b",
  "%41",
  "%7e",
  "~",
  "%c3%a9",
  "é",
  "!",
  "%21",
  ";",
  "|",
  '"',
  "%20",
  "%25",
  ":",
  "@",
];
const badPathPieces = [
  "%2f",
  "%2F",
  "%5c",
  "%00",
  "%1f",
  "%7f",
  "\\",
  "\t",
  "\n",
  "?",
  "#",
  "%",
  "%4",
  "%g1",
  "..;",
];

test("normalised paths lead where WHATWG's URL leads, and are fixed points", () => {
  const random = new Random(6);
  let accepted = 0;
  for (let i = 0; i < 3 * ROUNDS; i++) {
    const path = `/${random.join(pathPieces, 10)}`;
    const normal = module.text("normalize", path);
    if (normal === null) continue;
    accepted++;
    const judged = new URL(`http://h${path.replaceAll(/\/+/g, "/")}`).pathname.replaceAll(/\/+/g, "/");
    // Node 20 leaves ".." where a name that begins with "." stands before it.
    if (/\/\.\.?(\/|$)/.test(judged)) continue;
    assert.equal(decodeURIComponent(normal), decodeURIComponent(judged), JSON.stringify(path));
    assert.equal(module.text("normalize", normal), normal);
    assert.match(normal, /^(\/([\w.~!$&'()*+,;=:@-]|%[0-9A-F]{2})*)+$/);
    assert.doesNotMatch(normal, /\/\/|\/\.{1,2}(\/|$)|%2[DEF]|%5[CF]|%7E|%[46][1-9A-F]|%3\d/);
  }
  assert.ok(accepted > ROUNDS, String(accepted));
});

test("two ways to write a path have one normal form", () => {
  for (const path of [
    "/a/b~",
    "//a/b~",
    "/a//b%7e",
    "/a/./b%7E",
    "/%61/x/../b~",
    "/a/%2e/b~",
    "/a/x/%2E%2e/b~",
  ])
    assert.equal(module.text("normalize", path), "/a/b~", path);
  assert.equal(module.text("normalize", "/"), "/");
  assert.equal(module.text("normalize", "/a/b/.."), "/a/");
  assert.equal(module.text("normalize", "/a/.../..b/.c"), "/a/.../..b/.c");
  assert.equal(module.text("normalize", "/é|%c3%a9"), "/%C3%A9%7C%C3%A9");
  assert.equal(module.text("normalize", "/%252e%252e/x"), "/%252e%252e/x");
});

test("paths that servers read in different ways are refused, at the right index", () => {
  const cases: Record<string, number> = {
    "": 0,
    a: 0,
    "/a%2fb": 2,
    "/a/%5C..": 3,
    "/é/%00": 3,
    "/a\\..\\b": 2,
    "/a/../../b": 6,
    "/..": 1,
    "/a//../b": 4,
    "/a/..;/b": 3,
    "/a/.;x/b": 3,
    "/a/%2e%2E%3b/b": 3,
    "/a?b": 2,
    "/a#b": 2,
    "/a\n": 2,
    "/a%": 2,
    "/a%4": 2,
    "/%g0": 1,
  };
  for (const [path, at] of Object.entries(cases)) {
    assert.equal(module.text("normalize", path), null, path);
    assert.equal(module.number("normalizeErrorAt", path), at, path);
  }
  assert.equal(module.number("normalizeErrorAt", "/a/b"), -1);
  const random = new Random(7);
  for (let i = 0; i < ROUNDS; i++) {
    const path = `/${random.join([...pathPieces, ...badPathPieces], 10)}`;
    const normal = module.text("normalize", path);
    assert.equal(module.number("normalizeErrorAt", path) === -1, normal !== null);
    if (/%2f|%5c|%[01].|%7f|[\\\0-\x1f?#]|%(?![0-9a-f]{2})/i.test(path))
      assert.equal(normal, null, JSON.stringify(path));
  }
});

test("joined paths stay below their base", () => {
  assert.equal(module.text("join", "/static", "/logo.png"), "/static/logo.png");
  assert.equal(module.text("join", "/static/", "logo.png"), "/static/logo.png");
  assert.equal(module.text("join", "/static", "a/../b"), "/static/b");
  assert.equal(module.text("join", "/static", ""), "/static/");
  assert.equal(module.text("join", "/", "x"), "/x");
  for (const rest of ["..", "../x", "a/../../x", "%2e%2e/x", "..%2fx", "../statics", "..;/x"])
    assert.equal(module.text("join", "/static", rest), null, rest);
  const random = new Random(8);
  for (let i = 0; i < ROUNDS; i++) {
    const joined = module.text("join", "/a/b", random.join(pathPieces, 10));
    if (joined !== null) assert.match(joined, /^\/a\/b(\/|$)/);
  }
});

test("a path is below its parent at whole segments only", () => {
  for (const [path, parent, below] of [
    ["/admin", "/admin", 1],
    ["/admin/x", "/admin", 1],
    ["/administrator", "/admin", 0],
    ["/admin", "/admin/", 0],
    ["/admin/x", "/admin/", 1],
    ["/x", "/", 1],
    ["/a", "/ab", 0],
  ] as const)
    assert.equal(module.number("isBelow", path, parent), below, `${path} ${parent}`);
});

/** Judges one URL; answers whether it was accepted. */
function judgeUrl(text: string): boolean {
  const result = module.number("url", text);
  const at = module.number("urlErrorAt", text);
  assert.equal(at === -1, result !== 0, text);
  assert.ok(at <= text.length);
  const parts = module.texts("url", text);
  if (parts.length === 0) return false;
  const [scheme, userInfo, host, port, path, query, fragment, whole] = parts;
  const message = JSON.stringify(text);
  assert.deepEqual(module.texts("url", whole!), parts, message);
  if (port === "-1" && !/:([/?#]|$)/.test(text.slice(text.indexOf("//"))))
    assert.equal(whole!.toLowerCase(), text.toLowerCase());
  const [written] = text.split(":");
  assert.equal(scheme, written!.toLowerCase());
  // WHATWG leaves hosts of other schemes as they are; it throws when we are more lenient.
  const url = new URL(`http${text.slice(written!.length)}`);
  if (host!.startsWith("[")) assert.ok(isIPv6(host!.slice(1, -1)), message);
  else assert.equal(url.hostname, host, message);
  const given = port === "-1" || port === "80" ? "" : port;
  assert.equal(url.port, given, message);
  const credentials = new URL(`http://${userInfo === null ? "" : `${userInfo}@`}h`);
  assert.equal(url.username, credentials.username, message);
  assert.equal(url.password, credentials.password, message);
  assert.equal(url.pathname, new URL(`http://h${path}`).pathname, message);
  assert.equal(url.search, new URL(`http://h?${query ?? ""}`).search, message);
  assert.equal(url.hash, new URL(`http://h#${fragment ?? ""}`).hash, message);
  return true;
}

test("what is read as a URL, WHATWG's URL reads in the same way", () => {
  const random = new Random(9);
  const pieces = [
    "http://",
    "HTTP://",
    "/",
    "//",
    ":",
    "@",
    "?",
    "#",
    "a",
    "A",
    "b.c",
    ".",
    "1",
    "80",
    "256",
    "0x",
    "::",
    "[",
    "]",
    "[::1]",
    "127.0.0.1",
    "%41",
    "%",
    "\\",
    " ",
    "\t",
    "é",
    "_",
    "-",
    "\0",
    "|",
    "x=1",
  ];
  let accepted = 0;
  for (let i = 0; i < 2 * ROUNDS; i++) if (judgeUrl(`http://${random.join(pieces, 8)}`)) accepted++;
  for (let i = 0; i < ROUNDS; i++) if (judgeUrl(random.join(pieces, 5))) accepted++;
  assert.ok(accepted > ROUNDS / 10, String(accepted));
});

test("ordinary URLs are all read", () => {
  const random = new Random(10);
  for (let i = 0; i < ROUNDS; i++) {
    const host = random.pick([
      "example.com",
      "EXAMPLE.com.",
      "a-b_c.d",
      "10.0.0.255",
      "[::1]",
      "[2001:DB8::1.2.3.4]",
      "localhost",
      "x.1a",
    ]);
    const text = `${random.pick(["http", "HTTP"])}://${random.pick(["", "user@", "u:p%40@", ":@"])}${host}${random.pick(["", ":80", ":", ":65535", ":0"])}${random.pick(["", "/", "/a/b;c=1/../%2e", "//x"])}${random.pick(["", "?", "?a=1&b=/?", "?%zz"])}${random.pick(["", "#", "#a?b#c"])}`;
    assert.ok(judgeUrl(text), text);
  }
});

test("URLs that programs read in different ways are refused, at the right index", () => {
  const cases: Record<string, number> = {
    "": 0,
    "//host": 0,
    "http:/x": 6,
    "http://": 7,
    "http:///x": 7,
    "http://a@b@c/": 10,
    "http://a\\@b/": 8,
    "http://a/b c": 10,
    "http://a/\\b": 9,
    "http://0x7f.1/": 7,
    "http://127.1/": 7,
    "http://1.2.3.256/": 7,
    "http://01.2.3.4/": 7,
    "http://1.2.3.4./": 7,
    "http://a..b/": 9,
    "http://é/": 7,
    "http://a%41/": 8,
    "http://[::1/": 7,
    "http://[::1%25eth0]/": 7,
    "http://[::1]x/": 12,
    "http://a:65536/": 13,
    "http://a:8a/": 10,
  };
  for (const [text, at] of Object.entries(cases)) assert.equal(module.number("urlErrorAt", text), at, text);
});

test("IPv6 addresses are those of net.isIPv6", () => {
  const random = new Random(11);
  for (let i = 0; i < 2 * ROUNDS; i++) {
    const text = random.join(["1", "fF", "0", "12345", ":", ":", ":", "::", "1:", ":2", "1.2.3.4", "g"], 12);
    assert.equal(module.number("urlErrorAt", `http://[${text}]/`) === -1, isIPv6(text), text);
  }
});

test("everything takes steps linear in the input, and memory that is bounded", async () => {
  const judge = await linearJudge("url");
  for (const piece of ["a", "%", "&", "=", "a=1&", "%41", "\ud800", "/", "/.", "/a/..", "/a"]) {
    const repeat = (size: number): string => piece.repeat(size / piece.length);
    for (const name of ["encode", "decode", "decodeErrorAt", "targetPath"])
      judge((module, size) => module.number(name, repeat(size)));
    judge((module, size) => module.number("normalizeErrorAt", `/${repeat(size)}`));
    judge((module, size) => module.number("urlErrorAt", `http://a/${repeat(size)}`));
    judge((module, size) => module.number("urlErrorAt", `http://${repeat(size)}`));
    judge((module, size) => module.number("get", repeat(size), "name"));
    judge((module, size) => module.number("getAll", repeat(size), "a"));
    judge((module, size) => module.number("set", repeat(size), "a", "b"));
    judge((module, size) => module.number("remove", repeat(size), "a"));
  }
  judge((module, size) => module.number("get", "a".repeat(size), "a".repeat(size)));
  judge((module, size) => module.number("urlErrorAt", "a".repeat(size)));
});
