/**
 * Compares the results of a test with its expectations.
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
  return [...failures, ...compareAll("headers", expected.headers.map(lowerName), lines)];
}

/**
 * A matcher of a header's line with the name in lower case, as hosts have names: the original tester knows them as the
 * filter has written them, so that its suites say "Set-Cookie: …".
 */
function lowerName(matcher: Matcher): Matcher {
  return { ...matcher, text: matcher.text.replace(/^[A-Za-z0-9_-]+(?=:)/, (name) => name.toLowerCase()) };
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

/** Tells whether one of `texts` matches; with `invert`, whether none does. */
function holds(matcher: Matcher, texts: readonly string[]): boolean {
  const matches =
    matcher.kind === "exact"
      ? texts.includes(matcher.text)
      : texts.some((text) => RE2JS.compile(matcher.text).matcher(text).matches());
  return matches !== matcher.invert;
}

function describe(what: string, matcher: Matcher, texts: readonly string[]): string {
  if (matcher.kind === "exact" && !matcher.invert) {
    const difference = nearest(matcher.text, texts);
    if (difference !== undefined) return `${what}: ${difference}`;
  }
  const seen = texts.length === 0 ? "nothing" : texts.slice(0, 20).map(quote).join(", ");
  const verb = matcher.kind === "exact" ? "equals" : "matches";
  const wanted = matcher.invert ? `nothing ${verb}` : `something ${verb}`;
  return `${what}: expected that ${wanted} ${quote(matcher.text)}; seen: ${seen}`;
}

/** How many characters are shown before a difference, and after it. */
const BEFORE = 20;
const AFTER = 40;

/**
 * Shows the first difference between a long text and the one that is most like it; undefined for short texts, which are shown
 * whole.
 */
function nearest(wanted: string, texts: readonly string[]): string | undefined {
  const common = (text: string): number => {
    let length = 0;
    while (length < wanted.length && length < text.length && wanted[length] === text[length]) length++;
    // Between the halves of a character there is no place.
    return /[\ud800-\udbff]/.test(wanted[length - 1] ?? "") ? length - 1 : length;
  };
  const [best] = [...texts].sort((a, b) => common(b) - common(a));
  if (best === undefined || Math.max(best.length, wanted.length) <= 120) return undefined;
  const at = common(best);
  const offset = Buffer.byteLength(wanted.slice(0, at));
  const around = (text: string): string => {
    const from = Math.max(0, at - BEFORE);
    const part = JSON.stringify(text.slice(from, at + AFTER));
    return at >= text.length ? `${part} and its end` : `${from > 0 ? "…" : ""}${part}`;
  };
  const size = (text: string): string => `${Buffer.byteLength(text)} bytes`;
  return `differs at byte ${offset}: expected ${around(wanted)} (of ${size(wanted)}), seen ${around(best)} (of ${size(best)})`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}
