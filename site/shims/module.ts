/** `node:module` in a browser: what sources require is in the bundle. */
import * as babel from "@babel/parser";

export function createRequire(): (name: string) => unknown {
  return (name) => {
    if (name === "@babel/parser") return babel;
    throw new Error(`${name} is not in the page`);
  };
}
