/** The demand of a registry in `WWW-Authenticate`. */
export interface Challenge {
  readonly scheme: "basic" | "bearer";
  /** By name in lower case: `realm`, `service`, `scope`, `error`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads the header; undefined when it asks for nothing that registries use. Bearer goes before Basic. */
export function parseChallenge(header: string): Challenge | undefined {
  const found: Challenge[] = [];
  // A scheme is a word that no "=" follows; its parameters reach to the next scheme.
  const pattern =
    /(?:^|(?<=[\s,]))([A-Za-z]+)(?:\s+((?:[A-Za-z_]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",]+)\s*,?\s*)+)|\s*(?=,|$))/g;
  for (const [, name, list = ""] of header.matchAll(pattern)) {
    const scheme = name!.toLowerCase();
    if (scheme !== "basic" && scheme !== "bearer") continue;
    const parameters: Record<string, string> = {};
    for (const [, key, quoted, bare] of list.matchAll(
      /([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g,
    ))
      parameters[key!.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? bare!;
    found.push({ scheme, parameters });
  }
  return found.find(({ scheme }) => scheme === "bearer") ?? found[0];
}
