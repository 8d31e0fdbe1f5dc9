import { IpAddress, IpNetwork, IpSet } from "../../../assembly/std/ip";
import { integerOr, parseInteger } from "../../../assembly/std/number";
import { Authority } from "../../../assembly/std/url";

export const u8ArrayId = idof<Uint8Array>();

function shown<T extends number>(text: string): string | null {
  const parsed = parseInteger<T>(text);
  return parsed === null ? null : parsed.value.toString();
}

/** The number that `text` is in the type of so many bits, negative for a signed one. */
export function integer(bits: i32, text: string): string | null {
  if (bits == 8) return shown<u8>(text);
  if (bits == 16) return shown<u16>(text);
  if (bits == 32) return shown<u32>(text);
  if (bits == 64) return shown<u64>(text);
  if (bits == -8) return shown<i8>(text);
  if (bits == -16) return shown<i16>(text);
  if (bits == -32) return shown<i32>(text);
  return shown<i64>(text);
}

export function within(text: string | null): string {
  const parsed = parseInteger<i32>(text === null ? "" : text, -5, 5);
  return `${parsed === null ? "null" : parsed.value.toString()} ${integerOr<i32>(text, 7, -5, 5)}`;
}

export function address(text: string): string | null {
  const parsed = IpAddress.parse(text);
  return parsed === null ? null : parsed.toString();
}

export function isV4(text: string): bool {
  return IpAddress.parse(text)!.isV4;
}

export function socket(text: string): string | null {
  const parsed = IpAddress.ofSocket(text);
  return parsed === null ? null : parsed.toString();
}

export function masked(text: string, bits: i32): string {
  return IpAddress.parse(text)!.masked(bits).toString();
}

export function network(text: string): string | null {
  const parsed = IpNetwork.parse(text);
  return parsed === null ? null : parsed.first.toString() + "/" + parsed.bits.toString();
}

export function inNetwork(text: string, address: string): bool {
  return IpNetwork.parse(text)!.has(IpAddress.parse(address)!);
}

let set: IpSet = new IpSet();

/** Builds a set of the networks, with "," between them; false when one is wrong. */
export function build(networks: string): bool {
  const parsed = IpSet.parse(networks.split(","));
  if (parsed !== null) set = parsed;
  return parsed !== null;
}

export function wrongNetwork(networks: string): i32 {
  return IpSet.errorAt(networks.split(","));
}

export function inSet(address: string): bool {
  return set.hasText(address);
}

export function authority(text: string): string | null {
  const parsed = Authority.parse(text);
  return parsed === null ? null : `${parsed.host} ${parsed.port} ${parsed.name}`;
}
