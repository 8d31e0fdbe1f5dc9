import { HS256, known } from "./algorithms";

/** Options of `Jwks` for an issuer. */
export class JwksOptions {
  /** The cluster by which the issuer is reached; `""` with `keys` or a `secret` of your own. */
  cluster: string = "";
  /** The `host` that the issuer sees; the cluster's name unless given. */
  authority: string = "";
  /** The path of its keys, or of its discovery document. */
  path: string = "/.well-known/jwks.json";
  /** Tells whether `path` is that of a discovery document (OpenID Connect Discovery 1.0), which names where the keys are. */
  discovery: bool = false;
  /** The cluster for the keys that a discovery document names; the first one unless given. */
  keysCluster: string = "";
  /** The algorithms that tokens may be signed with: RS256, ES256, HS256. */
  algorithms: string[] = ["RS256", "ES256"];
  /** Keys that are known beforehand, as the text of a set; they are used until the issuer answers. */
  keys: string = "";
  /** The secret for HS256: 32 bytes or more. */
  secret: Uint8Array | null = null;
  /** The issuer that a token must have (`iss`); null when any will do. */
  issuer: string | null = null;
  /** The audience that a token must name (`aud`); null when any will do. */
  audience: string | null = null;
  /** The seconds by which the clocks may differ. */
  skew: i64 = 60;
  /** Tells whether a token without `exp` is refused. */
  requireExpiry: bool = true;
  /** The fewest seconds between two fetches, whatever `kid`s come; 10 while no key is known. */
  floor: i64 = 60;
  /** For how many seconds keys are used while the issuer is down, from when they were fetched. */
  stale: i64 = 86400;
  /** Milliseconds that a fetch may take. */
  timeout: u32 = 5000;
}

/** The error that keeps options from being used; null when there is none. */
export function optionsError(options: JwksOptions): string | null {
  const algorithms = options.algorithms;
  if (algorithms.length == 0) return "algorithms: name at least one of RS256, ES256, HS256";
  let publicKeys = false;
  for (let i = 0; i < algorithms.length; i++) {
    if (!known(algorithms[i])) return "algorithms: " + algorithms[i] + " is none of RS256, ES256, HS256";
    if (algorithms[i] != HS256) publicKeys = true;
  }
  const secret = options.secret;
  const shared = algorithms.includes(HS256);
  if (shared && (secret === null || secret.length < 32)) return "secret: HS256 needs 32 bytes or more";
  if (!shared && secret !== null) return "secret: only HS256 has one";
  if (publicKeys && options.cluster.length == 0 && options.keys.length == 0)
    return "cluster: RS256 and ES256 need the issuer's cluster, or keys";
  if (options.cluster.length > 0 && !options.path.startsWith("/")) return "path: it begins with /";
  if (options.discovery && options.issuer === null) return "issuer: a discovery document is compared with it";
  if (options.floor < 1) return "floor: at least 1 second";
  return null;
}
