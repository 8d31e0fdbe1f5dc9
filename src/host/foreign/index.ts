/**
 * Those foreign functions of Envoy that need libraries: signatures, compression and expressions. The host's core runs
 * without them, in a browser for example; what starts a host in Node hands them over.
 */
import type { ForeignFunction } from "../services/foreign.js";
import { compress, uncompress } from "./compression.js";
import { createExpression, deleteExpression, evaluateExpression } from "./expressions.js";
import { sign, verifySignature } from "./signatures.js";

/** Envoy's foreign functions that need more than the host's core, by name. */
export const nodeForeignFunctions: Readonly<Record<string, ForeignFunction>> = {
  compress,
  uncompress,
  verify_signature: verifySignature,
  sign,
  expr_create: createExpression,
  expr_evaluate: evaluateExpression,
  expr_delete: deleteExpression,
};
