/** A host whose answers the specs script. */
export function scriptedHost(): {
  env: WebAssembly.ModuleImports;
  control: WebAssembly.ModuleImports;
  attach: (instance: WebAssembly.Instance) => void;
} {
  return { env: {}, control: {}, attach: () => undefined };
}
