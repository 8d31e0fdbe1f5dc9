/** Configurations, and other texts of users, as they stand in manifests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { configurationText, manifest, sentConfiguration } from "../../src/deploy/index.js";
import { changedNumbers } from "../../src/deploy/numbers.js";
import { clusterGrid } from "./support/grid.js";
import { base, eg } from "./support/options.js";

test("each manifest is the same text to YAML 1.1, which Kubernetes reads, and 1.2", () => {
  for (const { title, options } of clusterGrid()) {
    const text = manifest(options);
    assert.deepEqual(parse(text, { version: "1.1" }), parse(text, { version: "1.2" }), title);
  }
});

test("what is said twice is written twice, without anchors and aliases of YAML", () => {
  const code = { kind: "local", file: "/x.wasm" } as const;
  const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };
  const text = manifest({ target: "envoyfilter", name: "a", code, targetRefs: [gateway, gateway] });
  assert.equal(text.match(/- group: gateway\.networking\.k8s\.io$/gm)?.length, 2);
});

test("characters that Go's reader refuses, or folds as ends of lines, are written as escapes", () => {
  const value = { "a\u0085": "x\u007f\u0085\u009b\u2028\u2029\ufeff\uffffy" };
  const options = { target: "istio", name: "a", code: { kind: "image", image: "r.example/a:1" } } as const;
  const text = manifest({ ...options, configuration: JSON.stringify(value) });
  assert.doesNotMatch(text, /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/);
  const { spec } = parse(text) as { spec: { wasm: { pluginConfig: unknown } } };
  assert.deepEqual(spec.wasm.pluginConfig, value);
});

test("an image's address always has its scheme, which Istio otherwise drops in silence", () => {
  const text = manifest({ ...base, code: { kind: "image", image: "127.0.0.1:5000/x:1" } });
  assert.equal((parse(text) as { spec: { url: string } }).spec.url, "oci://127.0.0.1:5000/x:1");
});

/** YAML, and the JSON that it becomes. */
const yaml: readonly (readonly [text: string, json: string])[] = [
  ['a: 1\nb: ["x", 2.5, null, true]\n"on": "n"\n', '{"a":1,"b":["x",2.5,null,true],"on":"n"}'],
  ["big: 9007199254740993\n", '{"big":9007199254740993}'],
  ["a: {b: [], c: {}}\nd:\n", '{"a":{"b":[],"c":{}},"d":null}'],
  ["a: &one [1]\nb: *one\n", '{"a":[1],"b":[1]}'],
  // Keys are texts in JSON, and become those that Kubernetes makes of them.
  ["1: a\n1.5: b\ntrue: c\n~: d\n", '{"1":"a","1.5":"b","true":"c","null":"d"}'],
  ["text\n", '"text"'],
  ["", "null"],
];

for (const [text, json] of yaml)
  test(`YAML as JSON: ${JSON.stringify(text)}`, () => {
    for (const file of ["c.yaml", "c.yml"]) assert.equal(configurationText(file, text), json);
  });

const disagreed = (near: string): string =>
  `c.yaml: Kubernetes reads YAML 1.1, where an unquoted on, off, yes, no, y, n or 0777 is not what it looks like; put it in quotes (near ${JSON.stringify(near)}).`;

/** YAML that is not taken, and what is said of it. */
const notYaml: readonly (readonly [text: string, message: string | RegExp])[] = [
  ["on: 1\n", disagreed('{"on":1}')],
  ["n: 1\n", disagreed('{"n":1}')],
  ["a: yes\n", disagreed('{"a":"yes"}')],
  ["a: 0777\n", disagreed('{"a":777}')],
  ["a: 12:30:00\n", disagreed('{"a":"12:30:00"')],
  ["a: 1_000\n", disagreed('{"a":"1_000"}')],
  [
    "first: abcdefghijklmnopqrstuvwxyz\nlast: off\nafter: abcdefghijk\n",
    disagreed('pqrstuvwxyz","last":"off","aft'),
  ],
  ["smile: 😀\nwide: a wide text\na: no\n", disagreed('":"a wide text","a":"no"}')],
  ["a: .inf\n", "c.yaml: JSON has no number Infinity."],
  [".nan: a\n", "c.yaml: JSON has no number NaN."],
  ["? [a]\n: b\n", "c.yaml: JSON has no key that is a list or has keys of its own."],
  ["? {a: b}\n: c\n", "c.yaml: JSON has no key that is a list or has keys of its own."],
  ["a: !!set {b, c}\n", "c.yaml: JSON has no !!set."],
  ["a: !!binary aGk=\n", "c.yaml: JSON has no !!binary."],
  ['1: a\n"1": b\n', 'c.yaml: the key "1" stands twice.'],
  ["a: 1\na: 2\n", /^c\.yaml: Map keys must be unique/],
  ["a: [\n", /^c\.yaml: Flow sequence/],
];

for (const [text, message] of notYaml)
  test(`YAML that is refused: ${JSON.stringify(text)}`, () => {
    assert.throws(() => configurationText("c.yaml", text), { name: "ManifestError", message });
  });

test("a file that is named neither .yaml nor .yml is taken as it is", () => {
  for (const file of ["c.json", "yaml", "c.yaml.txt", "cyml"])
    assert.equal(configurationText(file, '{"a": 1.0}'), '{"a": 1.0}');
});

test("what Istio and Envoy Gateway do not take as a configuration, and why", () => {
  const [only, doubles] = [
    "takes only an object as configuration: {…}, no list, text or number.",
    "on as doubles:",
  ];
  for (const [target, who, numbers] of [
    ["istio", "Istio", "numbers"],
    ["envoy-gateway", "Envoy Gateway", "numbers but integers of 64 bits"],
  ] as const) {
    const refusal = (text: string): string | undefined => {
      try {
        sentConfiguration(target, text);
        return undefined;
      } catch (error) {
        assert.equal((error as Error).name, "ManifestError");
        return (error as Error).message;
      }
    };
    assert.match(
      refusal("text")!,
      new RegExp(
        `^${who} takes the configuration as JSON, and this is none: .*\\. A text goes into an object: {"text": …}\\.$`,
      ),
    );
    assert.equal(
      refusal('{"a":\n{"b":1,\n"b":2}}'),
      "The configuration has a key twice (line 3); all but the last one would be dropped.",
    );
    assert.equal(
      refusal('{"a": 0.12345678901234567891}'),
      `${who} hands ${numbers} ${doubles} 0.12345678901234567891 would become 0.12345678901234568; write it as text, "0.12345678901234567891".`,
    );
    // The reason is about the text as it stands there, whatever has been put into it to keep its numbers.
    assert.match(refusal("[9007199254740993 x")!, /^(?!.*integer).* is none: /);
    for (const value of ["null", "[]", '"a"', "1", "true"])
      assert.equal(refusal(value), target === "istio" ? `${who} ${only}` : undefined, value);
    assert.equal(refusal('{"a":{"b":1},"b":1}'), undefined);
  }
});

test("numbers that a double changes are found, others not", () => {
  const changed = (json: string): string[] => changedNumbers(json).map(({ written }) => written);
  assert.deepEqual(changed('[1, 1.0, 0.1, 1e3, -0, 1E+2, 100000000000000000000, "9007199254740993"]'), []);
  assert.deepEqual(changed("[9007199254740993, 1e400, 3.14159265358979323846]"), [
    "9007199254740993",
    "1e400",
    "3.14159265358979323846",
  ]);
});

test("Envoy Gateway's configuration keeps integers of 64 bits, wherever they stand", () => {
  const written = manifest({
    ...eg,
    configuration:
      '{"id": 9007199254740993, "list": [-9223372036854775808, {"__proto__": 9223372036854775807}], "9007199254740993": "9007199254740993", "one": 1}',
  });
  for (const line of [
    "id: 9007199254740993",
    "- -9223372036854775808",
    '- "__proto__": 9223372036854775807',
    '"9007199254740993": "9007199254740993"',
    "one: 1",
  ])
    assert.ok(
      written.split("\n").some((each) => each.trim() === line),
      `${line}\n${written}`,
    );
});
