/** std/rules against a table, and against a plain model of it, rules and requests at random. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { configClasses, jsonSchema } from "../../src/schema/index.js";
import { faultOf } from "../../src/schema/validate.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { Random, rounds } from "./random.js";

const entry = "tests/std/filters/rules.ts";
const wasm = await compileFilter(entry);

interface MatchOf {
  hosts?: string[];
  paths?: string[];
  methods?: string[];
  headers?: { name: string; value?: string }[];
  routes?: string[];
}
const rule = (name: string, match: MatchOf, priority = 0): object => ({ match, name, priority });

const table = {
  otherwise: "default",
  rules: [
    rule("one host", { hosts: ["a.example.com"] }),
    rule("below", { hosts: ["*.Example.com"], paths: ["/api/*"] }),
    rule("post", { methods: ["POST", "PUT"], paths: ["/form"] }),
    rule("canary", { headers: [{ name: "X-Canary", value: "true" }] }),
    rule("two", { headers: [{ name: "x-any" }, { name: "x-other", value: "1" }] }),
    rule("route", { routes: ["blue"] }),
    rule("late", { paths: ["/late"] }),
    rule("encoded", { paths: ["/caf%C3%A9/a b"] }),
    rule("six", { hosts: ["[2001:db8::1]"] }),
    rule("first", { paths: ["/late", "/first"] }, 5),
    rule("again", { paths: ["/late", "/first"] }, 5),
    rule("last", { paths: ["/late", "/last/*"] }, -5),
  ],
};

test("a table of requests and the rules they meet", async () => {
  const host = await createHost({ wasm, pluginConfig: table });
  const rows: [Record<string, string>, string][] = [
    [{ ":authority": "a.example.com" }, "one host"],
    [{ ":authority": "A.Example.COM:8080" }, "one host"],
    [{ ":authority": "a.example.com." }, "one host"],
    [{ ":authority": "b.example.com", ":path": "/api" }, "below"],
    [{ ":authority": "b.c.example.com", ":path": "/api/x?y" }, "below"],
    [{ ":authority": "b.example.com", ":path": "/x/../%61pi/y" }, "below"],
    [{ ":authority": "b.example.com", ":path": "//api//y" }, "below"],
    [{ ":authority": "b.example.com", ":path": "/apis" }, "default"],
    [{ ":authority": "b.example.com", ":path": "/API" }, "default"],
    [{ ":authority": "example.com", ":path": "/api" }, "default"],
    [{ ":authority": "evilexample.com", ":path": "/api" }, "default"],
    [{ ":authority": "b.example.com@evil.test", ":path": "/api" }, "default, unreadable"],
    [{ ":authority": "b.example.com", ":path": "/api%2f" }, "default, unreadable"],
    [{ ":authority": "b.example.com", ":path": "/api/..;/x" }, "default, unreadable"],
    [{ ":authority": "b.example.com", ":path": "/api/x\\..\\y" }, "default, unreadable"],
    [{ ":authority": "", ":path": "/" }, "default, unreadable"],
    [{ ":authority": "[2001:db8::1]:80" }, "six"],
    [{ ":method": "PUT", ":path": "/form?a" }, "post"],
    [{ ":method": "GET", ":path": "/form" }, "default"],
    [{ ":method": "post", ":path": "/form" }, "default"],
    [{ ":method": "OPTIONS", ":path": "*" }, "default"],
    [{ "x-canary": "true" }, "canary"],
    [{ "x-canary": "True" }, "default"],
    [{ "x-any": "", "x-other": "1" }, "two"],
    [{ "x-any": "" }, "default"],
    [{ ":path": "/caf%c3%a9/a%20b" }, "encoded"],
    [{ ":path": "/late" }, "first"],
    [{ ":path": "/first" }, "first"],
    [{ ":path": "/late/x" }, "default"],
    [{ ":path": "/last/x" }, "last"],
    [{ ":path": `/${"../".repeat(5000)}` }, "default, unreadable"],
    [{ ":path": `/last${"/a/..".repeat(5000)}` }, "last"],
  ];
  for (const [headers, expected] of rows)
    assert.equal((await host.request({ headers })).body, expected, JSON.stringify(headers).slice(0, 200));
  const repeated = await host.request({
    headers: [
      ["x-canary", "false"],
      ["x-canary", "true"],
    ],
  });
  assert.equal(repeated.body, "canary");
});

test("rules at random are those of a plain model", async () => {
  const random = new Random(1);
  const some = <T>(list: readonly T[]): T[] => list.filter(() => random.below(3) === 0);
  const maybe = <T>(list: readonly T[]): T[] | undefined => (random.below(2) === 0 ? undefined : some(list));
  const seen = new Set<string>();
  for (let i = 0; i < rounds(60); i++) {
    const rules = Array.from({ length: random.below(7) }, (_, index) => ({
      match: {
        hosts: maybe(["a.test", "*.test", "b.test", "*"]),
        paths: maybe(["/", "/a", "/a/*", "/a/b", "/*"]),
        methods: maybe(["GET", "POST"]),
        headers: maybe([{ name: "x-a", value: "1" }, { name: "x-a", value: "2" }, { name: "x-b" }]),
      },
      name: String(index),
      priority: random.below(3) - 1,
    }));
    const host = await createHost({ wasm, pluginConfig: { rules } });
    for (let n = 0; n < 12; n++) {
      const [authority, path, method] = [
        random.pick(["a.test", "b.test", "test", "x.a.test"]),
        random.pick(["/", "/a", "/ab", "/a/b", "/a/"]),
        random.pick(["GET", "POST", "PUT"]),
      ];
      const extra = some([
        ["x-a", "1"],
        ["x-a", "2"],
        ["x-b", ""],
      ] as [string, string][]);
      const isHost = (each: string): boolean =>
        new RegExp(`^${each.replaceAll(".", "\\.").replace("*", ".+")}$`).test(authority);
      const isPath = (each: string): boolean => new RegExp(`^${each.replace(/\/\*$/, "(/.*)?")}$`).test(path);
      const holds = <T>(list: T[] | undefined, test: (each: T) => boolean): boolean =>
        list === undefined || list.length === 0 || list.some(test);
      const [best] = rules
        .filter(
          ({ match }) =>
            holds(match.hosts, isHost) &&
            holds(match.paths, isPath) &&
            holds(match.methods, (each) => each === method) &&
            (match.headers ?? []).every(({ name, value }) =>
              extra.some((header) => header[0] === name && (value === undefined || header[1] === value)),
            ),
        )
        .sort((a, b) => b.priority - a.priority);
      const { body } = await host.request({
        headers: [[":authority", authority], [":path", path], [":method", method], ...extra],
      });
      assert.equal(body, best?.name ?? "none", JSON.stringify([rules, authority, path, method, extra]));
      seen.add(body);
    }
  }
  assert.ok(seen.size >= 6, [...seen].join(" "));
});

test("what is wrong in rules is said with its place, and the schema refuses what classes do", async () => {
  const source = (path: string): string =>
    readFileSync(join(root, path.replace("~lib/proxy-wasm-as/", "")), "utf8");
  const [settings] = configClasses([entry], source);
  const schema = jsonSchema(settings!);
  for (const [config, error, bySchema] of [
    [{ rule: [] }, /rule: unknown field/, true],
    [{ rules: [{ name: "a" }] }, /rules\[0\]\.match: missing/, true],
    [{ rules: [{ match: {}, name: "a" }, { match: {} }] }, /rules\[1\]\.name: missing/, true],
    [{ rules: [{ match: { host: ["a"] }, name: "a" }] }, /rules\[0\]\.match\.host: unknown field/, true],
    [{ rules: [{ match: { headers: [{}] }, name: "a" }] }, /match\.headers\[0\]\.name: missing/, true],
    [{ rules: [{ match: {}, name: "a", priority: 0.5 }] }, /rules\[0\]\.priority: expected a whole/, true],
    [{ rules: [rule("a", { hosts: ["b", "a.*"] })] }, /rules\[0\]\.match\.hosts\[1\]: not "a\.\*"; write/],
    ...["", "*.", "*a", "a:80", "*.*.a", "a/b", "*.a:1", "a b", "é.example", "1.2.3", "a@b"].map((host) => [
      { rules: [rule("a", { hosts: [host] })] },
      /match\.hosts\[0\]/,
    ]),
    ...["", "a", "/a/**", "/*/b", "/a?b", "/a%2fb", "/../a", "*", "/a\\b", "/a%zz"].map((path) => [
      { rules: [rule("a", { paths: [path] })] },
      /match\.paths\[0\]/,
    ]),
    ...["get", "", "A B"].map((method) => [
      { rules: [rule("a", {}), rule("a", { methods: ["GET", method] })] },
      /rules\[1\]\.match\.methods\[1\]/,
    ]),
    ...[":path", "", "a b"].map((name) => [
      { rules: [rule("a", { headers: [{ name }] })] },
      /match\.headers\[0\]/,
    ]),
  ] as [object, RegExp, true?][]) {
    await assert.rejects(createHost({ wasm, pluginConfig: config }), error, JSON.stringify(config));
    assert.equal(faultOf(config, schema) !== undefined, bySchema === true, JSON.stringify(config));
  }
  assert.equal(faultOf(table, schema), undefined);
});

envoyTest("rules by the name of a route, and by host and path, in Envoy", async (t) => {
  const envoy = await startEnvoy(t, {
    filters: [{ wasm, configuration: JSON.stringify(table) }],
    edit: (config) => {
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      const { routes } = manager.route_config.virtual_hosts[0];
      routes.unshift({ ...routes[0], name: "blue", match: { prefix: "/blue" } });
    },
  });
  assert.equal((await request(envoy.port, { path: "/blue" })).body, "route");
  assert.equal((await request(envoy.port, { path: "/late" })).body, "first");
  assert.equal((await request(envoy.port, { path: "/x" })).body, "default");
});
