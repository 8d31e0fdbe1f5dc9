/** Which tests look at what a source does. Golden files and counts do not: a person renews them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/paths.js";

/** Sources, and the beginnings of their tests' paths. The first that fits counts. */
const table: readonly (readonly [source: string, tests: readonly string[]])[] = [
  ["src/host/", ["tests/host/", "tests/parity/parity.", "tests/parity/older."]],
  [
    "src/transform/compiler/",
    [
      ...["tests/language/values.", "tests/language/closures.", "tests/language/constructs."],
      ...[
        "tests/language/",
        "tests/transform/meaning.",
        "tests/transform/appends.",
        "tests/transform/programs.",
      ],
    ],
  ],
  [
    "src/transform/contain/",
    [
      ...["tests/transform/meaning.", "tests/places/", "tests/language/exceptions.", "tests/envoy/bugs."],
      ...["tests/envoy/contain.", "tests/envoy/caught.", "tests/envoy/endless.", "tests/transform/"],
    ],
  ],
  [
    "src/transform/flow/",
    ["tests/tooling/build-errors.", "tests/flow/", "tests/envoy/flow.", "tests/transform/"],
  ],
  ["src/transform/source/config-readers.", ["tests/std/config-class."]],
  [
    "src/transform/",
    [
      ...["tests/tooling/build-errors.", "tests/transform/late-writes.", "tests/transform/trailers."],
      ...["tests/transform/", "tests/places/", "tests/tooling/header-literals."],
    ],
  ],
  ["src/inspect/", ["tests/cli/inspect."]],
  ["src/wasm/", ["tests/cli/inspect.", "tests/host/hostile.", "tests/transform/exports."]],
  ["src/count/", ["tests/cli/bench.", "tests/coverage/", "tests/soak/"]],
  ["src/schema/", ["tests/cli/schema."]],
  ["src/pages/", ["tests/site/"]],
  ["src/testing/", ["tests/host/kit"]],
  ["src/envoy/", ["tests/envoy/find.", "tests/envoy/hello.", "tests/envoy/install."]],
  ["assembly/std/", ["tests/std/"]],
  [
    "assembly/flow/",
    [
      ...["tests/flow/", "tests/envoy/flow.", "tests/envoy/held-parts.", "tests/envoy/framing-elsewhere."],
      ...["tests/envoy/tunnel.", "tests/envoy/no-connection.", "tests/envoy/grpc-alike."],
      "tests/envoy/contain.",
    ],
  ],
  ["assembly/envoy/", ["tests/envoy/"]],
  [
    "assembly/",
    [
      ...[
        "tests/statuses/",
        "tests/envoy/header",
        "tests/envoy/body",
        "tests/envoy/framing",
        "tests/envoy/held-",
      ],
      ...[
        "tests/host/kit",
        "tests/host/call-headers.",
        "tests/host/early-calls.",
        "tests/host/fresh-tick.",
        "tests/host/gone.",
        "tests/host/leaks.",
      ],
      ...["tests/transform/late-writes.", "tests/transform/parts.", "tests/transform/trailers."],
      ...["tests/envoy/", "tests/flow/", "tests/std/"],
    ],
  ],
];

/** The test files for a source, in the order in which they are tried first. */
export function testsOf(source: string): string[] {
  const folder = source.split("/")[1] ?? "";
  const beginnings = table.find(([start]) => source.startsWith(start))?.[1] ?? [`tests/${folder}/`];
  const all = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
    .map((path) => `tests/${path}`)
    .filter((path) => path.endsWith(".test.ts") && !path.endsWith(".long.test.ts"))
    .sort();
  return [...new Set(beginnings.flatMap((start) => all.filter((path) => path.startsWith(start))))];
}
