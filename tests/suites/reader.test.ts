import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SuiteError, readSuite } from "../../src/suites/index.js";
import type { Suite } from "../../src/suites/index.js";
import { parseHttpText } from "../../src/suites/http-text.js";
import { googleSuites, skipGoogleSuites } from "../support/google-suites.js";

const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-suite-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, kind: "textpb" | "yaml" = "textpb"): Suite {
  const file = join(folder, `tests.${kind}`);
  writeFileSync(file, text);
  return readSuite(file);
}

/** What is said of a suite that is wrong, without the folder. */
function problem(text: string, kind: "textpb" | "yaml" = "textpb"): string {
  try {
    read(text, kind);
  } catch (error) {
    assert.ok(error instanceof SuiteError, String(error));
    return error.message.replace(`${folder}/`, "");
  }
  throw new Error(`this is read without complaint:\n${text}`);
}

test("both formats say the same: each sample that has both", { skip: skipGoogleSuites }, () => {
  for (const sample of ["add_request_header", "add_response_header", "body_chunking", "testing"]) {
    const base = join(googleSuites, sample);
    // The YAML of this sample leaves out that one test is a benchmark.
    const tests = (name: string): object[] =>
      readSuite(join(base, name)).tests.map((one) => ({ ...one, benchmark: false }));
    assert.deepEqual(tests("tests.yaml"), tests("tests.textpb"), sample);
  }
});

test("the environment is read, and has defaults", () => {
  const { environment } = read(
    'env { log_level: DEBUG time_secs: 0 config_path: "c" wasm_path: "w" } test { name: "a" }',
  );
  assert.deepEqual(environment, { wasmPath: "w", configPath: "c", logLevel: "debug", timeSecs: 0 });
  assert.deepEqual(read("test {}").environment, {
    wasmPath: undefined,
    configPath: undefined,
    logLevel: "info",
    timeSecs: undefined,
  });
});

test("text format: an error names file and line", () => {
  assert.equal(problem('test {\n  name: "a"\n  nme: "b"\n}'), "tests.textpb:3: Test has no field 'nme'");
  assert.match(problem('test {\n  name: "a'), /^tests\.textpb:\d: /);
  assert.equal(problem("test {\n  num_chunks: two\n}\ntest {}"), "tests.textpb:2: integer value expected");
  assert.match(problem("env {\n  log_level: LOUD\n}"), /^tests\.textpb:2: /);
  assert.match(problem("test {"), /^tests\.textpb:1: /);
});

test("YAML: an error names file and line", () => {
  assert.equal(problem("test:\n- name: a\n  nme: b\n", "yaml"), "tests.yaml:3: Test has no field 'nme'");
  assert.equal(
    problem("test:\n- name: a\n  benchmark: maybe\n", "yaml"),
    `tests.yaml:3: 'benchmark' is true or false, not "maybe"`,
  );
  assert.equal(
    problem("test:\n- num_chunks: 1.5\n", "yaml"),
    `tests.yaml:2: 'num_chunks' is a whole number, not "1.5"`,
  );
  assert.match(
    problem("env:\n  log_level: LOUD\n", "yaml"),
    /^tests\.yaml:2: 'log_level' is one of UNDEFINED, TRACE/,
  );
  assert.match(problem("test: [\n", "yaml"), /^tests\.yaml:2: /);
  assert.equal(
    problem("test:\n- request_headers: GET\n", "yaml"),
    'tests.yaml:2: Invocation is written as fields: "name: value"',
  );
  assert.equal(
    problem("test:\n- request_body:\n    input:\n      content: a\n      file: b\n", "yaml"),
    "tests.yaml:5: Input has either 'content' or 'file'",
  );
});

test("YAML: scalars are what was written, aliases are followed", () => {
  const { tests } = read(
    `test:
- name: &name 007
  request_headers:
    input:
      header: { key: Number, value: 1.0 }
    result: &result
      no_header: { key: yes }
- name: *name
  request_headers: { result: *result }
`,
    "yaml",
  );
  assert.deepEqual(
    tests.map(({ name }) => name),
    ["007", "007"],
  );
  assert.deepEqual(tests[0]!.requestHeaders!.headers, [["number", "1.0"]]);
  assert.deepEqual(tests[1]!.requestHeaders!.expected.noHeader, ["yes"]);
});

test("what is wrong with a test is said with its name", () => {
  const wrong = (fields: string): string => problem(`test { name: "a" ${fields} }`);
  const start = 'tests.textpb: test "a": ';
  assert.equal(wrong("num_chunks: 2 chunk_size: 2"), `${start}has either num_chunks or chunk_size`);
  assert.equal(wrong("num_chunks: 0"), `${start}num_chunks is at least 1`);
  assert.equal(
    wrong('request_body { input { file: "absent.data" } }'),
    `${start}request_body: the file absent.data cannot be read (ENOENT)`,
  );
  assert.match(
    wrong('request_headers { result { log { regex: "(" } } }'),
    /request_headers, log: "\(" is no pattern of RE2: /,
  );
  assert.match(
    wrong('request_headers { result { log { regex: "(?=a)" } } }'),
    /is no pattern of RE2/,
    "what RE2 lacks is refused, though JavaScript has it",
  );
  assert.equal(
    wrong("request_headers { result { body {} } }"),
    `${start}request_headers, body: one of exact, regex and file is needed`,
  );
  assert.equal(
    wrong('plugin_init { has_header { key: "a" } }'),
    `${start}plugin_init can expect log messages only`,
  );
  assert.equal(
    wrong('request_headers { input { content: "GET /" } }'),
    `${start}request_headers: "GET /" is no request line, such as "GET /path HTTP/1.1"`,
  );
  assert.equal(problem("# nothing"), "tests.textpb: has no tests");
  assert.equal(problem("test { num_chunks: -1 }"), 'tests.textpb: test "number 1": num_chunks is at least 1');
  assert.match(String(read.bind(null, "test {}")().tests.length), /1/);
  assert.throws(() => readSuite(join(folder, "absent.textpb")), /absent\.textpb: cannot be read \(ENOENT\)/);
});

test("bodies are cut by number, by size, or not at all", () => {
  const chunks = (fields: string, content: string): string[] =>
    read(
      `test { ${fields} request_body { input { content: "${content}" } } }`,
    ).tests[0]!.requestBody[0]!.chunks.map((chunk) => Buffer.from(chunk).toString());
  assert.deepEqual(chunks("num_chunks: 3", "1234567890"), ["123", "456", "7890"]);
  assert.deepEqual(chunks("num_chunks: 4", "12"), ["", "", "", "12"]);
  assert.deepEqual(chunks("chunk_size: 4", "1234567890"), ["1234", "5678", "90"]);
  assert.deepEqual(chunks("", "1234567890"), ["1234567890"]);
  assert.deepEqual(chunks("chunk_size: 4", ""), [""]);
});

test("HTTP/1 text becomes headers", () => {
  assert.deepEqual(parseHttpText("GET /a?b HTTP/1.1\r\nHost: h\r\nX: 1\r\nx:  2 \r\n\r\nbody", "request"), [
    [":method", "GET"],
    [":path", "/a?b"],
    [":authority", "h"],
    ["x", "1, 2"],
  ]);
  assert.deepEqual(parseHttpText("GET http://other:81 HTTP/1.1\nHost: h", "request"), [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "other:81"],
  ]);
  assert.deepEqual(parseHttpText("HTTP/1.1 404 Not Found\nA: b", "response"), [
    [":status", "404"],
    ["a", "b"],
  ]);
  assert.throws(() => parseHttpText("GET / HTTP/1.1\nno colon", "request"), /"no colon" is no header line/);
});

/** Changes a text at random places, as `random` says. */
function garble(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const piece = ["{", "}", ":", '"', "\n", "test", "-", "\\", "#", ""][Math.floor(random() * 10)]!;
  return text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 3));
}

test(
  "a suite that was garbled is read or refused with its name, and nothing else happens",
  { skip: skipGoogleSuites },
  () => {
    let state = 1;
    const random = (): number => ((state = (state * 48271) % 0x7fffffff) - 1) / 0x7ffffffe;
    for (const kind of ["textpb", "yaml"] as const) {
      const base = readFileSync(join(googleSuites, "add_request_header", `tests.${kind}`), "utf8");
      for (let i = 0; i < 300; i++) {
        let text = base;
        for (let changes = random() * 4; changes > 0; changes--) text = garble(text, random);
        try {
          read(text, kind);
        } catch (error) {
          assert.ok(error instanceof SuiteError, `${String(error)}\n${text}`);
        }
      }
    }
  },
);
