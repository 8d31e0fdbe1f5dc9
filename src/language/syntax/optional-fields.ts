/**
 * The fields that an object may leave out: `a?: string`.
 *
 * @module
 */

/** Each as the path of its source and the place of its name there. */
export const optionalFields = new Set<string>();
