/**
 * Requests to a registry: TLS, passwords and tokens, repetition.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { Agent, EnvHttpProxyAgent, fetch } from "undici";
import type { BodyInit, Dispatcher, Response } from "undici";
import { MAX_ANSWER_BYTES, readBounded, tokenIn } from "./answer.js";
import { parseChallenge } from "./challenge.js";
import type { Credentials } from "./credentials.js";
import { OciError } from "./error.js";
import { codeOf, connectionFailure, refusal, speaksPlainHttp } from "./failures.js";
import type { Reference } from "./reference.js";
import { refusedByIstio } from "./istio-realm.js";
import { isDockerHub, isLoopback } from "./reference.js";
import { WatchedBlob } from "./watched-blob.js";

export interface ClientOptions {
  /** Undefined for an anonymous request. */
  readonly credentials?: Credentials | undefined;
  /** Certificates of authorities in PEM, that are trusted besides those of Node. */
  readonly ca?: string | undefined;
  /** Plain HTTP and certificates that nobody vouches for are taken: on this machine, or on the host that is named. */
  readonly insecure?: boolean | string | undefined;
  /** How often a request that failed for a passing reason is sent again. 6 unless given. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first repetition; each further one waits twice as long. 200 unless given. */
  readonly retryDelay?: number | undefined;
  /** Is told why something is tried again: one line, without its end. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** Is told how far a transfer is, often, and undefined at its end. */
  readonly onProgress?: ((text: string | undefined) => void) | undefined;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Is told how many bytes of the body have gone out in this attempt. */
  readonly onSent?: (bytes: number) => void;
  /** Makes the address anew before each attempt: an upload that broke off is begun again. */
  readonly prepare?: () => Promise<string>;
}

/** One repository on one registry. */
export class RegistryClient {
  private readonly dispatcher: Dispatcher;
  private scheme: "https" | "http" = "https";
  private hasWarned = false;
  private authorization: string | undefined;
  private readonly insecure: boolean;

  constructor(
    private readonly reference: Reference,
    /** The actions on the repository: "pull" or "pull,push". */
    private readonly actions: string,
    private readonly options: ClientOptions = {},
  ) {
    const { registry } = reference;
    const { insecure } = options;
    if (insecure === true && !isLoopback(registry))
      throw new OciError(
        "tls",
        `${registry} is not on this machine: passwords and modules would travel readable. Give its certificate's authority with --ca FILE, or say that you mean it with --insecure-host ${registry}.`,
      );
    this.insecure = insecure === true || insecure === registry;
    const connect = {
      timeout: 15_000,
      rejectUnauthorized: !this.insecure,
      ...(options.ca !== undefined && { ca: [...rootCertificates, options.ca] }),
    };
    const times = { headersTimeout: 300_000, bodyTimeout: 60_000 };
    this.dispatcher =
      isLoopback(registry) || !Object.keys(process.env).some((name) => /^https?_proxy$/i.test(name))
        ? new Agent({ connect, ...times })
        : new EnvHttpProxyAgent({ connect, ...times });
  }

  /** Ends the connections. */
  close(): Promise<void> {
    return this.dispatcher.destroy();
  }

  private get origin(): string {
    const host = isDockerHub(this.reference.registry) ? "registry-1.docker.io" : this.reference.registry;
    return `${this.scheme}://${host}`;
  }

  /** Sends a request to a path below `/v2/REPOSITORY/`, or to an address; the answer is one of `expected`. */
  async request(target: string, expected: readonly number[], call: Call = {}): Promise<Response> {
    const { retries = 6, retryDelay = 200 } = this.options;
    let asked = 0;
    for (let attempt = 0; ; attempt++) {
      let response: Response;
      try {
        const address = call.prepare === undefined ? target : await call.prepare();
        const url = new URL(address, `${this.origin}/v2/${this.reference.repository}/`).href;
        response = await this.send(url, call);
      } catch (error) {
        if (error instanceof OciError) throw error;
        if (this.fallBack(error)) {
          attempt--;
          continue;
        }
        const failure = connectionFailure(this.reference, error);
        if (attempt >= retries || failure.code === "tls") throw failure;
        await this.pause(failure.message, retryDelay * 2 ** attempt);
        continue;
      }
      const { status } = response;
      if (expected.includes(status)) return response;
      if (status === 401 && asked < 2) {
        asked++; // once for the first time, once more for a token that has run out meanwhile
        const header = response.headers.get("www-authenticate") ?? "";
        await readBounded(response, MAX_ANSWER_BYTES, "The registry's answer");
        if (await this.authorize(header, asked > 1)) {
          attempt--;
          continue;
        }
      }
      const failure = await refusal(this.reference, this.options.credentials, response);
      const passing = status === 408 || status === 429 || status >= 500;
      if (!passing || failure.code === "full" || attempt >= retries) throw failure;
      const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
      await this.pause(failure.message, wait >= 0 && wait <= 60 ? wait * 1000 : retryDelay * 2 ** attempt);
    }
  }

  private async pause(why: string, milliseconds: number): Promise<void> {
    this.options.onNotice?.(`${why} Trying again …`);
    await sleep(milliseconds * (0.75 + Math.random() / 2));
  }

  private async send(url: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = { "user-agent": "proxy-wasm-as", ...call.headers };
    // A blob store elsewhere gets no password of this registry; `fetch` drops it at redirects by itself.
    if (this.authorization !== undefined && new URL(url).origin === new URL(this.origin).origin)
      headers["authorization"] = this.authorization;
    return await fetch(url, {
      method: call.method ?? "GET",
      headers,
      dispatcher: this.dispatcher,
      ...(call.body !== undefined && {
        body: new WatchedBlob(call.body, call.onSent) as unknown as BodyInit,
      }),
    });
  }

  /** Tells whether to go on with plain HTTP: a registry on this machine, or a named one, that speaks no TLS. */
  private fallBack(error: unknown): boolean {
    if (this.scheme === "http" || !(this.insecure || isLoopback(this.reference.registry))) return false;
    if (!speaksPlainHttp(error)) return false;
    this.scheme = "http";
    return true;
  }

  /** Does what a 401 asks for; false when there is nothing that could help. */
  private async authorize(header: string, again: boolean): Promise<boolean> {
    this.warnOfIstio(header);
    const challenge = parseChallenge(header);
    const { credentials } = this.options;
    if (challenge === undefined) return false;
    if (challenge.scheme === "basic") {
      if (credentials === undefined || "identityToken" in credentials || again) return false;
      this.authorization = basic(credentials);
      return true;
    }
    const { realm, service, scope } = challenge.parameters;
    const wanted = scope ?? `repository:${this.reference.repository}:${this.actions}`;
    if (realm === undefined || !URL.canParse(realm)) return false;
    if (credentials !== undefined && !this.mayCarryPassword(new URL(realm)))
      throw new OciError(
        "tls",
        `${this.reference.registry} wants the password sent readable to ${realm}; it is not.`,
      );
    this.authorization = `Bearer ${await this.token(new URL(realm), service, wanted)}`;
    return true;
  }

  /** Says once when Istio would not pull from this registry. */
  private warnOfIstio(header: string): void {
    const why = refusedByIstio(header);
    if (why === undefined || this.hasWarned) return;
    this.hasWarned = true;
    this.options.onNotice?.(
      `Istio does not pull from ${this.reference.registry}: ${why}. Let the realm be an address such as https://${this.reference.registry.replace(/:\d+$/, "")}/.`,
    );
  }

  /** Tells whether a token server gets the password: over TLS, on this machine, or on the host that was named as insecure. */
  private mayCarryPassword({ protocol, host }: URL): boolean {
    if (protocol === "https:") return true;
    return protocol === "http:" && (isLoopback(host) || this.options.insecure === host);
  }

  private async token(realm: URL, service: string | undefined, scope: string): Promise<string> {
    const { credentials } = this.options;
    const fields = new URLSearchParams({ ...(service !== undefined && { service }), scope });
    const headers: Record<string, string> = { "user-agent": "proxy-wasm-as" };
    let response: Response;
    try {
      if (credentials !== undefined && "identityToken" in credentials) {
        fields.set("grant_type", "refresh_token");
        fields.set("client_id", "proxy-wasm-as");
        fields.set("refresh_token", credentials.identityToken);
        headers["content-type"] = "application/x-www-form-urlencoded";
        const body = fields.toString();
        response = await fetch(realm, {
          ...{ method: "POST", headers, body, dispatcher: this.dispatcher },
          redirect: "error", // a redirect would carry the token in the body to another place
        });
      } else {
        for (const [name, value] of fields) realm.searchParams.set(name, value);
        if (credentials !== undefined) headers["authorization"] = basic(credentials);
        response = await fetch(realm, { headers, dispatcher: this.dispatcher });
      }
    } catch (error) {
      throw new OciError("network", `The token server ${realm.host} cannot be reached (${codeOf(error)}).`, {
        cause: error,
      });
    }
    if (!response.ok) throw await refusal(this.reference, this.options.credentials, response);
    const token = tokenIn(await readBounded(response, MAX_ANSWER_BYTES, "The token server's answer"));
    if (token === undefined)
      throw new OciError("credentials", `The token server ${realm.host} gave no token.`);
    return token;
  }
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
