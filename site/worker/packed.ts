/**
 * Modules that are packed: a tenth of their size passes the network.
 *
 * @module
 */

const known = new Map<string, Promise<unknown>>();

/** The base of all of the site's files, which modules with an address of their own do not know. */
const base = (globalThis as { siteBase?: string }).siteBase ?? globalThis.location.href;
(globalThis as { siteBase?: string }).siteBase = base;

/** Imports a packed module, once. A server may have unpacked it on the way: its first bytes tell. */
export function loadPacked<Module>(name: string): Promise<Module> {
  let module = known.get(name);
  if (module === undefined) {
    known.set(name, (module = load(name)));
    module.catch(() => known.delete(name));
  }
  return module as Promise<Module>;
}

async function load(name: string): Promise<unknown> {
  const response = await fetch(new URL(name, base));
  if (!response.ok) throw new Error(`${name}: the server answers ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const stream = new Blob([bytes]).stream();
  const code = isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
  const text = await new Response(code).arrayBuffer();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}
