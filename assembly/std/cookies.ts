/**
 * Cookies of requests and responses. Nothing in here traps, whatever the input, and everything takes time linear in it.
 *
 * @module
 */
export { Cookies } from "./cookies/cookies";
export { SameSite, SetCookie, SetCookieError } from "./cookies/set-cookie";
