// The site of the tests in the embedded host, whose clock stands still.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createHost } from "proxy-wasm-as/testing";
import { makeIssuer, settings } from "./issuer.js";

const wasm = fileURLToPath(new URL("../build/oidc-login.wasm", import.meta.url));
export const time = 1_700_000_000_000;
export const page = { accept: "text/html" };

/** Starts the filter before an issuer of its own. */
export async function start(more = {}) {
  const issuer = makeIssuer(() => time);
  const host = await createHost({
    wasm,
    pluginConfig: { ...settings, ...more },
    upstream: {},
    clusters: { issuer: (call) => issuer.answer(call) },
    time,
  });
  await host.tick(10);
  const get = (path, cookie, headers = {}) =>
    host.request({ path, headers: { ...page, ...headers, ...(cookie !== undefined && { cookie }) } });
  /** Begins a login; answers where the browser is sent, and its cookie. */
  const begin = async (path = "/") => {
    const response = await get(path);
    assert.equal(response.status, 303);
    return { location: response.headers.get("location"), cookie: cookieOf(response, "__Host-login") };
  };
  return { host, issuer, get, begin };
}

/** A cookie that a response sets, as the browser sends it. */
export const cookieOf = (response, name) =>
  response.headers
    .getAll("set-cookie")
    .map((cookie) => cookie.split(";")[0])
    .find((cookie) => cookie.startsWith(`${name}=`));

/** Logs in; answers what comes of the way back. */
export async function login({ issuer, get, begin }, path) {
  const { location, cookie } = await begin(path);
  return get(issuer.login(location), cookie);
}
