/**
 * The calls between proxy and module, both ways, in their order; bars say what a callback has cost.
 *
 * @module
 */
import type { RunReport, TraceEvent } from "../model.js";
import { make, nothing } from "./dom.js";

const arrows = { callback: "→", call: "←", log: "✎", refusal: "✗" } as const;
const words = {
  callback: "the proxy calls the module",
  call: "the module calls the proxy",
  log: "log",
  refusal: "refused",
} as const;

/** The timeline of a request. Without counts all bars are left out. */
export function timelineOf({ events, operators }: RunReport): HTMLElement {
  if (events.length === 0) return nothing("Nothing passed between proxy and module.");
  const from = events[0]!.from;
  const all = Math.max(1, ...events.map(({ to }) => to - from));
  return make(
    "div",
    {},
    make(
      "p",
      { class: "quiet" },
      "→ the proxy calls the module, ← the module calls the proxy. ",
      operators === null
        ? "This module cannot be counted."
        : "Bars: operators, from the start of the module.",
    ),
    make("ol", { class: "timeline" }, ...events.map((event) => line(event, from, all))),
  );
}

function line(
  { kind, depth, name, detail, result, from, to, time }: TraceEvent,
  begin: number,
  all: number,
): HTMLElement {
  const left = ((from - begin) / all) * 100;
  const width = Math.max(((to - from) / all) * 100, 0.5);
  const cost = to > from ? `${(to - from).toLocaleString("en")} operators` : "";
  const clock = time > 0 ? `${Math.round(time)} ms` : "";
  return make(
    "li",
    { class: kind, style: `--depth: ${Math.min(depth, 6)}` },
    make("span", { class: "arrow", role: "img", "aria-label": words[kind] }, arrows[kind]),
    make("span", { class: "what" }, make("code", {}, name), ` ${detail}`, result !== "" && ` ⇒ ${result}`),
    make("span", { class: "cost" }, [clock, cost].filter((text) => text !== "").join(", ")),
    to > from &&
      make("span", { class: "bar", style: `left: ${left}%; width: ${Math.min(width, 100 - left)}%` }),
  );
}
