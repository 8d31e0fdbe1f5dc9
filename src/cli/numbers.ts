import { InvalidArgumentError } from "commander";

/** A number of an option: 0 or more. */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is a number, 0 or more.");
  return Number(text);
}

/** A number of an option: 1 or more. */
export function parseNumber(text: string): number {
  const number = parseCount(text);
  if (number === 0) throw new InvalidArgumentError("It is a number, 1 or more.");
  return number;
}

/** A port of an option; 0 takes any that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("A port is 0 to 65535.");
  return port;
}
