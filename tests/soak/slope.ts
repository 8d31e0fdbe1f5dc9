/** A straight line through samples, and how sure it is. */

export interface Sample {
  /** Requests so far. */
  readonly at: number;
  readonly value: number;
}

export interface Slope {
  /** Change per million requests. */
  readonly perMillion: number;
  /** Its standard error. */
  readonly error: number;
  readonly first: number;
  readonly last: number;
}

/** Least squares. */
export function slopeOf(samples: readonly Sample[]): Slope {
  const n = samples.length;
  if (n < 3) throw new Error("a slope needs at least three samples");
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const x = mean(samples.map(({ at }) => at));
  const y = mean(samples.map(({ value }) => value));
  let xx = 0;
  let xy = 0;
  for (const { at, value } of samples) {
    xx += (at - x) ** 2;
    xy += (at - x) * (value - y);
  }
  const slope = xy / xx;
  const rest = samples.reduce((sum, { at, value }) => sum + (value - y - slope * (at - x)) ** 2, 0);
  return {
    perMillion: slope * 1e6,
    error: Math.sqrt(rest / (n - 2) / xx) * 1e6,
    first: samples[0]!.value,
    last: samples[n - 1]!.value,
  };
}

/**
 * Whether the values grow: by more than three standard errors, and over the samples by more than `tolerance`, so that one
 * late page of an otherwise flat run does not count, but one page after the other does.
 */
export function grows(slope: Slope, requests: number, tolerance: number): boolean {
  const growth = (slope.perMillion * requests) / 1e6;
  return slope.perMillion > 3 * slope.error && growth > tolerance;
}

export function describe(what: string, unit: string, slope: Slope): string {
  const number = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 3 });
  return `${what}: ${number(slope.first)} -> ${number(slope.last)} ${unit}, slope ${number(slope.perMillion)} ± ${number(slope.error)} ${unit} per million requests`;
}
