/**
 * The figures as pictures, for docs/performance.md.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A bar. */
export interface Bar {
  readonly group: string;
  readonly name: string;
  readonly value: number;
}

export interface BarOptions {
  readonly title: string;
  /** What is counted. */
  readonly unit: string;
  /** Values differ by orders of magnitude. */
  readonly logarithmic?: boolean;
}

const colours = ["#2563eb", "#b45309", "#64748b", "#0d9488", "#a21caf", "#78716c"];

/** Groups of horizontal bars as SVG text, which stands for itself in light and dark pages. */
export function bars(values: readonly Bar[], { title, unit, logarithmic = false }: BarOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  const groups = [...new Set(values.map(({ group }) => group))];
  const names = [...new Set(values.map(({ name }) => name))];
  const least = Math.min(...values.map(({ value }) => value).filter((value) => value > 0));
  const start = logarithmic ? 10 ** Math.floor(Math.log10(least)) : 0;
  const drawn = values.map((bar) => ({ ...bar, end: Math.max(bar.value, start) }));
  const label = ({ value }: Bar): string => Math.round(value).toLocaleString("en");
  const plot = Plot.plot({
    document: document,
    width: 720,
    height: 46 + groups.length * (names.length * 16 + 14),
    marginLeft: 170,
    marginRight: 80,
    marginTop: 34,
    x: {
      type: logarithmic ? "log" : "linear",
      label: unit,
      grid: true,
      tickFormat: logarithmic ? "~s" : "s",
    },
    y: { axis: null, domain: names },
    fy: { label: null, axis: null, domain: groups, padding: 0.2 },
    color: { domain: names, range: colours.slice(0, names.length) },
    marks: [
      Plot.barX(drawn, { x1: start, x2: "end", y: "name", fy: "group", fill: "name", insetTop: 1 }),
      Plot.text(drawn, { x: "end", y: "name", fy: "group", text: label, textAnchor: "start", dx: 4 }),
      Plot.text(drawn, {
        x: start,
        y: "name",
        fy: "group",
        text: ({ group, name }: Bar) => `${group}, ${name}`,
        textAnchor: "end",
        dx: -6,
      }),
    ],
  });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const heading = document.createElementNS("http://www.w3.org/2000/svg", "text");
  heading.setAttribute("x", "10");
  heading.setAttribute("y", "16");
  heading.setAttribute("text-anchor", "start");
  heading.setAttribute("font-size", "14");
  heading.setAttribute("font-weight", "bold");
  heading.setAttribute("fill", "currentColor");
  heading.textContent = title;
  plot.append(heading);
  return `${plot.outerHTML}\n`;
}
