/** Takes the bytes of an HTTP/1.1 connection apart as RFC 9112 says, and nothing that it does not say: to count messages. */

export interface CountedMessage {
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Count {
  readonly messages: readonly CountedMessage[];
  /** Why the bytes behind the last message are none. */
  readonly problem?: string;
  /** More bytes could make one of them. */
  readonly open: boolean;
}

export function headerOf({ headers }: Pick<CountedMessage, "headers">, name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

const NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const requestLine = new RegExp(`^${NAME} [^ ]+ HTTP/1\\.1$`);
const statusLine = /^HTTP\/1\.1 [1-5]\d\d [^\r\n]*$/;
const field = new RegExp(`^(${NAME}):[ \\t]*(.*?)[ \\t]*$`);

type Body =
  { readonly body: string; readonly next: number } | { readonly problem: string; readonly open?: boolean };

/** The requests in `bytes`. */
export function countRequests(bytes: string): Count {
  return count(bytes, (start, headers, at) => {
    if (!requestLine.test(start)) return { problem: `start line ${JSON.stringify(start)}` };
    const hosts = headers.filter(([name]) => name.toLowerCase() === "host");
    if (hosts.length !== 1) return { problem: `${hosts.length} host headers` };
    return bodyOf(bytes, headers, at) ?? { body: "", next: at };
  });
}

/** The final responses in `bytes` to requests with these methods; `closed`: no more bytes come. */
export function countResponses(bytes: string, methods: readonly string[], closed: boolean): Count {
  let finals = 0;
  return count(bytes, (start, headers, at) => {
    if (!statusLine.test(start)) return { problem: `start line ${JSON.stringify(start)}` };
    const status = Number(start.slice(9, 12));
    if (status === 101) return { problem: "another protocol" };
    if (status < 200) return { body: "", next: at };
    const method = methods[finals++];
    if (method === undefined) return { problem: "an answer to nothing" };
    if (method === "HEAD" || status === 204 || status === 304) return { body: "", next: at };
    const found = bodyOf(bytes, headers, at);
    if (found !== undefined) return found;
    return closed ? { body: bytes.slice(at), next: bytes.length } : { problem: "no end yet", open: true };
  });
}

function count(
  bytes: string,
  read: (start: string, headers: CountedMessage["headers"], at: number) => Body,
): Count {
  const messages: CountedMessage[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0)
      return {
        messages,
        problem: `no end of headers: ${JSON.stringify(bytes.slice(at, at + 60))}`,
        open: true,
      };
    const [start = "", ...lines] = bytes.slice(at, end).split("\r\n");
    const headers = lines
      .map((line) => field.exec(line))
      .map((found) => [found?.[1] ?? "", found?.[2] ?? ""] as const);
    const bad = headers.findIndex(([name]) => name === "");
    if (bad >= 0) return { messages, problem: `header line ${JSON.stringify(lines[bad])}`, open: false };
    const body = read(start, headers, end + 4);
    if ("problem" in body) return { messages, problem: body.problem, open: body.open ?? false };
    if (!/^HTTP\/1\.1 1/.test(start)) messages.push({ start, headers, body: body.body });
    at = body.next;
  }
  return { messages, open: false };
}

/** The body that headers announce; undefined when they announce none. */
function bodyOf(bytes: string, headers: CountedMessage["headers"], at: number): Body | undefined {
  const values = (name: string): string[] =>
    headers.filter(([n]) => n.toLowerCase() === name).map(([, value]) => value);
  const codings = values("transfer-encoding");
  const lengths = values("content-length");
  if (codings.length + lengths.length > 1)
    return { problem: `several lengths: ${[...codings, ...lengths].join()}` };
  if (codings.length > 0)
    return codings[0] === "chunked" ? chunks(bytes, at) : { problem: `coding ${codings[0]}` };
  if (lengths.length === 0) return undefined;
  if (!/^\d+$/.test(lengths[0]!)) return { problem: `length ${lengths[0]}` };
  const next = at + Number(lengths[0]);
  return next > bytes.length ? { problem: "body cut", open: true } : { body: bytes.slice(at, next), next };
}

function chunks(bytes: string, at: number): Body {
  let body = "";
  for (;;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return { problem: "chunk cut", open: true };
    const size = bytes.slice(at, line);
    if (!/^[0-9a-f]+$/i.test(size)) return { problem: `chunk size ${JSON.stringify(size)}` };
    at = line + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    if (bytes.length < at + length + 2) return { problem: "chunk cut", open: true };
    if (bytes.slice(at + length, at + length + 2) !== "\r\n") return { problem: "chunk too long" };
    body += bytes.slice(at, at + length);
    at += length + 2;
  }
  // Trailers, if any, and an empty line.
  const end = bytes.indexOf("\r\n\r\n", at - 2);
  return end < 0 ? { problem: "trailers cut", open: true } : { body, next: end + 4 };
}
