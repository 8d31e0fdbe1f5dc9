/** The bytes that arrive in a plugin, by what a host makes of a configuration. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sentConfiguration, sentStruct } from "../../src/deploy/index.js";

const targets = ["envoy", "istio", "envoy-gateway"] as const;

test("Istio and Envoy Gateway write JSON as Go does; both leave out what is empty", () => {
  const text =
    '{"é": 1e3, "z": "<a&b>\\u2028\\u007f", "B": [1.50, -0, 1e21, 1e-7], "a": {"y": null, "x": true}}';
  const json =
    '{"B":[1.5,0,1e+21,1e-7],"a":{"x":true,"y":null},"z":"\\u003ca\\u0026b\\u003e\\u2028\u007f","é":1000}';
  assert.equal(sentConfiguration("istio", text), json);
  assert.equal(sentConfiguration("envoy-gateway", text), json);
  assert.equal(sentConfiguration("envoy", text), text);
  assert.equal(sentConfiguration("istio", "{}"), "");
  assert.equal(sentConfiguration("envoy-gateway", "{}"), "{}");
  assert.equal(sentConfiguration("envoy-gateway", "null"), "");
  for (const target of targets) assert.equal(sentConfiguration(target, undefined), "");
});

test("Istio's objects with names of their own and its EnvoyFilter send as their hosts do", () => {
  const text = '{"b": 1, "a": [true]}';
  for (const target of ["istio-wasm-plugin", "istio-traffic-extension"] as const) {
    assert.equal(sentConfiguration(target, text), '{"a":[true],"b":1}');
    assert.equal(sentConfiguration(target, "{}"), "");
  }
  assert.equal(sentConfiguration("envoyfilter", text), text);
});

test("Envoy Gateway sends integers of 64 bits as they stand there, and half a pair of surrogates as U+FFFD", () => {
  for (const [text, sent] of [
    ["[9007199254740993,-9223372036854775808,1,1.5]", "[9007199254740993,-9223372036854775808,1,1.5]"],
    ['{"9007199254740993": "9007199254740993"}', '{"9007199254740993":"9007199254740993"}'],
    ['"\\ud800"', '"\ufffd"'],
    ["true", "true"],
    ['{"\u{ff61}": 1, "\u{1f600}": 2, "a": 3}', '{"a":3,"\u{ff61}":1,"\u{1f600}":2}'],
  ] as const)
    assert.equal(sentConfiguration("envoy-gateway", text), sent);
});

test("a Struct: each kind of value by its tag, in the order of the fields", () => {
  const five = "110000000000001440";
  for (const [json, value] of [
    ["null", "0800"],
    ["5", five],
    ['"x"', "1a0178"],
    ["false", "2000"],
    ["true", "2001"],
    ["{}", "2a00"],
    ['{"b":"x"}', "2a0a0a080a016212031a0178"],
    ["[]", "3200"],
    ["[null,5]", `320f0a0208000a09${five}`],
  ] as const) {
    const length = (bytes: number): string => bytes.toString(16).padStart(2, "0");
    const size = value.length / 2;
    const field = `0a${length(size + 5)}0a016112${length(size)}${value}`;
    assert.equal(Buffer.from(sentStruct(`{"a":${json}}`)).toString("hex"), field, json);
  }
  const two = "0a070a017a12020800" + "0a070a016112022001";
  assert.equal(Buffer.from(sentStruct('{"z":null,"a":true}')).toString("hex"), two);
  assert.equal(sentStruct("{}").length, 0);
});

test("a Struct is made of an object only", () => {
  assert.ok(sentStruct("{}") instanceof Uint8Array);
  for (const text of ["[1]", '"x"', "null", "7"])
    assert.throws(() => sentStruct(text), { name: "ManifestError", message: /only an object/ }, text);
});
