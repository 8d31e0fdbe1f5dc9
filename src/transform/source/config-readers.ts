/**
 * Gives the classes that `readConfig<T>()` reads the methods that do it.
 *
 * @module
 */
import type { DeclarationStatement, Parser, Source } from "assemblyscript";
import { SchemaError, allClasses, configClasses, readerMethods } from "../../schema/index.js";
import { BuildError } from "../build-error.js";
import { newParser } from "../compiler/compiler.js";
import { classesOf, walk } from "./syntax.js";

/** Adds the methods to the classes of `sources`. */
export function addConfigReaders(parser: Parser, sources: readonly Source[]): void {
  const readers = sources.filter(({ text }) => /\bread(Json)?Config\b/.test(text));
  if (readers.length === 0) return;
  const texts = new Map(parser.sources.map((source) => [source.normalizedPath, source]));
  const done = new Set<unknown>();
  try {
    const paths = readers.map(({ normalizedPath }) => normalizedPath);
    for (const found of configClasses(paths, (path) => texts.get(path)?.text))
      for (const config of allClasses(found)) {
        const declaration = classesOf(texts.get(config.path)!).find(({ name }) => name.text === config.name);
        if (declaration === undefined || done.has(declaration)) continue;
        done.add(declaration);
        for (const method of readerMethods(config))
          declaration.members.push(parseMember(method, declaration));
      }
  } catch (error) {
    throw error instanceof SchemaError ? new BuildError(error.message) : error;
  }
}

/** A member of a class, in the place of the class's name, so that messages name that. */
function parseMember(
  text: string,
  { name }: { name: { range: DeclarationStatement["range"] } },
): DeclarationStatement {
  const parser = newParser();
  parser.parseFile(`class C { ${text} }`, "~lib/proxy-wasm-as/generated.ts", true);
  const [member] = classesOf(parser.sources[0]!)[0]!.members;
  walk([member!], (node) => {
    node.range = name.range;
  });
  member!.range = name.range;
  return member!;
}
