import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startEcho } from "proxy-wasm-as/echo";
import { Envoy, findEnvoy } from "proxy-wasm-as/envoy";
import { createHost } from "proxy-wasm-as/testing";

const wasm = fileURLToPath(new URL("../build/flow-aggregate.wasm", import.meta.url));
const found = findEnvoy();
const skip = found.path === undefined ? found.reason : false;

const handler = (incoming, response) => {
  const [, part, id] = incoming.path.split("/");
  const answer = () => response.end(JSON.stringify(`${part} of ${id}`));
  if (id === "broken" && part === "cart") return response.destroy();
  setTimeout(answer, id === "slow" && part === "news" ? 900 : Math.random() * 30);
};

let upstream, side, envoy;
before(async () => {
  if (skip !== false) return;
  upstream = await startEcho();
  side = await startEcho(handler);
  envoy = await Envoy.start({
    envoy: found.path,
    filters: [{ wasm }],
    upstream: upstream.port,
    clusters: { services: side.port },
  });
});
after(async () => {
  await envoy?.stop();
  await upstream?.close();
  await side?.close();
});

const url = (path) => `http://127.0.0.1:${envoy.port}${path}`;

test("three answers become one", { skip }, async () => {
  const response = await fetch(url("/home/7"));
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.deepEqual(await response.json(), { user: "user of 7", cart: "cart of 7", news: "news of 7" });
});

test("what fails or is too slow is left out", { skip }, async () => {
  assert.deepEqual(await (await fetch(url("/home/broken"))).json(), {
    user: "user of broken",
    cart: null,
    news: "news of broken",
  });
  assert.equal((await (await fetch(url("/home/slow"))).json()).news, null);
});

test("other paths reach the upstream", { skip }, async () => {
  assert.match(await (await fetch(url("/other"))).text(), /^GET \/other/);
});

test("no id leads to another path of the services", { skip }, async () => {
  const before = side.requests.length;
  for (const id of ["%2e%2e%2Fadmin", "a%2Fb", ""])
    assert.equal((await fetch(url(`/home/${id}`))).status, 404, id);
  assert.equal(side.requests.length, before);
  await fetch(url("/home/J%C3%BCrgen%3Fx%23?y=1"));
  const asked = side.requests.slice(before).map(({ path }) => path);
  assert.deepEqual(asked.sort(), [
    "/cart/J%C3%BCrgen%3Fx%23",
    "/news/J%C3%BCrgen%3Fx%23",
    "/user/J%C3%BCrgen%3Fx%23",
  ]);
});

// In the embedded host, which needs no Envoy.
test("unit: an answer that is too late is left out", async () => {
  const services = ({ path }) => ({ body: JSON.stringify(path), delay: path.startsWith("/news") ? 301 : 10 });
  const host = await createHost({ wasm, upstream: {}, clusters: { services } });
  const { body } = await host.request({ path: "/home/7" });
  assert.deepEqual(JSON.parse(body), { user: "/user/7", cart: "/cart/7", news: null });
});

test("unit: dots are no id, and without any answer there is none", async () => {
  const asked = [];
  const services = ({ path }) => {
    asked.push(path);
    return { status: 500 };
  };
  const host = await createHost({ wasm, upstream: {}, clusters: { services } });
  for (const id of ["..", ".", "%2e%2e", "../admin", "..%2Fadmin", "", "?x=1"])
    assert.equal((await host.request({ path: `/home/${id}` })).status, 404, id);
  assert.deepEqual(asked, []);
  assert.equal((await host.request({ path: "/home/7" })).status, 503);
});
