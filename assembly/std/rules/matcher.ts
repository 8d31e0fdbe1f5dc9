/**
 * A rule's `match`, in the form in which requests are compared with it.
 *
 * @module
 */
import { isToken } from "../http/syntax";
import { Headers } from "../../http/headers";
import { lowerCase } from "../../memory/utf16";
import { isPathBelow } from "../url/path";
import { AskedRequest, readableHost, readablePath } from "./request";
import { HeaderMatch, Match } from "./rule";

/** Texts to be compared as they are, or, where `isOpen` says so, with what ends in them or lies below them. */
@final
class Patterns {
  private texts: string[] = new Array<string>();
  private isOpen: bool[] = new Array<bool>();

  get isEmpty(): bool {
    return this.texts.length == 0;
  }

  add(text: string, isOpen: bool): void {
    this.texts.push(text);
    this.isOpen.push(isOpen);
  }

  hasHost(host: string): bool {
    for (let i = 0; i < this.texts.length; i++) {
      const text = unchecked(this.texts[i]);
      // An open pattern is "" for all hosts, or begins with a dot, and the host must have something before that.
      if (
        unchecked(this.isOpen[i]) ? (host.endsWith(text) && host != text) || text.length == 0 : host == text
      )
        return true;
    }
    return false;
  }

  hasPath(path: string): bool {
    if (path.length == 0) return false;
    for (let i = 0; i < this.texts.length; i++) {
      const text = unchecked(this.texts[i]);
      if (unchecked(this.isOpen[i]) ? isPathBelow(path, text) : path == text) return true;
    }
    return false;
  }
}

/** Compares requests with a `Match`. */
@final
export class Matcher {
  /** The error in the match, such as `hosts[1]: …`; null when there is none. */
  error: string | null = null;
  private hosts: Patterns = new Patterns();
  private paths: Patterns = new Patterns();
  private methods: string[];
  private headers: HeaderMatch[];
  private routes: string[];

  constructor(match: Match) {
    this.methods = match.methods;
    this.headers = match.headers;
    this.routes = match.routes;
    for (let i = 0; i < match.hosts.length; i++) {
      if (!this.addHost(match.hosts[i]))
        this.refuse("hosts", i, match.hosts[i], 'write "example.com", "*.example.com" or "*"');
    }
    for (let i = 0; i < match.paths.length; i++) {
      if (!this.addPath(match.paths[i]))
        this.refuse("paths", i, match.paths[i], 'write "/a", or "/a/*" for all below it, without a query');
    }
    for (let i = 0; i < this.methods.length; i++) {
      const method = this.methods[i];
      if (!isToken(method, 0, method.length) || hasLowerCase(method))
        this.refuse("methods", i, method, 'write it as it is sent, such as "GET"');
    }
    for (let i = 0; i < this.headers.length; i++) {
      const name = this.headers[i].name;
      if (!isToken(name, 0, name.length)) this.refuse("headers", i, name, "this is no name of a header");
    }
  }

  matches(request: AskedRequest): bool {
    return (
      (this.methods.length == 0 || this.methods.includes(request.method)) &&
      (this.hosts.isEmpty || this.hosts.hasHost(request.host)) &&
      (this.paths.isEmpty || this.paths.hasPath(request.path)) &&
      hasHeaders(request.headers, this.headers) &&
      (this.routes.length == 0 || this.routes.includes(request.route))
    );
  }

  private addHost(pattern: string): bool {
    if (pattern == "*") {
      this.hosts.add("", true);
      return true;
    }
    const isOpen = pattern.startsWith("*.");
    const host = readableHost(isOpen ? pattern.substring(2) : pattern);
    // `Authority.parse` would also read a pattern with a port, which means something else.
    if (host === null || host != withoutDot(pattern, isOpen)) return false;
    this.hosts.add(isOpen ? "." + host : host, isOpen);
    return true;
  }

  private addPath(pattern: string): bool {
    const isOpen = pattern.endsWith("/*");
    const plain = isOpen ? pattern.substring(0, pattern.length - 2) : pattern;
    if (plain.includes("*") || plain.includes("?")) return false;
    const path = isOpen && plain.length == 0 ? "" : readablePath(plain);
    if (path === null) return false;
    this.paths.add(path, isOpen);
    return true;
  }

  private refuse(field: string, index: i32, value: string, why: string): void {
    if (this.error !== null) return;
    this.error = field + "[" + index.toString() + ']: not "' + value.substring(0, 100) + '"; ' + why;
  }
}

/** The host that a pattern names, in lower case. */
function withoutDot(pattern: string, isOpen: bool): string {
  const end = pattern.endsWith(".") ? pattern.length - 1 : pattern.length;
  return lowerCase(pattern, isOpen ? 2 : 0, end);
}

function hasLowerCase(text: string): bool {
  for (let i = 0; i < text.length; i++) if (<u32>text.charCodeAt(i) - 0x61 < 26) return true;
  return false;
}

function hasHeaders(headers: Headers, wanted: HeaderMatch[]): bool {
  for (let i = 0; i < wanted.length; i++) {
    const value = unchecked(wanted[i]).value;
    const name = unchecked(wanted[i]).name;
    if (value === null ? !headers.has(name) : !headers.getAll(name).includes(value)) return false;
  }
  return true;
}
