/**
 * The view of a request's result: the response, headers before and after, calls, logs and properties.
 *
 * @module
 */
import type { Message, Pairs, RunReport } from "../model.js";
import { block, count, make, nothing, table } from "./dom.js";

/** The result and cost of a request, in one sentence. */
export function summaryOf(report: RunReport): HTMLElement {
  const { refused, status, details, hangs, wasReset, operators, time, milliseconds, errors, response } =
    report;
  if (refused !== undefined)
    return make("p", { class: "summary bad" }, make("strong", {}, "Not loaded. "), refused);
  const isRaw = status === 0 && response.body !== "";
  const state = hangs
    ? "No response: the request hangs. A filter holds it, and nothing is left that could let it go on."
    : wasReset
      ? "The connection was cut."
      : isRaw
        ? `${count(response.body.length, "character")} came back.`
        : `${status}${details === "" || details === "via_upstream" ? "" : ` (${details})`}`;
  const cost = [
    ...(operators === null ? [] : [count(operators, "operator")]),
    `${Math.round(time)} ms of the proxy's clock`,
    `${milliseconds.toFixed(1)} ms here`,
  ].join(", ");
  const isBad = hangs || wasReset || errors.length > 0;
  return make(
    "div",
    { class: `summary ${isBad ? "bad" : "good"}` },
    make("p", {}, make("strong", {}, state), ` ${cost}`),
    ...errors.map((error) => make("p", {}, error)),
  );
}

/** The response, as a client sees it. */
export function responseOf({ response }: RunReport): HTMLElement {
  if (response.headers.length === 0 && response.body === "") return nothing("No response came.");
  return make(
    "div",
    {},
    table(
      "Response headers",
      ["name", "value"],
      response.headers.map(([name, value]) => [name, value]),
    ),
    block(response.body, "Response body"),
  );
}

/** Headers on both sides of the filter, side by side. */
export function headersOf({ sent, upstream, answered, response }: RunReport): HTMLElement {
  return make(
    "div",
    {},
    make("h3", {}, "Request"),
    upstream === undefined
      ? nothing("The upstream got nothing.")
      : difference("Request headers", "the client sent", sent, "the upstream got", upstream),
    ...(upstream === undefined || upstream.body === ""
      ? []
      : [block(upstream.body, "What the upstream got as body")]),
    make("h3", {}, "Response"),
    answered === undefined
      ? nothing("The upstream answered nothing: the response is the filter's or the proxy's own.")
      : difference("Response headers", "the upstream answered", answered, "the client got", response),
  );
}

function difference(title: string, before: string, from: Message, after: string, to: Message): HTMLElement {
  const names = [...new Set([...from.headers, ...to.headers].map(([name]) => name))];
  const rows = names.map((name) => {
    const [was, is] = [valuesOf(from.headers, name), valuesOf(to.headers, name)];
    const change = was === is ? "" : was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return { name, was: was ?? "", is: is ?? "", change };
  });
  return table(
    title,
    ["name", before, after, "change"],
    rows.map(({ name, was, is, change }) => [name, was, is, change]),
    (row) => rows[row]!.change || undefined,
  );
}

/** Values of a name; Envoy calls `host` `:authority`. */
function valuesOf(pairs: Pairs, name: string): string | undefined {
  const found = pairs.filter(([each]) => each === name).map(([, value]) => value);
  return found.length === 0 ? undefined : found.join(", ");
}

/** Calls to other clusters. */
export function callsOf({ calls }: RunReport): HTMLElement {
  if (calls.length === 0) return nothing("The module called no other cluster.");
  return make(
    "div",
    {},
    ...calls.map(({ cluster, headers, body }) =>
      make(
        "section",
        {},
        make("h3", {}, `To ${cluster}`),
        table(
          `Headers to ${cluster}`,
          ["name", "value"],
          headers.map(([name, value]) => [name, value]),
        ),
        body !== "" && block(body, `Body to ${cluster}`),
      ),
    ),
  );
}

/** Messages, refusals, metrics and properties. */
export function logsOf({ logs, refusals, metrics, properties }: RunReport): HTMLElement {
  const values = Object.entries(metrics);
  const part = (
    title: string,
    empty: string,
    rows: readonly (readonly string[])[],
    head: readonly string[],
  ): HTMLElement =>
    make("section", {}, make("h3", {}, title), rows.length === 0 ? nothing(empty) : table(title, head, rows));
  return make(
    "div",
    {},
    part(
      "Log",
      "Nothing was logged.",
      logs.map(({ level, message, from }) => [level, message, from]),
      [...["level", "message", "from"]],
    ),
    part(
      "Refused",
      "Nothing was refused.",
      refusals.map((text) => [text]),
      ["what and why"],
    ),
    part("Properties that were read", "None was read.", properties, ["property", "value"]),
    part(
      "Metrics",
      "There are none.",
      values.map(([name, value]) => [name, String(value)]),
      ["name", "value"],
    ),
  );
}
