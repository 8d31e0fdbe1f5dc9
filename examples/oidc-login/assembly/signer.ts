import { clock } from "proxy-wasm-as";
import { base64url, utf8 } from "proxy-wasm-as/assembly/std/encoding";
import { equalsInConstantTime, hmacSha256 } from "proxy-wasm-as/assembly/std/hash";

/** Texts that browsers keep, and only this filter can have made. One key serves several uses: what is made for one is of none for another. */
export class Signer {
  constructor(private key: Uint8Array) {}

  /** 43 characters that nobody else can tell from `text`, with HMAC-SHA-256. */
  sign(use: string, text: string): string {
    return base64url.encode(hmacSha256(this.key, utf8.encode(use + " " + text)));
  }

  /** Tells whether `signature` is that of `text`; how long it takes does not tell how much of it is right. */
  isSigned(use: string, text: string, signature: string): bool {
    return equalsInConstantTime(utf8.encode(this.sign(use, text)), utf8.encode(signature));
  }

  /** A text with its end and signature, for a cookie. */
  seal(use: string, text: string, seconds: i64): string {
    const end = clock.milliseconds() / 1000 + seconds;
    const signed = `${base64url.encode(utf8.encode(text))}.${end}`;
    return `${signed}.${this.sign(use, signed)}`;
  }

  /** The text that was sealed for this use; null when it was not, or is over. */
  open(use: string, sealed: string): string | null {
    const parts = sealed.split(".");
    if (parts.length != 3 || !this.isSigned(use, `${parts[0]}.${parts[1]}`, parts[2])) return null;
    if (i64.parse(parts[1]) <= clock.milliseconds() / 1000) return null;
    const bytes = base64url.decode(parts[0]);
    return bytes === null ? null : utf8.decodeLenient(bytes);
  }
}
