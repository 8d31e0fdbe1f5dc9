/** std/number against BigInt, std/ip against node:net and URL, the authority against URL. */
import assert from "node:assert/strict";
import { BlockList, isIP, isIPv4 } from "node:net";
import { test } from "node:test";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("values");

const rangeOf = (bits: number): [least: bigint, most: bigint] =>
  bits > 0 ? [0n, (1n << BigInt(bits)) - 1n] : [-(1n << BigInt(-bits - 1)), (1n << BigInt(-bits - 1)) - 1n];

test("whole numbers are read as BigInt reads them, and nothing else is", () => {
  const random = new Random(1);
  const judge = (bits: number, text: string): string | null => {
    if (!(bits < 0 ? /^-?[0-9]+$/ : /^[0-9]+$/).test(text)) return null;
    const value = BigInt(text);
    const [least, most] = rangeOf(bits);
    return value < least || value > most ? null : value.toString();
  };
  const texts = [
    "",
    "-",
    "+1",
    "-1",
    "--1",
    " 1",
    "1 ",
    "1.0",
    "1e3",
    "0x1",
    "007",
    "-0",
    "١",
    "1_0",
    "1\0",
    "00000000000000000000000000001",
  ];
  for (const bits of [8, 16, 32, 64, -8, -16, -32, -64]) {
    for (const edge of rangeOf(bits))
      for (let i = -2n; i <= 2n; i++) texts.push((edge + i).toString(), ((edge + i) * 10n).toString());
    for (const text of texts)
      assert.equal(module.text("integer", bits, text), judge(bits, text), `${bits} ${text}`);
    for (let i = 0; i < rounds(500); i++) {
      const text = random.join(["-", "0", "1", "9", "18446744073709551615", "2147483648", " ", "5"], 4);
      assert.equal(module.text("integer", bits, text), judge(bits, text), `${bits} ${text}`);
    }
  }
  assert.equal(module.text("integer", 64, "-1"), null, "not 2^64-1");
});

test("bounds are kept, and integerOr answers its argument for the rest", () => {
  const seen = ["-6", "-5", "5", "6", "x", null].map((text) => module.text("within", text));
  assert.deepEqual(seen, ["null 7", "-5 -5", "5 5", "null 7", "null 7", "null 7"]);
});

/** What a browser writes for an address; null for what Node takes for none. */
function canonical(text: string): string | null {
  if (isIPv4(text)) return text;
  if (isIP(text) !== 6 || text.includes("%")) return null;
  const host = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(host);
  if (mapped === null) return host;
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

const part = (random: Random): string =>
  random.pick([
    "0",
    "1",
    "ffff",
    "::",
    ":",
    ":",
    ":",
    "db8",
    "2001",
    "1.2.3.4",
    ".",
    "255",
    "0000",
    "a",
    "A0",
    "127.0.0.1",
    "::ffff:",
  ]);

/** An address in one of its forms, most often a right one. */
function someAddress(random: Random): string {
  const kind = random.below(4);
  if (kind === 0) return Array.from({ length: 4 }, () => random.below(256)).join(".");
  if (kind === 1) {
    let text = "";
    for (let i = 0; i < 10; i++) if (random.below(2)) text += part(random);
    return text;
  }
  const groups = Array.from({ length: 8 }, () => (random.below(2) ? "0" : random.below(65536).toString(16)));
  if (kind === 2) return groups.join(":");
  const cut = random.below(8);
  groups.splice(cut, 1 + random.below(8 - cut), "");
  return groups
    .join(":")
    .replace(/^:/, "::")
    .replace(/([^:]):$/, "$1::")
    .replace(/^$/, "::");
}

test("addresses are read as Node reads them, and written as browsers do", () => {
  const random = new Random(2);
  const texts = [
    "",
    ":",
    "::",
    "::1",
    "1::",
    "::ffff:1.2.3.4",
    "::1.2.3.4",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "1:0:0:2:0:0:0:3",
    "1::2:0:0:3",
    "127.1",
    "010.0.0.1",
    "0x7f.0.0.1",
    "1.2.3.256",
    "fe80::1%eth0",
    "[::1]",
    " ::1",
  ];
  for (let i = 0; i < rounds(5000); i++) texts.push(someAddress(random));
  let right = 0;
  for (const text of texts) {
    assert.equal(module.text("address", text), canonical(text), text);
    if (canonical(text) !== null) right++;
  }
  assert.ok(right > 500, `${right} of them were addresses`);
  assert.equal(module.number("isV4", "::ffff:1.2.3.4"), 1);
  assert.equal(module.number("isV4", "::1.2.3.4"), 0);
});

test("the address of a socket is read, and nothing else", () => {
  const cases: [string, string | null][] = [
    ["192.0.2.1:80", "192.0.2.1"],
    ["[2001:db8::1]:65535", "2001:db8::1"],
    ["[::ffff:192.0.2.1]:1", "192.0.2.1"],
    ["192.0.2.1", null],
    ["192.0.2.1:", null],
    ["192.0.2.1:65536", null],
    ["192.0.2.1:1x", null],
    ["[::1]", null],
    ["[::1", null],
    ["::1:80", null],
    ["/tmp/socket", null],
    ["", null],
  ];
  for (const [text, expected] of cases) assert.equal(module.text("socket", text), expected, text);
  assert.equal(module.text("masked", "2001:db8:1:2:3::4", 64), "2001:db8:1:2::");
  assert.equal(module.text("masked", "192.0.2.77", 24), "192.0.2.0");
});

test("networks of a wrong form are refused", () => {
  for (const text of [
    "",
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "::/129",
    "::/1000",
    "x/8",
    "10.0.0.0/8 ",
  ])
    assert.equal(module.text("network", text), null, text);
  assert.equal(module.text("network", "10.1.2.3/8"), "10.0.0.0/104");
  assert.equal(module.text("network", "::ffff:10.1.2.3/104"), "10.0.0.0/104");
  assert.equal(module.number("build", "10.0.0.0/8,x"), 0);
  assert.equal(module.number("wrongNetwork", "10.0.0.0/8,x"), 1);
});

test("sets of networks agree with node:net's BlockList", () => {
  const random = new Random(3);
  // Few first bits, so that networks meet, touch and lie in each other.
  const v4 = (): string => [10, random.below(2), random.below(3), random.below(256)].join(".");
  const v6 = (): string => `2001:db8:${random.below(2)}:${random.below(3)}::${random.below(40).toString(16)}`;
  for (let round = 0; round < rounds(60); round++) {
    const list = new BlockList();
    const networks: string[] = [];
    for (let i = random.below(30); i >= 0; i--) {
      const isV4 = random.below(2) === 0;
      const address = isV4 ? v4() : v6();
      const bits = isV4 ? 8 + random.below(25) : 32 + random.below(97);
      list.addSubnet(address, bits, isV4 ? "ipv4" : "ipv6");
      networks.push(`${address}/${bits}`);
    }
    assert.equal(module.number("build", networks.join(",")), 1);
    for (let i = 0; i < 60; i++) {
      const isV4 = random.below(2) === 0;
      const address = isV4 ? v4() : v6();
      const expected = list.check(address, isV4 ? "ipv4" : "ipv6");
      assert.equal(module.number("inSet", address) === 1, expected, `${address} in ${networks.join(" ")}`);
      if (isV4) assert.equal(module.number("inSet", `::ffff:${address}`) === 1, expected);
      const one = networks[random.below(networks.length)]!;
      const single = new BlockList();
      const [first, bits] = one.split("/");
      single.addSubnet(first!, Number(bits), isIP(first!) === 4 ? "ipv4" : "ipv6");
      assert.equal(
        module.number("inNetwork", one, address) === 1,
        single.check(address, isV4 ? "ipv4" : "ipv6"),
      );
    }
  }
  assert.equal(module.number("build", "::/0"), 1);
  assert.equal(module.number("inSet", "192.0.2.1"), 1);
});

test("the host of an authority is what URL says, or none", () => {
  const random = new Random(4);
  assert.equal(module.text("authority", "Example.COM:8080"), "example.com 8080 example.com");
  assert.equal(module.text("authority", "example.com."), "example.com. -1 example.com");
  assert.equal(module.text("authority", "[::1]:80"), "[::1] 80 [::1]");
  for (const text of [
    "",
    ":80",
    "a@b",
    "a:b",
    "a:65536",
    "a b",
    "a/b",
    "a?b",
    "a#b",
    "[::1",
    "[::1]x",
    "0x7f.1",
    "a..b",
    "a\\b",
  ])
    assert.equal(module.text("authority", text), null, text);
  let read = 0;
  for (let i = 0; i < rounds(3000); i++) {
    const text = random.join(
      ["a", "B", ".", "-", ":", "1", "80", "[::1]", "@", "/", "%41", "1.2.3.4", "_"],
      5,
    );
    const own = module.text("authority", text);
    if (own === null) continue;
    read++;
    const url = new URL(`http://${text}/`);
    const [host, port] = own.split(" ");
    assert.equal(url.hostname, host, text);
    assert.equal(url.port === "" ? (port === "80" ? 80 : -1) : Number(url.port), Number(port), text);
  }
  assert.ok(read > 200, `${read} were read`);
});

test("all of it takes steps linear in the input", async () => {
  const judge = await linearJudge("values");
  const hostile = (make: (size: number) => string, name: string, ...first: number[]): void =>
    judge((it, size) => it.number(name, ...first, make(size)));
  hostile((size) => "0".repeat(size), "integer", 64);
  hostile((size) => "1:".repeat(size / 2), "address");
  hostile((size) => "1.".repeat(size / 2), "address");
  hostile((size) => `1.2.3.4:${"1".repeat(size)}`, "socket");
  hostile((size) => `::/${"1".repeat(size)}`, "network");
  hostile((size) => "a.".repeat(size / 2), "authority");
  hostile((size) => "1.".repeat(size / 2), "authority");
  hostile((size) => "10.0.0.0/8,".repeat(size / 11) + "::", "build");
});
