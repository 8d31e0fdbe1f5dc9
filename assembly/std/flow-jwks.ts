/**
 * `std/jwks` for flows.
 *
 * @module
 */
export { verifyToken } from "./jwks/flow";
