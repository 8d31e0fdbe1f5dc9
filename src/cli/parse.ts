/**
 * Parsers that the options of several commands share.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";

/** An option that can be given several times. */
export function list(text: string, previous: string[] = []): string[] {
  return [...previous, text];
}

/** `NAME=VALUE`, several times. */
export function pair(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write it as NAME=VALUE.");
  const name = text.slice(0, equals);
  if (Object.hasOwn(previous, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...previous, [name]: text.slice(equals + 1) };
}
