import assert from "node:assert/strict";
import { test } from "node:test";
import { OciError, formatReference, parseReference } from "../../src/oci/index.js";
import { isLoopback } from "../../src/oci/reference.js";

const digest = `sha256:${"0f".repeat(32)}`;

const names: [text: string, formatted: string][] = [
  ["localhost/filter", "localhost/filter:latest"],
  ["localhost:5000/filter:1.0.0", "localhost:5000/filter:1.0.0"],
  ["oci://registry.example/a/b_c/d-e:v1", "registry.example/a/b_c/d-e:v1"],
  [`registry.example/filter@${digest}`, `registry.example/filter@${digest}`],
  [`registry.example:8443/filter:1@${digest}`, `registry.example:8443/filter:1@${digest}`],
  ["docker.io/filter", "docker.io/library/filter:latest"],
  ["docker.io/user/filter:Tag_1.x", "docker.io/user/filter:Tag_1.x"],
  ["[::1]:5000/filter:1", "[::1]:5000/filter:1"],
  ["Registry.Example/filter:1", "Registry.Example/filter:1"],
  ["localhost:65535/filter:1", "localhost:65535/filter:1"],
  ["index.docker.io/filter:1", "index.docker.io/library/filter:1"],
  ["registry-1.docker.io/filter:1", "registry-1.docker.io/library/filter:1"],
  ["my.docker.io/filter:1", "my.docker.io/filter:1"],
  [`localhost/filter:${"x".repeat(128)}`, `localhost/filter:${"x".repeat(128)}`],
];

for (const [text, formatted] of names) {
  test(`${text} is read as ${formatted}`, () =>
    assert.equal(formatReference(parseReference(text)), formatted));
}

const refused: [text: string, why: RegExp][] = [
  ["filter:1", /names no registry/],
  ["/filter:1", /names no registry/],
  ["user/filter:1", /names no registry.*docker\.io/],
  ["", /image: write it as REGISTRY\/REPOSITORY:TAG/],
  [" localhost/filter", /image: write it as REGISTRY\/REPOSITORY:TAG/],
  ["localhost/filter\n", /image: write it as REGISTRY\/REPOSITORY:TAG/],
  ["https://registry.example/filter:1", /leave out the scheme/],
  ["localhost/Filter:1", /lower case: "filter"/],
  ["localhost:5000/Team/Filter:1", /lower case: "team\/filter"/],
  ["localhost/filter:-1", /the tag "-1"/],
  [`localhost/filter:${"x".repeat(129)}`, /the tag/],
  ["localhost/filter@sha256:12", /64 lower-case hexadecimal digits/],
  [`localhost/filter@${digest.toUpperCase()}`, /64 lower-case hexadecimal digits/],
  ["localhost:65536/filter:1", /host name with an optional port/],
  ["localhost:99999/filter:1", /host name with an optional port/],
  ["localhost:port/filter:1", /host name with an optional port/],
  ["localhost/a//b:1", /no path of a repository/],
  ["localhost/a/../b:1", /no path of a repository/],
  ["localhost/", /no path of a repository/],
];

for (const [text, why] of refused) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused with the reason`, () => {
    assert.throws(
      () => parseReference(text),
      (error) => error instanceof OciError && error.code === "reference" && why.test(error.message),
    );
  });
}

test("a registry is on this machine by its name or address, whatever its port; no other name is", () => {
  for (const name of ["localhost", "a.localhost", "[::1]", "127.0.0.1", "127.255.0.9"])
    for (const port of ["", ":5000"]) assert.ok(isLoopback(name + port), name + port);
  for (const name of ["localhost.example", "xlocalhost", "[::2]", "128.0.0.1", "127.0.0", "a127.0.0.1"])
    assert.ok(!isLoopback(name), name);
  assert.ok(!isLoopback("127.0.0.1.example:5000"));
});
