import {
  CacheControl,
  MediaType,
  acceptedValues,
  formatHttpDate,
  header,
  negotiateEncoding,
  negotiateMediaType,
  parseHttpDate,
  pseudoHeader,
  statusText,
} from "../../../assembly/std/http";

export function formatDate(seconds: i64): string {
  return formatHttpDate(seconds);
}

export function parseDate(text: string, now: i64): i64 {
  return parseHttpDate(text, now);
}

export function textOf(status: i32): string {
  return statusText(status);
}

/** Type, subtype, then names and values of the parameters; null when it is no media type. */
export function mediaType(text: string): string[] | null {
  const type = MediaType.parse(text);
  if (type === null) return null;
  const flat: string[] = [type.type, type.subtype];
  for (let i = 0; i < type.parameters.length; i++) {
    flat.push(type.parameters[i][0]);
    flat.push(type.parameters[i][1]);
  }
  return flat;
}

export function mediaTypeText(text: string): string | null {
  const type = MediaType.parse(text);
  return type === null ? null : type.toString();
}

/** Takes offers separated by line feeds. */
export function preferredType(accept: string, offers: string): string | null {
  return negotiateMediaType(accept, offers.split("\n"));
}

export function preferredTypeOfNone(offers: string): string | null {
  return negotiateMediaType(null, offers.split("\n"));
}

export function preferredEncoding(accept: string, offers: string): string | null {
  return negotiateEncoding(accept, offers.split("\n"));
}

export function preferredEncodingOfNone(offers: string): string | null {
  return negotiateEncoding(null, offers.split("\n"));
}

export function accepted(list: string): string[] {
  return acceptedValues(list);
}

export function cacheHas(text: string, name: string): bool {
  return new CacheControl(text).has(name);
}

export function cacheGet(text: string, name: string): string | null {
  return new CacheControl(text).get(name);
}

export function cacheSeconds(text: string, name: string): i64 {
  return new CacheControl(text).seconds(name);
}

export function cacheNames(text: string): string[] {
  return new CacheControl(text).names();
}

export function headerNames(): string[] {
  return [header.contentType, header.xForwardedFor, header.te, pseudoHeader.path];
}
