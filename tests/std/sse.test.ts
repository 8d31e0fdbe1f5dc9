/** std/sse against eventsource-parser, wherever a stream is cut. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createParser } from "eventsource-parser";
import { linearJudge } from "./linear.js";
import { Module } from "./module.js";
import { Random, rounds } from "./random.js";

const module = await Module.load("sse");

function expected(text: string): string {
  const events: string[] = [];
  let id = "";
  const parser = createParser({
    onEvent: (event) => {
      id = event.id ?? id;
      events.push(`${event.event ?? "message"}|${id}|${event.data}\0`);
    },
  });
  parser.feed(text.replace(/^\ufeff/, "")); // decoders of UTF-8 leave it out
  return `${events.join("")}0`;
}

test("events are those that eventsource-parser reads, wherever the stream is cut", () => {
  const random = new Random(1);
  const lines = [
    "data: a",
    "data:b",
    "data",
    "data:  c ",
    "event: x",
    "event:",
    "event",
    ": comment",
    ":",
    "id: 7",
    "retry: 10",
    "dat: x",
    "data : y",
    "é",
    "data: é😀",
    "datax",
    "",
    "",
    "",
  ];
  for (let i = 0; i < rounds(800); i++) {
    let text = random.pick(["", "", "\ufeff"]);
    for (let n = random.below(14); n > 0; n--) text += random.pick(lines) + random.pick(["\n", "\r\n", "\r"]);
    // An id counts from its event on; the judge tells it with the event that has it.
    const size = random.pick([1, 2, 3, 5, 1000]);
    const found = module.text("events", Buffer.from(`${text}\n`), size, 65536)!;
    const withoutIds = (all: string): string => all.replace(/\|[^|\0]*\|/g, "||");
    assert.equal(withoutIds(found), withoutIds(expected(`${text}\n`)), JSON.stringify([text, size]));
  }
});

test("the id is the last that came, and no id with a NUL", () => {
  const run = (text: string): string => module.text("events", Buffer.from(text), 1, 65536)!;
  assert.equal(
    run("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"),
    "message|1|a\0message|1|b\0message||c\x000",
  );
  assert.equal(run("id: 1\n\nid: 2\0\ndata: a\n\n"), "message|1|a\x000");
});

test("what has no end is no event; CR and LF that a chunk parts are one", () => {
  const run = (text: string, size: number): string => module.text("events", Buffer.from(text), size, 65536)!;
  assert.equal(run("data: a\n\ndata: b\n", 3), "message||a\x000");
  for (let size = 1; size < 12; size++)
    assert.equal(run("data: a\r\ndata: b\r\n\r\ndata: c\r\r", size), "message||a\nb\0message||c\x000");
});

test("an event that is too long is left out and counted; those around it are not", () => {
  for (const size of [1, 7, 1000])
    for (const long of [
      "data: " + "x".repeat(200),
      "data: x\n".repeat(60),
      "x".repeat(300),
      "data: y\n: " + "x".repeat(200),
    ])
      assert.equal(
        module.text("events", Buffer.from(`data: a\n\n${long}\n\ndata: b\n\n`), size, 100),
        "message||a\0message||b\x001",
        `${size} ${long}`,
      );
});

test("reading takes time linear in the stream, and bounded memory", async () => {
  const judge = await linearJudge("sse");
  for (const shape of ["data: x\n\n", "x", "data\n", "\r", "id: 1\n", ": c\r\n", "data: {}\r\n\r\n"])
    judge((it, size) => it.number("count", Buffer.from(shape.repeat(size / shape.length)), 64), {
      sizes: [1 << 12, 1 << 15, 1 << 18],
    });
});
