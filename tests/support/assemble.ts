import binaryen from "assemblyscript/binaryen";

/** A module from WebAssembly's text. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(`(module ${text})`);
  module.setFeatures(binaryen.Features.All);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}
