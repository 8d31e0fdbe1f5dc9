/**
 * IP addresses and networks. Nothing in here traps, whatever the input, and everything takes time linear in it.
 *
 * @module
 */
export { IpAddress } from "./ip/address";
export { IpNetwork } from "./ip/network";
export { IpSet } from "./ip/set";
