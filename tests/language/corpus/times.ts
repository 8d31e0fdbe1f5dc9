/** Times in milliseconds, and dates. */
import type { Construct } from "../constructs.js";

export const times: readonly Construct[] = [
  {
    group: "times",
    name: "times are numbers",
    body: 'let out = ""; const a = new Date(1000), b = new Date(2500); out += (b.getTime() - a.getTime()) / 1000; out += a.getTime() / 3; out += (b.getTime() - a.getTime()) * 0.5; out += Date.UTC(1970, 0, 1, 0, 0, 1) / 1500; const t = b.getTime(); out += t / 1000; out += Math.floor(t / 1000); out += t % 1000; out += `${t}`; const n: number = a.getTime(); out += n; out += new Date(t + 500).toISOString();',
  },
  {
    group: "times",
    name: "now and limits",
    body: 'let out = ""; const now = Date.now(); const later = now + 60 * 1000; out += later - now; out += later > now; const day = 24 * 60 * 60 * 1000; const month = 30 * day; out += Math.floor((now + month - now) / day); let last = 0; last = Date.now(); out += last >= now; const start = Date.now(); const took = Date.now() - start; out += took < 5000 ? "quick" : "slow"; out += took / 1000 < 5;',
  },
  {
    group: "times",
    name: "whole where wanted",
    body: 'let out = ""; const t: i64 = new Date(5).getTime(); out += t; const ages = new Map<string, number>(); ages.set("a", new Date(7).getTime()); out += ages.get("a") ?? 0; out += Number.isInteger(Date.now());',
    declarations: "type i64 = number;",
  },
  {
    group: "times",
    name: "fields of times",
    body: 'let out = ""; const e = new Entry("k", new Date(500).getTime()); out += e.age(2000); out += e.age(new Date(750).getTime());',
    declarations:
      "class Entry { at: number; constructor(public key: string, at: number) { this.at = at; } age(now: number): number { return (now - this.at) / 1000; } }",
  },
  {
    group: "times",
    name: "valueOf and compare",
    body: 'let out = ""; const a = new Date(1), b = new Date(2); out += a.valueOf() < b.valueOf(); out += a.getTime() === new Date(1).getTime(); const list = [b, a].sort((x, y) => x.getTime() - y.getTime()); out += list.map((d) => d.getTime()).join();',
  },
  {
    group: "times",
    name: "compare dates",
    body: 'let out = ""; const a = new Date(1), b = new Date(2); out += a < b; out += a > b;',
  },
];
