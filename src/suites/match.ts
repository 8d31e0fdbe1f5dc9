/**
 * Compares what was expected with what was seen.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { joinRepeated } from "./http-text.js";
import { logLevels } from "./model.js";
import type { Expectation, Immediate, Matcher, SuiteLogLevel } from "./model.js";
import type { LogMessage, SeenImmediate, SeenPhase } from "./driver.js";

/** Each way in which a phase differs from what was expected, as a sentence; none when it does not. */
export function compare(expected: Expectation, seen: SeenPhase, level: SuiteLogLevel): string[] {
  const wantsHeaders = expected.hasHeader.length + expected.noHeader.length + expected.headers.length > 0;
  const failures = [...compareImmediate(expected.immediate, seen.immediate)];
  if (wantsHeaders && seen.headers === undefined) {
    failures.push(`headers: not seen${seen.note === undefined ? "" : ` (${seen.note})`}`);
  } else if (wantsHeaders) failures.push(...compareHeaders(expected, seen));
  if (expected.body.length > 0) {
    const body = Buffer.from(seen.body ?? []).toString();
    failures.push(...compareAll("body", expected.body, [body]));
  }
  return [...failures, ...compareLog(expected, seen.log, level)];
}

/** `compare` for a phase that has a log only. */
export function compareLog(
  expected: Expectation,
  log: readonly LogMessage[],
  level: SuiteLogLevel,
): string[] {
  const least = logLevels.indexOf(level);
  const texts = log.filter((message) => logLevels.indexOf(message.level) >= least).map(({ text }) => text);
  return compareAll("log", expected.log, texts);
}

function compareHeaders(expected: Expectation, seen: SeenPhase): string[] {
  const headers = joinRepeated(seen.headers!);
  const found = new Map(headers);
  const failures: string[] = [];
  for (const [name, value] of expected.hasHeader) {
    const is = found.get(name.toLowerCase());
    if (is === undefined)
      failures.push(
        `has_header: ${name} is absent, expected ${quote(value)}; there are ${[...found.keys()].join(", ")}`,
      );
    else if (is !== value) failures.push(`has_header: ${name} is ${quote(is)}, expected ${quote(value)}`);
  }
  for (const name of expected.noHeader) {
    const is = found.get(name.toLowerCase());
    if (is !== undefined) failures.push(`no_header: ${name} is ${quote(is)}, expected none`);
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [...failures, ...compareAll("headers", expected.headers, lines)];
}

function compareImmediate(expected: Immediate | undefined, seen: SeenImmediate | undefined): string[] {
  if (expected === undefined)
    return seen === undefined
      ? []
      : [`immediate: the filter answered with ${seen.httpStatus}, which the test does not expect`];
  if (seen === undefined) return ["immediate: the filter has not answered by itself"];
  const failures: string[] = [];
  if (expected.httpStatus !== undefined && expected.httpStatus !== seen.httpStatus)
    failures.push(`immediate: http_status is ${seen.httpStatus}, expected ${expected.httpStatus}`);
  if (expected.grpcStatus !== undefined && expected.grpcStatus !== seen.grpcStatus)
    failures.push(`immediate: grpc_status is ${seen.grpcStatus}, expected ${expected.grpcStatus}`);
  if (expected.details !== undefined && expected.details !== seen.details)
    failures.push(`immediate: details are ${quote(seen.details)}, expected ${quote(expected.details)}`);
  return failures;
}

function compareAll(what: string, matchers: readonly Matcher[], texts: readonly string[]): string[] {
  return matchers
    .filter((matcher) => !holds(matcher, texts))
    .map((matcher) => describe(what, matcher, texts));
}

/** Whether one of `texts` matches; with `invert`, whether none does. */
function holds(matcher: Matcher, texts: readonly string[]): boolean {
  const matches =
    matcher.kind === "exact"
      ? texts.includes(matcher.text)
      : texts.some((text) => RE2JS.compile(matcher.text).matcher(text).matches());
  return matches !== matcher.invert;
}

function describe(what: string, matcher: Matcher, texts: readonly string[]): string {
  const seen = texts.length === 0 ? "nothing" : texts.slice(0, 20).map(quote).join(", ");
  const verb = matcher.kind === "exact" ? "equals" : "matches";
  const wanted = matcher.invert ? `nothing ${verb}` : `something ${verb}`;
  return `${what}: expected that ${wanted} ${quote(matcher.text)}; seen: ${seen}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}
