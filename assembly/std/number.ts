/**
 * Numbers that strangers send as text. Nothing in here traps, whatever the input, and everything takes time linear in it.
 *
 * @module
 */
export { ParsedInteger, integerOr, parseInteger } from "./number/integer";
