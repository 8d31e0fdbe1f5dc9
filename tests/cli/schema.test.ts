/** `schema`, and what `manifest` does with it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { parse } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import { cli, temporaryFolder } from "./support.js";

const source = `import { readConfig } from "proxy-wasm-as/assembly/std/config";
import { Limits } from "./limits";
export class Settings {
  /** The header to set. */
  header!: string;
  limits: Limits = new Limits();
}
export function read(text: string): bool {
  return readConfig<Settings>(text) !== null;
}
`;

function project(t: TestContext, text = source): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "asconfig.json"), '{ "entries": ["./index.ts"] }');
  writeFileSync(join(folder, "index.ts"), text);
  writeFileSync(join(folder, "limits.ts"), "export class Limits {\n  /** @min 1 */ rps: u32 = 5;\n}\n");
  return folder;
}

test("schema writes the schema of what the entries read, and tells editors of it", (t) => {
  const cwd = project(t);
  const { status, stdout } = cli(["schema", "-o", "configuration.schema.json"], { cwd });
  assert.equal(status, 0);
  assert.match(stdout, /# yaml-language-server: \$schema=configuration\.schema\.json/);
  const text = readFileSync(join(cwd, "configuration.schema.json"), "utf8");
  assert.deepEqual(JSON.parse(text), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings",
    type: "object",
    properties: {
      header: { description: "The header to set.", type: "string" },
      limits: { $ref: "#/$defs/Limits" },
    },
    required: ["header"],
    additionalProperties: false,
    $defs: {
      Limits: {
        type: "object",
        properties: { rps: { type: "integer", minimum: 1, maximum: 4294967295, default: 5 } },
        additionalProperties: false,
      },
    },
  });
  assert.equal(cli(["schema", "index.ts"], { cwd }).stdout, text);
  assert.match(cli(["schema", "--markdown"], { cwd }).stdout, /^\| `header` \| text +\| must be there/m);
});

test("schema says what keeps it from writing one", (t) => {
  const more = `${source}class Other { a: string = ""; }\nexport const other = readConfig<Other>("");\n`;
  const cases: [string, readonly string[], RegExp][] = [
    ["export const a: i32 = 1;\n", [], /^No call of readConfig<T>\(\) was found: read/],
    [more, [], /^The filter reads several classes; choose one with --class: Settings, Other\.$/m],
    [more, ["--class", "Third"], /^The filter reads no class Third; it reads Settings, Other\.$/m],
    [
      source.replace("header!: string", "header!: Date"),
      [],
      /^index\.ts:5:12: the field header of Settings has the type Date/,
    ],
    [source, ["none.ts"], /^There is no file .*none\.ts/],
  ];
  for (const [text, parameters, expected] of cases) {
    const { status, stderr } = cli(["schema", ...parameters], { cwd: project(t, text) });
    assert.equal(status, 1, stderr);
    assert.match(stderr, expected);
  }
  assert.equal(cli(["schema", "--class", "Other"], { cwd: project(t, more) }).status, 0);
});

test("manifest --schema refuses a configuration that does not fit, and tells editors of the manifest's schema", async (t) => {
  const wasm = await buildExample("rate-limit");
  const cwd = project(t);
  for (const host of ["istio", "istio-traffic-extension", "envoy-gateway"]) {
    cli(["schema", "--for", host, "-o", "manifest.schema.json"], { cwd });
    const target = host === "envoy-gateway" ? ["--target-ref", "Gateway/web"] : [];
    const make = (config: object, ...more: string[]): ReturnType<typeof cli> =>
      cli(
        [
          "manifest",
          wasm,
          "--for",
          host,
          "--image",
          "r.example/f:1",
          "--schema",
          "manifest.schema.json",
          "--untried",
          ...target,
          "-c",
          JSON.stringify(config),
          ...more,
        ],
        { cwd },
      );
    const { status, stdout, stderr } = make({ header: "x", limits: { rps: 2 } });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^# yaml-language-server: \$schema=manifest\.schema\.json\n/);
    const wrong = make({ header: "x", limits: { rps: 0 } }, "-o", "out.yaml");
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /^The configuration does not fit manifest\.schema\.json: limits\.rps: /);
    assert.ok(!existsSync(join(cwd, "out.yaml")));
    // The schema of the manifest finds the configuration where this manifest has it.
    const { Ajv2020 } = await import("ajv/dist/2020.js");
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(join(cwd, "manifest.schema.json"), "utf8")) as object,
    );
    assert.ok(validate(parse(stdout)));
    assert.ok(!validate(parse(stdout.replace(/"?rps"?: 2/, "rps: 0"))), stdout);
  }
  cli(["schema", "-o", "plain.schema.json"], { cwd });
  const plain = [
    "manifest",
    wasm,
    "--for",
    "envoy",
    "--file",
    "f.wasm",
    "--schema",
    "plain.schema.json",
    "--untried",
  ];
  assert.match(cli(plain, { cwd }).stderr, /does not fit plain\.schema\.json: configuration: .*header/);
  assert.doesNotMatch(cli([...plain, "-c", '{"header":"x"}'], { cwd }).stdout, /yaml-language-server/);
});
