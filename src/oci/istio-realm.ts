/**
 * Tells whether Istio pulls from a registry that asks for a password: it refuses a 401 whose realm is no address of a public host,
 * also where the realm is only a text that people were to see.
 *
 * @module
 */

/** The reason for which Istio refuses a `WWW-Authenticate` header; undefined when it takes it. */
export function refusedByIstio(header: string): string | undefined {
  for (const [, quoted, bare] of header.matchAll(/\brealm\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/gi)) {
    const realm = quoted?.replace(/\\(.)/g, "$1") ?? bare!;
    const why = faultOf(realm);
    if (why !== undefined) return `its 401 names the realm "${realm}", which ${why}`;
  }
  return undefined;
}

function faultOf(realm: string): string | undefined {
  if (!URL.canParse(realm)) return "is no http or https address";
  const { protocol, hostname } = new URL(realm);
  if (protocol !== "http:" && protocol !== "https:") return "is no http or https address";
  return isPublic(hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "")) ? undefined : "is on no public host";
}

/** Names are taken, apart from those of this machine; of addresses only public ones. */
function isPublic(host: string): boolean {
  if (host === "" || host === "localhost" || host.endsWith(".localhost")) return false;
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(host);
  if (mapped !== null) {
    const [high, low] = mapped.slice(1).map((part) => parseInt(part, 16)) as [number, number];
    return isPublic([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  if (host.includes(":")) return host !== "::" && host !== "::1" && !/^(f[cd]|fe[89ab]|ff)/.test(host);
  const parts = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (parts === null) return true;
  const [first, second] = [Number(parts[1]), Number(parts[2])];
  return !(
    [0, 10, 127].includes(first) ||
    first >= 224 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254)
  );
}
