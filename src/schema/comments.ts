/**
 * Doc comments of configuration classes: what they say, and the constraints that are their tags.
 *
 * @module
 */

/** The tags that mean something here. */
const known = [
  "min",
  "max",
  "minLength",
  "maxLength",
  "pattern",
  "oneOf",
  "minItems",
  "maxItems",
  "required",
  "ignore",
  "allowUnknown",
] as const;
export type TagName = (typeof known)[number];

/** Names of other libraries' tags, each with the tag that means the same here. */
const others: Readonly<Record<string, TagName>> = {
  minimum: "min",
  least: "min",
  maximum: "max",
  most: "max",
  minlength: "minLength",
  maxlength: "maxLength",
  regex: "pattern",
  regexp: "pattern",
  enum: "oneOf",
  oneof: "oneOf",
  minitems: "minItems",
  maxitems: "maxItems",
  minproperties: "minItems",
  maxproperties: "maxItems",
  skip: "ignore",
  additionalproperties: "allowUnknown",
  allowunknown: "allowUnknown",
};

export interface Comment {
  readonly description: string;
  readonly tags: ReadonlyMap<TagName, string>;
}

/** Reads the text between the stars of a doc comment; `fail` is told what is wrong with it. */
export function readComment(text: string, fail: (why: string) => never): Comment {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^\s*\*?\s?/, "").trimEnd());
  const tags = new Map<TagName, string>();
  const description: string[] = [];
  let inOther = false;
  for (const line of lines) {
    let rest = line;
    for (;;) {
      const match = /(^|\s)@([A-Za-z]+)(?=\s|$)/.exec(rest);
      if (match === null) break;
      const name = match[2]!;
      const before = rest.slice(0, match.index).trim();
      const own = tagName(name, fail);
      if (own === undefined && match.index > 0) break; // an address in a sentence
      if (before !== "" && !inOther) description.push(before);
      rest = rest.slice(match.index + match[0].length);
      inOther = own === undefined;
      if (own === undefined) break;
      const next = own === "pattern" ? null : /\s@[A-Za-z]+(?=\s|$)/.exec(rest);
      const value = (next === null ? rest : rest.slice(0, next.index)).trim();
      if (tags.has(own)) fail(`@${own} is given twice; write it once.`);
      tags.set(own, value);
      rest = next === null ? "" : rest.slice(next.index);
    }
    if (rest.trim() !== "" && !inOther) description.push(rest.trim());
  }
  return { description: description.join(" ").replace(/\s+/g, " ").trim(), tags };
}

function tagName(name: string, fail: (why: string) => never): TagName | undefined {
  if ((known as readonly string[]).includes(name)) return name as TagName;
  const meant = others[name.toLowerCase()] ?? known.find((one) => one.toLowerCase() === name.toLowerCase());
  if (meant !== undefined) fail(`@${name} is no constraint; write @${meant}.`);
  return undefined;
}

/** The texts of `@oneOf a, b | "c"`. */
export function listOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|([^\s,|][^,|]*)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain!.trim(),
  );
}
