// Reads Envoy's attributes in each phase, and calls Envoy's foreign functions.
import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  lastStatus,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";
import {
  Expression,
  PropertyType,
  attributes,
  clearRouteCache,
  compress,
  declareProperty,
  setFilterState,
  sign,
  signByPem,
  uncompress,
  verifySignature,
  verifySignatureByPem,
} from "proxy-wasm-as/assembly/envoy";

function text(value: string | null): string {
  return value === null ? "-" : "'" + value + "'";
}

function bytes(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

function fromHex(text: string): Uint8Array {
  const all = new Uint8Array(text.length >> 1);
  for (let i = 0; i < all.length; i++) all[i] = <u8>parseInt(text.substring(2 * i, 2 * i + 2), 16);
  return all;
}

let isRight: Expression | null = null;
let length: Expression | null = null;

class Plugin extends PluginContext {
  onConfigure(configuration: string): bool {
    log.info(
      `plugin ${text(attributes.plugin.name())} ${text(attributes.plugin.vmId())} ${text(attributes.node.id())}`,
    );
    isRight = Expression.compile("request.path == '/right'");
    length = Expression.compile("request.path.size()");
    log.info(`wrong ${Expression.compile("request.path ==") === null} ${lastStatus()}`);
    log.info(`declared ${declareProperty("once", true, PropertyType.String)}`);
    log.info(`declared again ${declareProperty("once", true, PropertyType.String)}`);
    return true;
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }
}

class Stream extends HttpContext {
  private say(phase: string): void {
    log.info(
      `${phase} request ${text(attributes.request.path())} ${text(attributes.request.query())} ` +
        `${text(attributes.request.method())} ${text(attributes.request.header("x-in"))} ` +
        `${text(attributes.request.referer())} ${text(attributes.request.protocol())}`,
    );
    log.info(
      `${phase} response ${attributes.response.code()} ${text(attributes.response.codeDetails())} ` +
        `${text(attributes.response.header("x-up"))}`,
    );
    log.info(
      `${phase} peers ${attributes.source.port() > 0} ${attributes.destination.port() > 0} ` +
        `${attributes.upstream.port() > 0} ${attributes.connection.mtls(true)} ` +
        `${text(attributes.connection.tlsVersion())} ${text(attributes.xds.clusterName())}`,
    );
    log.info(
      `${phase} route ${text(attributes.routeMetadata.text("acme", "owner"))} ` +
        `${attributes.routeMetadata.number("acme", "weight")} ${attributes.metadata.number("acme", "n", 7)}`,
    );
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    this.say("request");
    const right = isRight;
    const size = length;
    if (right !== null && size !== null) {
      const value = size.evaluate();
      log.info(`cel ${right.isTrue()} ${value !== null ? value.length : -1}`);
    }
    const packed = compress(bytes("abc".repeat(100)));
    let plain: Uint8Array | null = null;
    if (packed !== null) plain = uncompress(packed);
    log.info(`zlib ${packed !== null && packed.length < 50} ${plain !== null && plain.length == 300}`);
    log.info(`no zlib ${uncompress(bytes("x")) === null} ${lastStatus()}`);
    const publicKey = headers.get("x-public-key");
    const privateKey = headers.get("x-private-key");
    const signature = headers.get("x-signature");
    if (publicKey !== null && privateKey !== null && signature !== null) {
      const data = bytes("data");
      const key = fromHex(publicKey);
      const right = verifySignature("sha256", key, fromHex(signature), data);
      const wrong = verifySignature("sha256", key, fromHex(signature), bytes("date"));
      const own = sign("sha256", fromHex(privateKey), data);
      const signed = own !== null && verifySignature("sha256", key, own, data);
      log.info(`signature ${right} ${wrong} ${signed} ${sign("sha256", key, data) === null}`);
      log.info(
        `pem ${verifySignatureByPem("sha256", "no key", data, data)} ${signByPem("x", "no key", data) === null}`,
      );
    }
    log.info(`state ${setFilterState("envoy.string", "from wasm")} ${setFilterState("acme.nope", "x")}`);
    log.info(
      `once ${property.set("once", "1")} ${property.set("once", "2")} ${text(property.text(["once"]))}`,
    );
    if (headers.has("x-elsewhere")) {
      headers.set(":path", "/elsewhere");
      log.info(`route ${clearRouteCache()}`);
    }
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.say("response");
    return FilterHeadersStatus.Continue;
  }

  onLog(): void {
    this.say("log");
    log.info(`log times ${attributes.request.duration() > 0} ${attributes.response.backendLatency() > 0}`);
    log.info(`log state ${text(attributes.filterState.text("wasm.once"))}`);
  }
}

registerPlugin<Plugin>();
