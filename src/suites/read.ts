/**
 * From a file to a suite.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { RE2JS } from "re2js";
import { SuiteError } from "./error.js";
import { joinRepeated, parseHttpText } from "./http-text.js";
import { logLevels } from "./model.js";
import type {
  BodyPhase,
  Expectation,
  HeaderList,
  HeadersPhase,
  Immediate,
  Matcher,
  Suite,
  SuiteTest,
} from "./model.js";
import { suiteType } from "./schema.js";
import type { Raw } from "./schema.js";
import { parseTextFormat } from "./text-format.js";
import { parseYaml } from "./yaml-format.js";

/**
 * Reads a suite: YAML when the file's name ends in `.yaml` or `.yml`, protobuf text format otherwise. Files that it names are
 * looked for beside it. Throws `SuiteError`, with the line where the format is wrong and with the test where its contents are.
 *
 * @example
 * const suite = readSuite("tests.textpb");
 * console.log(suite.tests.map((test) => test.name));
 */
export function readSuite(file: string): Suite {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new SuiteError(file, undefined, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const raw = /\.ya?ml$/i.test(file) ? parseYaml(text, file) : parseTextFormat(text, file);
  // One form for both: absent messages are undefined, absent scalars their default, optional ones undefined.
  const plain = suiteType.toObject(suiteType.fromObject(raw), { longs: Number, arrays: true });
  const environment = (plain["env"] ?? {}) as Raw;
  const level = Number(environment["log_level"] ?? 0);
  const tests = plain["test"] as Raw[];
  if (tests.length === 0) throw new SuiteError(file, undefined, "has no tests");
  return {
    file,
    environment: {
      wasmPath: path(environment["wasm_path"]),
      configPath: path(environment["config_path"]),
      logLevel: logLevels[level - 1] ?? "info",
      timeSecs: environment["time_secs"] as number | undefined,
    },
    tests: tests.map((test, index) => new TestReader(file, test, index).read()),
  };
}

function path(value: unknown): string | undefined {
  return value === undefined || value === "" ? undefined : textOf(value);
}

/** The text of a field, which is one of protobuf's texts. */
function textOf(value: unknown): string {
  return String(value);
}

/** Reads one test, whose name stands in each error. */
class TestReader {
  private readonly name: string;

  constructor(
    private readonly file: string,
    private readonly raw: Raw,
    index: number,
  ) {
    this.name = textOf(raw["name"] ?? "") || `number ${index + 1}`;
  }

  read(): SuiteTest {
    const { raw } = this;
    if (raw["num_chunks"] !== undefined && raw["chunk_size"] !== undefined)
      this.fail("has either num_chunks or chunk_size");
    for (const field of ["num_chunks", "chunk_size"])
      if (raw[field] !== undefined && Number(raw[field]) < 1) this.fail(`${field} is at least 1`);
    return {
      name: this.name,
      benchmark: raw["benchmark"] === true,
      properties: (raw["properties"] as Raw[]).map((property) => ({
        path: textOf(property["path"] ?? ""),
        value: textOf(property["value"] ?? ""),
      })),
      pluginInit: this.logs("plugin_init"),
      streamInit: this.logs("stream_init"),
      requestHeaders: this.headers("request"),
      requestBody: this.bodies("request_body"),
      responseHeaders: this.headers("response"),
      responseBody: this.bodies("response_body"),
      streamDestroy: this.logs("stream_destroy"),
    };
  }

  private fail(reason: string): never {
    throw new SuiteError(this.file, undefined, `test "${this.name}": ${reason}`);
  }

  /** An expectation of a phase that has no message: of its log only. */
  private logs(field: string): Expectation | undefined {
    const raw = this.raw[field] as Raw | undefined;
    if (raw === undefined) return undefined;
    const expected = this.expectation(raw, field);
    const { hasHeader, noHeader, headers, body, immediate } = expected;
    if (hasHeader.length + noHeader.length + headers.length + body.length > 0 || immediate !== undefined)
      this.fail(`${field} can expect log messages only`);
    return expected;
  }

  private headers(kind: "request" | "response"): HeadersPhase | undefined {
    const field = `${kind}_headers`;
    const raw = this.raw[field] as Raw | undefined;
    if (raw === undefined) return undefined;
    const input = (raw["input"] ?? {}) as Raw;
    const pairs = ((input["header"] ?? []) as Raw[]).map(pair);
    const text = this.content(input, field);
    if (text !== undefined && pairs.length > 0) this.fail(`${field}: either header or content (or file)`);
    let headers: HeaderList;
    try {
      headers = text === undefined ? joinRepeated(pairs) : parseHttpText(text.toString(), kind);
    } catch (error) {
      return this.fail(`${field}: ${(error as Error).message}`);
    }
    return { headers, expected: this.expectation((raw["result"] ?? {}) as Raw, field) };
  }

  private bodies(field: string): BodyPhase[] {
    const phases = this.raw[field] as Raw[];
    const { num_chunks: count, chunk_size: size } = this.raw;
    return phases.map((raw) => {
      const input = (raw["input"] ?? {}) as Raw;
      if (((input["header"] ?? []) as Raw[]).length > 0) this.fail(`${field}: a body has no header`);
      const bytes = this.content(input, field) ?? new Uint8Array(0);
      return {
        chunks: cut(bytes, count as number | undefined, size as number | undefined),
        expected: this.expectation((raw["result"] ?? {}) as Raw, field),
      };
    });
  }

  /** The bytes of `content` or `file`; undefined when neither is there. */
  private content(input: Raw, field: string): Buffer | undefined {
    if (input["file"] !== undefined) return this.open(textOf(input["file"]), field);
    return input["content"] === undefined ? undefined : Buffer.from(textOf(input["content"]));
  }

  private open(name: string, field: string): Buffer {
    try {
      return readFileSync(resolve(dirname(this.file), name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return this.fail(`${field}: the file ${name} cannot be read (${code})`);
    }
  }

  private expectation(raw: Raw, field: string): Expectation {
    const matchers = (name: string): Matcher[] =>
      (raw[name] as Raw[] | undefined)?.map((matcher) => this.matcher(matcher, `${field}, ${name}`)) ?? [];
    return {
      hasHeader: ((raw["has_header"] ?? []) as Raw[]).map(pair),
      noHeader: ((raw["no_header"] ?? []) as Raw[]).map((header) => pair(header)[0]),
      headers: matchers("headers"),
      body: matchers("body"),
      immediate: immediate(raw["immediate"] as Raw | undefined),
      log: matchers("log"),
    };
  }

  private matcher(raw: Raw, field: string): Matcher {
    const invert = raw["invert"] === true;
    if (raw["file"] !== undefined)
      return { invert, kind: "exact", text: this.open(textOf(raw["file"]), field).toString() };
    if (raw["regex"] === undefined && raw["exact"] === undefined)
      return this.fail(`${field}: one of exact, regex and file is needed`);
    if (raw["regex"] === undefined) return { invert, kind: "exact", text: textOf(raw["exact"]) };
    const text = textOf(raw["regex"]);
    try {
      RE2JS.compile(text);
    } catch (error) {
      this.fail(`${field}: "${text}" is no pattern of RE2: ${(error as Error).message}`);
    }
    return { invert, kind: "regex", text };
  }
}

function pair(raw: Raw): [string, string] {
  return [textOf(raw["key"] ?? "").toLowerCase(), textOf(raw["value"] ?? "")];
}

function immediate(raw: Raw | undefined): Immediate | undefined {
  if (raw === undefined) return undefined;
  return {
    httpStatus: raw["http_status"] as number | undefined,
    grpcStatus: raw["grpc_status"] as number | undefined,
    details: raw["details"] as string | undefined,
  };
}

/** Cuts a body into `count` chunks, the last of which takes the rest, or into chunks of `size` bytes. */
function cut(bytes: Uint8Array, count: number | undefined, size: number | undefined): Uint8Array[] {
  if (count !== undefined) {
    const each = Math.floor(bytes.length / count);
    return Array.from({ length: count }, (_, index) =>
      bytes.subarray(index * each, index === count - 1 ? undefined : (index + 1) * each),
    );
  }
  if (size === undefined || bytes.length === 0) return [bytes];
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
