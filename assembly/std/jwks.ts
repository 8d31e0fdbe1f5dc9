/**
 * Tokens of an issuer that publishes its keys (JSON Web Key Sets, RFC 7517). Nothing in here traps, whatever the input.
 *
 * @module
 */
export { Jwks } from "./jwks/jwks";
export { JwksOptions } from "./jwks/options";
