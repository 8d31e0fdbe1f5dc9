/** An error in words. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The frames of a trap, in Envoy's form. */
export function backtrace(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const frames = [
    ...error.stack.matchAll(/^\s*at (?:(.*?) \()?wasm:\/\/[^\s:]*:wasm-function\[(\d+)\]:(0x[0-9a-f]+)/gm),
  ];
  if (frames.length === 0) return [];
  const lines = frames.map(
    ([, name, index, address], i) => `  ${i}:  ${address} - ${cleanName(name) ?? `wasm-function[${index}]`}`,
  );
  return ["Proxy-Wasm plugin in-VM backtrace:", ...lines];
}

function cleanName(name: string | undefined): string | undefined {
  return name === undefined || name === "" ? undefined : name.replace(/^[^.]*\.(?=\S*\/)/, "");
}
