// An issuer for tests, small enough to do wrong what a real one does right.
import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export const NAME = "https://issuer.example";
export const ORIGIN = "https://app.example";

export const settings = {
  issuer: NAME,
  cluster: "issuer",
  clientId: "site",
  clientSecret: "a b:c",
  origin: ORIGIN,
  secret: "a secret of 32 characters or more",
  seconds: 600,
};

const encode = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");

/** A key pair, and what makes tokens with it. */
export function makeKey(kid) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
  const signed = (header, claims) => `${encode({ kid, ...header })}.${encode(claims)}`;
  return {
    jwk,
    token(claims) {
      const text = signed({ alg: "RS256" }, claims);
      return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
    },
    /** Not signed at all. */
    unsigned: (claims) => `${signed({ alg: "none" }, claims)}.`,
    /** Signed with what everybody knows, as if it were a secret. */
    withPublicKey(claims) {
      const pem = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
      const text = signed({ alg: "HS256" }, claims);
      return `${text}.${createHmac("sha256", pem).update(text).digest("base64url")}`;
    },
  };
}

export const key = makeKey("a");

/** An issuer: `answer` is what it says to a call; `login` is what a person does who is sent there. */
export function makeIssuer(now = () => Date.now()) {
  const codes = new Map();
  const issuer = {
    /** What a test changes of its answers. */
    document: {},
    claims: {},
    makeToken: (claims) => key.token(claims),
    /** The calls for tokens. */
    calls: [],

    answer({ method, path, headers, body }) {
      if (path === "/.well-known/openid-configuration") {
        return {
          body: JSON.stringify({
            issuer: NAME,
            authorization_endpoint: `${NAME}/authorize?from=document`,
            token_endpoint: `${NAME}/token`,
            end_session_endpoint: `${NAME}/end`,
            jwks_uri: `${NAME}/keys`,
            ...issuer.document,
          }),
        };
      }
      if (path === "/keys") return { body: JSON.stringify({ keys: [key.jwk] }) };
      if (path !== "/token" || method !== "POST") return { status: 404, body: "" };
      const form = new URLSearchParams(body);
      issuer.calls.push({ form, authorization: headers.get("authorization") });
      const known = codes.get(form.get("code"));
      codes.delete(form.get("code"));
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      const isRight = known?.code_challenge === challenge && known.redirect_uri === form.get("redirect_uri");
      if (!isRight) return { status: 400, body: '{"error":"invalid_grant"}' };
      const seconds = Math.floor(now() / 1000);
      const claims = { iss: NAME, aud: "site", sub: "ann", exp: seconds + 60, nonce: known.nonce };
      return { body: JSON.stringify({ id_token: issuer.makeToken({ ...claims, ...issuer.claims }) }) };
    },

    /** Somebody logs in at `location`; answers the path to which the browser is sent back. */
    login(location) {
      const url = new URL(location);
      const query = Object.fromEntries(url.searchParams);
      const code = randomBytes(9).toString("base64url");
      codes.set(code, query);
      return `/oidc/callback?code=${code}&state=${query.state}`;
    },
  };
  return issuer;
}
