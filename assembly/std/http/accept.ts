/**
 * Content negotiation: the media types, languages and encodings that a client would like to get (RFC 9110, section 12.5).
 *
 * @module
 */
import { findUnit, lowerCase, slice, unitAt } from "../../memory/utf16";
import { MediaType } from "./media-type";
import { findOutsideQuotes, isToken, parseQuality, qualityOf, skipSpace, trimSpace } from "./syntax";

/** How well an offer matches so far: its quality, how specific the match is, and the item that matches. */
class Match {
  quality: i32 = 0;
  specificity: i32 = -1;
  item: i32 = 0;

  /** Takes a match that is more specific, or as specific and better; -1 is none. */
  improve(quality: i32, specificity: i32, item: i32): void {
    if (specificity < 0) return;
    if (specificity < this.specificity || (specificity == this.specificity && quality < this.quality)) return;
    this.quality = quality;
    this.specificity = specificity;
    this.item = item;
  }

  isBetterThan(other: Match): bool {
    if (this.quality != other.quality) return this.quality > other.quality;
    if (this.specificity != other.specificity) return this.specificity > other.specificity;
    return this.item < other.item;
  }
}

function matchesFor(offers: string[]): Match[] {
  const matches: Match[] = [];
  for (let i = 0; i < offers.length; i++) matches.push(new Match());
  return matches;
}

/** The offer with the best match; null when all have quality 0. */
function best(offers: string[], matches: Match[]): string | null {
  let chosen = -1;
  for (let i = 0; i < offers.length; i++)
    if (matches[i].quality > 0 && (chosen < 0 || matches[i].isBetterThan(matches[chosen]))) chosen = i;
  return chosen < 0 ? null : offers[chosen];
}

/** How specific a range is that an offer is in, -1 when it is not: 4 for the type, 2 for the subtype, 1 for parameters. */
function specificity(range: MediaType, offer: MediaType): i32 {
  let specificity = 0;
  if (range.type == offer.type) specificity = 4;
  else if (range.type != "*") return -1;
  if (range.subtype == offer.subtype) specificity |= 2;
  else if (range.subtype != "*") return -1;
  for (let i = 0; i < range.parameters.length; i++) {
    const name = range.parameters[i][0];
    if (name == "q") break;
    const wanted = range.parameters[i][1];
    const offered = offer.get(name);
    if (offered === null) return -1;
    if (lowerCase(wanted, 0, wanted.length) != lowerCase(offered, 0, offered.length)) return -1;
    specificity |= 1;
  }
  return specificity;
}

/**
 * The media type among `offers` that the header `accept` asks for most; null when it wants none of them, which is
 * answered with 406 or with the first. Without the header, all are welcome and the first is chosen. Items that are wrong
 * are ignored. May be used everywhere.
 *
 * @example
 * const type = negotiateMediaType(headers.get("accept"), ["text/html", "application/json"]);
 */
export function negotiateMediaType(accept: string | null, offers: string[]): string | null {
  if (accept === null) return offers.length > 0 ? offers[0] : null;
  const matches = matchesFor(offers);
  const types: Array<MediaType | null> = [];
  for (let i = 0; i < offers.length; i++) types.push(MediaType.parse(offers[i]));
  const length = accept.length;
  for (let start = 0, item = 0; start < length; item++) {
    const end = findOutsideQuotes(accept, 0x2c, start, length);
    const range = MediaType.parse(slice(accept, start, end));
    start = end + 1;
    if (range === null) continue;
    const q = range.get("q");
    const quality = q === null ? 1000 : parseQuality(q);
    if (quality < 0) continue;
    for (let i = 0; i < offers.length; i++) {
      const offer = types[i];
      if (offer !== null) matches[i].improve(quality, specificity(range, offer), item);
    }
  }
  return best(offers, matches);
}

/**
 * The content coding among `offers` that the header `accept-encoding` asks for most; null when it wants none of them.
 * "identity" is welcome, with the lowest quality of all, unless the header says otherwise; without the header nothing
 * else is. May be used everywhere.
 *
 * @example
 * const coding = negotiateEncoding(headers.get("accept-encoding"), ["br", "gzip", "identity"]);
 */
export function negotiateEncoding(acceptEncoding: string | null, offers: string[]): string | null {
  const accept = acceptEncoding === null ? "" : acceptEncoding;
  const matches = matchesFor(offers);
  const length = accept.length;
  let item = 0;
  let lowest = 1000;
  let isIdentityNamed = false;
  for (let start = 0; start < length; item++) {
    const end = findOutsideQuotes(accept, 0x2c, start, length);
    const semicolon = findUnit(accept, 0x3b, start, end);
    const name = skipSpace(accept, start, semicolon);
    const nameEnd = trimSpace(accept, name, semicolon);
    const quality = qualityOf(accept, semicolon, end);
    start = end + 1;
    if (quality < 0 || !isToken(accept, name, nameEnd)) continue;
    if (quality > 0) lowest = min(lowest, quality);
    const coding = lowerCase(accept, name, nameEnd);
    if (coding == "*" || coding == "identity") isIdentityNamed = true;
    for (let i = 0; i < offers.length; i++) {
      const isNamed = lowerCase(offers[i], 0, offers[i].length) == coding;
      if (isNamed || coding == "*") matches[i].improve(quality, isNamed ? 1 : 0, item);
    }
  }
  if (!isIdentityNamed)
    for (let i = 0; i < offers.length; i++) if (offers[i] == "identity") matches[i].improve(lowest, 1, item);
  return best(offers, matches);
}

/**
 * The items of a list with qualities, such as `accept-language`, without their parameters: the best first, in the list's
 * order where they are equal; those with quality 0 and what is no item are left out. May be used everywhere.
 *
 * @example
 * acceptedValues("da, en-gb;q=0.8, en;q=0.7"); // ["da", "en-gb", "en"]
 */
export function acceptedValues(list: string): string[] {
  // Counting sort: items fall into their places by quality, however many there are.
  const places = new StaticArray<i32>(1001);
  let count = 0;
  let values = new Array<string>(0);
  for (let round = 0; round < 2; round++) {
    for (let start = 0, length = list.length; start < length;) {
      const end = findOutsideQuotes(list, 0x2c, start, length);
      const semicolon = findUnit(list, 0x3b, start, end);
      const name = skipSpace(list, start, semicolon);
      const nameEnd = trimSpace(list, name, semicolon);
      const quality = qualityOf(list, semicolon, end);
      start = end + 1;
      if (quality <= 0 || name == nameEnd) continue;
      if (round == 0) places[quality]++;
      else values[places[quality]++] = slice(list, name, nameEnd);
    }
    if (round == 1) break;
    for (let quality = 1000; quality > 0; quality--) {
      const here = places[quality];
      places[quality] = count;
      count += here;
    }
    values = new Array<string>(count);
  }
  return values;
}
