/** The gRPC statuses that stand for HTTP statuses. */

const UNKNOWN = 2;
const UNAVAILABLE = 14;

/** The gRPC status for an HTTP status without one. */
export function grpcStatusOf(http: number): number {
  const known: Readonly<Record<number, number>> = { 400: 13, 401: 16, 403: 7, 404: 12 };
  return known[http] ?? ([429, 502, 503, 504].includes(http) ? UNAVAILABLE : UNKNOWN);
}
