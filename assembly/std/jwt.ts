/**
 * JSON Web Tokens (RFC 7519). Nothing in here traps, whatever the input, and everything takes time linear in it.
 *
 * @module
 */
export { Es256Verifier } from "./jwt/es256";
export { Hs256Verifier } from "./jwt/hs256";
export { pemToDer } from "./jwt/pem";
export { Rs256Verifier } from "./jwt/rs256";
export { Jwt, JwtError, JwtVerifier } from "./jwt/verifier";
