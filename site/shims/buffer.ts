/** `Buffer` as a global of bundles: the package of the same name. */
export { Buffer } from "buffer/";
