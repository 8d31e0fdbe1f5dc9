/**
 * A compiler that compiles again and again, in a process of its own: a build takes a fifth of the time once the compiler has
 * been read and is warm. It is sent what asc is called with, and answers what asc would say.
 *
 * @module
 */
import "./quick-compiler.js";
import { pathToFileURL } from "node:url";

/** One build. */
export interface Order {
  /** The compiler's asc.js. */
  readonly asc: string;
  readonly folder: string;
  readonly parameters: readonly string[];
}

/** How a build has ended. */
export interface Ended {
  readonly status: number;
  readonly messages: string;
  /** The bytes that the process takes then. */
  readonly memory: number;
}

interface Asc {
  main(parameters: readonly string[]): Promise<{ error: Error | null; stderr: { toString(): string } }>;
}

async function compile({ asc, folder, parameters }: Order): Promise<Ended> {
  const { main } = (await import(new URL("../dist/asc.js", pathToFileURL(asc)).href)) as Asc;
  process.chdir(folder);
  const { error, stderr } = await main(parameters);
  const said = stderr.toString();
  const messages = error !== null && said === "" ? String(error.stack ?? error) : said;
  return { status: error === null ? 0 : 1, messages, memory: process.memoryUsage.rss() };
}

process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => {
  void compile(order)
    .catch((error: unknown): Ended => ({ status: 1, messages: String(error), memory: Infinity }))
    .then((ended) => process.send!(ended));
});
