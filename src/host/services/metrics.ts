/** A statistic; VMs that define one name share it. */
export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly name: string;
  /** Of a counter or gauge, as an unsigned 64-bit number. */
  value: bigint;
  /** How many values a histogram recorded, and their sum. */
  count: number;
  sum: bigint;
}

const types = ["counter", "gauge", "histogram"] as const;

/** The statistics that modules define; names as they are, without the prefix `wasmcustom.` of Envoy's page. */
export class Metrics {
  private readonly all = new Map<string, Metric>();

  /** The metric of this type (0 to 2) and name, made when there is none. */
  define(type: number, name: string): Metric {
    const key = `${type} ${name}`;
    let metric = this.all.get(key);
    if (metric === undefined) {
      metric = { type: types[type]!, name, value: 0n, count: 0, sum: 0n };
      this.all.set(key, metric);
    }
    return metric;
  }

  /** All metrics, in the order of their definition. */
  list(): readonly Metric[] {
    return [...this.all.values()];
  }

  /** The value of a counter or gauge; undefined without one. */
  get(name: string): number | undefined {
    const metric = this.all.get(`0 ${name}`) ?? this.all.get(`1 ${name}`);
    return metric === undefined ? undefined : Number(metric.value);
  }

  /** All metrics in Prometheus's text form, as Envoy's `/stats/prometheus` has them. */
  prometheus(): string {
    let text = "";
    for (const { type, name, value, count, sum } of this.all.values()) {
      const id = name.replace(/[^a-zA-Z0-9_:]/g, "_");
      text += `# TYPE ${id} ${type}\n`;
      if (type !== "histogram") text += `${id}{} ${value}\n`;
      else text += `${id}_bucket{le="+Inf"} ${count}\n${id}_sum{} ${sum}\n${id}_count{} ${count}\n`;
    }
    return text;
  }
}
