/**
 * The fields that a class leaves to those that extend it: `abstract name: string`.
 *
 * @module
 */

/** Each as the path of its source and the place of its name there. */
export const abstractFields = new Set<string>();
