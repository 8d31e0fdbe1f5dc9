/** A real OpenID provider (the package oidc-provider, which is certified), and somebody with a browser who logs in there. */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
// @ts-expect-error It has no types.
import Provider from "oidc-provider";

/** Where the site under test is, as browsers see it. */
export const SITE = "https://app.example";
export const CLIENT = { clientId: "site", clientSecret: "a secret of the site" };

export interface OidcProvider {
  readonly issuer: string;
  readonly port: number;
  /** The paths that were asked for. */
  readonly paths: string[];
}

/** Starts a provider that ends with the test. */
export async function startProvider(t: TestContext): Promise<OidcProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { warn, info } = console;
  // It says that its storage and pages are for tests, which is what they are used for.
  console.warn = console.info = () => undefined;
  t.after(() => Object.assign(console, { warn, info }));
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${SITE}/oidc/callback`],
        post_logout_redirect_uris: [`${SITE}/`],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "a", use: "sig", alg: "RS256" }] },
    cookies: { keys: ["a key for the provider's own cookies"] },
  }) as { callback(): Parameters<typeof server.on>[1] };
  const handle = provider.callback() as (request: unknown, response: unknown) => void;
  const paths: string[] = [];
  server.on("request", (request, response) => {
    paths.push(request.url!);
    handle(request, response);
  });
  return { issuer, port, paths };
}

/** What a browser got. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** A browser with cookies, for which the site is at `port`. */
export class Browser {
  /** By origin, and by name. */
  readonly cookies = new Map<string, Map<string, string>>();

  constructor(private readonly port: number) {}

  /** One request, without following where it leads. */
  async request(
    url: string,
    options: { method?: string; body?: string; headers?: object } = {},
  ): Promise<Page> {
    const { origin, pathname, search } = new URL(url);
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const target = origin === SITE ? `http://127.0.0.1:${this.port}` : origin;
    const response = await fetch(target + pathname + search, {
      redirect: "manual",
      method: options.method ?? "GET",
      ...(options.body !== undefined && { body: options.body }),
      headers: {
        accept: "text/html",
        ...(cookie !== "" && { cookie }),
        ...(options.body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
        ...options.headers,
      },
    });
    const cookies = response.headers.getSetCookie();
    for (const one of cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      const isOver = /max-age=0|expires=[^;]*1970/i.test(one);
      if (isOver) jar.delete(name!);
      else jar.set(name!, value!);
    }
    const to = response.headers.get("location");
    const location = to === null ? undefined : new URL(to, url).href;
    return { url, status: response.status, location, cookies, text: await response.text() };
  }

  /** Goes where it is sent, and fills in what it is asked, as `user`, until it is to call `stop`. */
  async follow(from: string, user: string, stop: string): Promise<string> {
    let url = from;
    for (let i = 0; i < 20; i++) {
      if (url.startsWith(stop)) return url;
      let page = await this.request(url);
      const [, action] = /<form[^>]* action="([^"]+)"/.exec(page.text) ?? [];
      if (page.location === undefined && action !== undefined) {
        const prompt = /name="prompt" value="(\w+)"/.exec(page.text)![1]!;
        const body = new URLSearchParams({ prompt, login: user, password: "any" }).toString();
        page = await this.request(new URL(action, url).href, { method: "POST", body });
      }
      if (page.location === undefined) throw new Error(`${page.status} of ${page.url}:\n${page.text}`);
      url = page.location;
    }
    throw new Error(`it goes round: ${url}`);
  }
}
