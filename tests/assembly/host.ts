/**
 * A host for the specs: header maps and a log in JavaScript, and a switch that makes every call answer one status
 * without doing anything. It knows nothing of Envoy's rules; tests/envoy is about those.
 */

type Pair = [name: Buffer, value: Buffer];

export interface ScriptedHost {
  readonly env: WebAssembly.ModuleImports;
  readonly control: WebAssembly.ModuleImports;
  attach(instance: WebAssembly.Instance): void;
}

/** The functions of the module `env` and, as `scripted`, those by which a spec directs them. */
export function scriptedHost(): ScriptedHost {
  let memory: WebAssembly.Memory;
  let allocate: (size: number) => number;
  let forced = -1;
  let calls = 0;
  const maps = new Map<number, Pair[]>();

  const bytes = (address: number, size: number): Buffer =>
    Buffer.from(new Uint8Array(memory.buffer, address, size));
  const number = (address: number, value: number): void =>
    new DataView(memory.buffer).setUint32(address, value >>> 0, true);
  const give = (value: Buffer, address: number, size: number): void => {
    const at = value.length === 0 ? 0 : allocate(value.length);
    new Uint8Array(memory.buffer, at, value.length).set(value);
    number(address, at);
    number(size, value.length);
  };
  const map = (type: number): Pair[] => {
    if (!maps.has(type)) maps.set(type, []);
    return maps.get(type)!;
  };
  const named = (name: Buffer): ((pair: Pair) => boolean) => {
    const wanted = name.toString("latin1").toLowerCase();
    return ([other]) => other.toString("latin1") === wanted;
  };
  const lower = (name: Buffer): Buffer => Buffer.from(name.toString("latin1").toLowerCase(), "latin1");

  /** A host function that can be made to fail. */
  const call =
    (body: (...parameters: number[]) => number | void) =>
    (...parameters: number[]): number => {
      calls++;
      return forced >= 0 ? forced : (body(...parameters) ?? 0);
    };

  const env: WebAssembly.ModuleImports = {
    proxy_log: () => 0,
    proxy_get_header_map_value: call((type, name, nameSize, address, size) => {
      const pair = map(type!).find(named(bytes(name!, nameSize!)));
      if (pair === undefined) return 1;
      give(pair[1], address!, size!);
    }),
    proxy_add_header_map_value: call((type, name, nameSize, value, valueSize) => {
      map(type!).push([lower(bytes(name!, nameSize!)), bytes(value!, valueSize!)]);
    }),
    proxy_replace_header_map_value: call((type, name, nameSize, value, valueSize) => {
      const is = named(bytes(name!, nameSize!));
      const rest = map(type!).filter((pair) => !is(pair));
      maps.set(type!, [...rest, [lower(bytes(name!, nameSize!)), bytes(value!, valueSize!)]]);
    }),
    proxy_remove_header_map_value: call((type, name, nameSize) => {
      const is = named(bytes(name!, nameSize!));
      maps.set(
        type!,
        map(type!).filter((pair) => !is(pair)),
      );
    }),
    proxy_get_header_map_size: call((type, out) => {
      number(
        out!,
        map(type!)
          .flat()
          .reduce((sum, part) => sum + part.length, 0),
      );
    }),
    proxy_get_header_map_pairs: call((type, address, size) => give(serialize(map(type!)), address!, size!)),
    proxy_set_header_map_pairs: call((type, address, size) => {
      maps.set(type!, deserialize(bytes(address!, size!)));
    }),
    proxy_set_effective_context: call(() => undefined),
    proxy_get_log_level: call((out) => number(out!, 2)),
  };

  const control: WebAssembly.ModuleImports = {
    fail: (status: number) => void (forced = status),
    calls: () => calls,
    clear: () => maps.clear(),
  };

  return {
    env,
    control,
    attach: (instance) => {
      memory = instance.exports["memory"] as WebAssembly.Memory;
      allocate = instance.exports["hostAllocate"] as (size: number) => number;
    },
  };
}

function serialize(pairs: readonly Pair[]): Buffer {
  const sizes = Buffer.alloc(4 + pairs.length * 8);
  sizes.writeUInt32LE(pairs.length);
  pairs.flat().forEach((part, index) => sizes.writeUInt32LE(part.length, 4 + index * 4));
  return Buffer.concat([sizes, ...pairs.flat().flatMap((part) => [part, Buffer.of(0)])]);
}

function deserialize(block: Buffer): Pair[] {
  const count = block.readUInt32LE(0);
  let at = 4 + count * 8;
  const take = (index: number): Buffer => {
    const size = block.readUInt32LE(4 + index * 4);
    const part = block.subarray(at, at + size);
    at += size + 1;
    return Buffer.from(part);
  };
  return Array.from({ length: count }, (_, index): Pair => [take(index * 2), take(index * 2 + 1)]);
}
