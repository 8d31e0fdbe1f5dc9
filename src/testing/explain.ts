import { statusName } from "../host/index.js";
import type { Refusal } from "../host/index.js";
import type { TestResponse } from "./test-stream.js";

/** How many of the last calls a message shows. */
const CALLS = 25;

/**
 * Explains a response to a person: names host functions that did not answer Ok, with the reasons; the messages of the module; the
 * calls to other clusters; and the last calls between host and module.
 *
 * @example
 * assert.equal(response.status, 200, explain(response));
 */
export function explain(response: TestResponse): string {
  const { status, details, reset, errors, refusals, logs, calls, trace } = response;
  const outcome = reset ? "reset" : status === 0 ? "none" : String(status);
  const sections: [string, string[]][] = [
    ["Response", [`${outcome}${details === "" ? "" : `, ${details}`}`, ...short(response.body)]],
    ["Bugs", [...errors]],
    ["Host functions that did not answer Ok", refusals.filter(({ by }) => by === "host").map(refused)],
    ["What the SDK refused", refusals.filter(({ by }) => by === "sdk").map(refused)],
    ["Log", logs.map(({ level, message }) => `${level}: ${message}`)],
    [
      "Calls to other clusters",
      calls.map(
        (call) => `${call.method} ${call.path} to ${call.cluster}${call.answered ? "" : " (not answered)"}`,
      ),
    ],
    [`The last calls between host and module`, trace.slice(-CALLS)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`)
    .join("");
}

function refused({ by, function: name, status, reason }: Refusal): string {
  return `${by === "sdk" ? "" : `${name}: `}${statusName(status)}${by === "sdk" ? " " : ", "}${reason}`;
}

function short(body: string): string[] {
  if (body === "") return [];
  return [JSON.stringify(body.length > 200 ? `${body.slice(0, 200)}…` : body)];
}

/** The expectations of a response; anything is right for those that are left out. */
export interface ExpectedResponse {
  readonly status?: number;
  /** Values by name; null for a header that must not be there. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>;
  readonly body?: string | RegExp;
  /** Headers that the upstream got. */
  readonly upstreamHeaders?: Readonly<Record<string, string | RegExp | null>>;
  readonly details?: string | RegExp;
}

/** A response is not as expected; `actual` and `expected` are what differs, and test runners show them. */
export class ResponseDiffers extends Error {
  override readonly name = "ResponseDiffers";
  readonly code = "ERR_ASSERTION";

  constructor(
    readonly actual: Readonly<Record<string, unknown>>,
    readonly expected: Readonly<Record<string, unknown>>,
    response: TestResponse,
  ) {
    const lines = Object.keys(expected).map(
      (what) => `${what} is ${shown(actual[what])}, not ${shown(expected[what])}`,
    );
    super(`${lines.join("\n")}\n\n${explain(response)}`);
  }
}

const shown = (value: unknown): string =>
  value === null ? "absent" : value instanceof RegExp ? `like ${value}` : JSON.stringify(value);

/**
 * Throws `ResponseDiffers`, which says all that `explain` does, unless the response is as expected.
 *
 * @example
 * expectResponse(await host.request({ path: "/x" }), { status: 200, upstreamHeaders: { "x-hello": "world" } });
 */
export function expectResponse(response: TestResponse, expected: ExpectedResponse): void {
  const actual: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  const check = (what: string, is: unknown, should: unknown): void => {
    if (should === undefined) return;
    if (should instanceof RegExp ? typeof is === "string" && should.test(is) : is === should) return;
    actual[what] = is;
    wanted[what] = should;
  };
  check("status", response.status, expected.status);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    check(`header ${name}`, response.headers.get(name) ?? null, value);
  for (const [name, value] of Object.entries(expected.upstreamHeaders ?? {}))
    check(`upstream's header ${name}`, response.upstream?.headers.get(name) ?? null, value);
  check("body", response.body, expected.body);
  check("details", response.details, expected.details);
  if (Object.keys(wanted).length > 0) throw new ResponseDiffers(actual, wanted, response);
}
