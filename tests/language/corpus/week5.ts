/** What is written in a first week, part 5. */
import type { Construct } from "../constructs.js";

export const week5: readonly Construct[] = [
  {
    group: "first week",
    name: "namespace",
    body: 'const out = U.up("a") + U.K;',
    declarations:
      'namespace U { export const K = "k"; export function up(s: string): string { return s.toUpperCase(); } }',
  },
  {
    group: "first week",
    name: "type guard filter",
    body: 'const xs: (string | null)[] = ["a", null, "b"]; const out = xs.filter((x): x is string => x !== null).join();',
  },
  {
    group: "first week",
    name: "non-null",
    body: 'const m = new Map([["a", "b"]]); const out = m.get("a")!.toUpperCase();',
  },
  {
    group: "first week",
    name: "as string",
    body: "const out = (f() as string).toUpperCase();",
    declarations: 'function f(): string | null { return "a"; }',
  },
  {
    group: "first week",
    name: "logical assign",
    body: 'let a = ""; a ||= "d"; let b: string | null = null; b ??= "e"; let c = "x"; c &&= "f"; const out = a + b + c;',
  },
  {
    group: "first week",
    name: "chain ?? ||",
    body: 'const a: string | null = null; const b = ""; const out = (a ?? "n") + (b || "e") + (a || b || "z");',
  },
  {
    group: "first week",
    name: "error handling",
    body: 'const out = safe("x") + safe("5");',
    declarations:
      'function parse(s: string): number { const n = parseInt(s, 10); if (isNaN(n)) throw new Error(`bad ${s}`); return n; } function safe(s: string): string { try { return `${parse(s)}`; } catch (e) { return e instanceof Error ? e.message : "?"; } finally { } }',
  },
  {
    group: "first week",
    name: "custom error",
    body: 'let out = ""; try { throw new HttpError(404, "nf"); } catch (e) { if (e instanceof HttpError) out = `${e.status} ${e.message} ${e.name}`; }',
    declarations:
      'class HttpError extends Error { constructor(public readonly status: number, message: string) { super(message); this.name = "HttpError"; } }',
  },
  {
    group: "first week",
    name: "error cause",
    body: 'let out = ""; try { try { throw new Error("a"); } catch (e) { throw new Error("b", { cause: e }); } } catch (e) { out = (e as Error).message; }',
  },
  {
    group: "first week",
    name: "regex guard",
    body: 'const m = "v1.2".match(/^v(\\d+)\\.(\\d+)$/); const out = m ? m[1] + m[2] : "none";',
  },
  {
    group: "first week",
    name: "async-like state",
    body: 'let state: "idle" | "busy" = "idle"; state = "busy"; const out: string = state;',
  },
  {
    group: "first week",
    name: "readonly tuple",
    body: 'const P: readonly [string, number] = ["a", 1]; const out = P[0] + P[1];',
  },
  {
    group: "first week",
    name: "const object lookup",
    body: 'const out = CODES["ok"] + "";',
    declarations: "const CODES: { [k: string]: number } = { ok: 200 };",
  },
  {
    group: "first week",
    name: "typeof guard",
    body: 'const v: string | undefined = f(); const out = typeof v === "string" ? v : "none";',
    declarations: "function f(): string | undefined { return undefined; }",
  },
];
