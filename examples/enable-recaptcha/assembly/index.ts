import {
  BodyEditor,
  EditedBodyContext,
  HttpContext,
  PluginContext,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { HtmlEditor } from "proxy-wasm-as/assembly/std/html";
import { json } from "proxy-wasm-as/assembly/std/json";
import { percentEncode } from "proxy-wasm-as/assembly/std/url";

/** Knows the key of reCAPTCHA, and puts its script at the beginning of each page's head. */
class Recaptcha extends PluginContext {
  script = "";

  onConfigure(configuration: string): boolean {
    const config = json.parse(configuration).root;
    const kind = config.get("recaptcha_key_type").textOr("");
    const isSession = kind == "SESSION";
    const key = percentEncode(config.get("recaptcha_key_value").textOr(""));
    const url = `https://www.google.com/recaptcha/enterprise.js?render=${isSession ? "&waf=" : ""}${key}`;
    this.script = `\n<script src="${url}"${isSession ? " async defer" : ""}></script>\n`;
    if (key && (isSession || kind == "ACTION")) return true;
    log.error("recaptcha_key_type is ACTION or SESSION, recaptcha_key_value the key");
    return false;
  }

  createHttpContext(): HttpContext {
    return new Page();
  }
}

class Page extends EditedBodyContext {
  createResponseEditor(): BodyEditor | null {
    const type = this.response.headers.get("content-type") ?? "text/html";
    if (!type.startsWith("text/html")) return null;
    return new HtmlEditor().prepend("head", (this.plugin as Recaptcha).script);
  }
}

registerPlugin<Recaptcha>();
