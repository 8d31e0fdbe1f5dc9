/**
 * Modules as OCI images: packing, and registries.
 *
 * @module
 */
export type { ClientOptions } from "./client.js";
export type { Credentials } from "./credentials.js";
export { findCredentials } from "./credentials.js";
export { OciError } from "./error.js";
export type { Image, ImageOptions, Layout, Manifest } from "./image.js";
export { checkModule, describe, packImage, sha256 } from "./image.js";
export { writeLayout } from "./layout.js";
export type { RemoteImage } from "./pull.js";
export { inspectImage, pullImage } from "./pull.js";
export type { Pushed } from "./push.js";
export { pushImage } from "./push.js";
export type { Reference } from "./reference.js";
export { formatReference, isLoopback, parseReference } from "./reference.js";
export { writeWhole } from "./write-whole.js";
