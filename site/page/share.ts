/**
 * What a page holds, in its address: JSON, deflated, in the fragment, which no server is told.
 *
 * @module
 */
import type { Draft } from "../../src/pages/view/form.js";

/** All that a person has written on the page. */
export interface Shared {
  readonly source: string;
  readonly suite: string;
  readonly draft: Partial<Draft>;
}

/** The most characters of an address: more, and mail programs cut it. */
const LONGEST = 60_000;

/** The most bytes that are unpacked: an address of a few kilobytes may hold gigabytes. */
const LARGEST = 4_000_000;

const NAME = "#filter=";

/** The fragment. Throws with a sentence for people when it would be too long. */
export async function fragmentOf(shared: Shared): Promise<string> {
  const json = new Blob([JSON.stringify(shared)]).stream();
  const packed = await bytesOf(json.pipeThrough(new CompressionStream("deflate-raw")));
  if (packed.length > (LONGEST * 3) / 4)
    throw new Error("This is too long for an address; save it as a file instead.");
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return NAME + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a fragment holds; undefined when it holds nothing. Throws when it is damaged. */
export async function readFragment(fragment: string): Promise<Shared | undefined> {
  if (!fragment.startsWith(NAME)) return undefined;
  try {
    const text = atob(fragment.slice(NAME.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const json = await bytesOf(unpacked.pipeThrough(limited(LARGEST)));
    const { source, suite, draft } = JSON.parse(new TextDecoder().decode(json)) as Partial<Shared>;
    return {
      source: String(source ?? ""),
      suite: String(suite ?? ""),
      draft: typeof draft === "object" && draft !== null ? draft : {},
    };
  } catch {
    throw new Error("The address is damaged: what was shared cannot be read.");
  }
}

/** Fails when more than so many bytes come. */
function limited(most: number): TransformStream<Uint8Array, Uint8Array> {
  let left = most;
  return new TransformStream({
    transform: (chunk, controller) => {
      left -= chunk.length;
      if (left < 0) controller.error(new Error("too large"));
      else controller.enqueue(chunk);
    },
  });
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}
