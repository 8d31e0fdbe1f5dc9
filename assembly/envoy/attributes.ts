/**
 * Envoy's attributes with their types. Each is a property; absent is null, or `otherwise` (-1 or false unless you say), and
 * `lastStatus()` is then `Status.NotFound`. docs/properties.md tells where each can be read. Source: "Attributes" in
 * Envoy's documentation.
 *
 * @module
 */
import {
  hasClient,
  readBool,
  readInteger,
  readNumber,
  readProperty,
  readPropertyBytes,
} from "../services/property";

/**
 * Envoy's attributes.
 *
 * @example
 * const code = attributes.response.code();
 * if (code >= 500) log.warn((attributes.upstream.address() || "nobody") + " failed");
 */
export namespace attributes {
  /** The request. All but `protocol`, `time` and the sizes can be read in the request's callbacks and in `onLog` only. */
  export namespace request {
    /** The path with its query, as it is now; null when absent. */
    export function path(): string | null {
      return readProperty("request\0path");
    }

    /** The path without its query. */
    export function urlPath(): string | null {
      return readProperty("request\0url_path");
    }

    /** The query, without "?". */
    export function query(): string | null {
      return readProperty("request\0query");
    }

    /** The authority: host, and port if there is one. */
    export function host(): string | null {
      return readProperty("request\0host");
    }

    /** `http` or `https`. */
    export function scheme(): string | null {
      return readProperty("request\0scheme");
    }

    /** The method. */
    export function method(): string | null {
      return readProperty("request\0method");
    }

    /** The header `referer`. */
    export function referer(): string | null {
      return readProperty("request\0referer");
    }

    /** The header `user-agent`. */
    export function userAgent(): string | null {
      return readProperty("request\0useragent");
    }

    /** The request id: `x-request-id`. */
    export function id(): string | null {
      return readProperty("request\0id");
    }

    /** `HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`. */
    export function protocol(): string | null {
      return readProperty("request\0protocol");
    }

    /** When its first byte arrived, in nanoseconds since 1970. */
    export function time(otherwise: i64 = -1): i64 {
      return readInteger("request\0time", otherwise);
    }

    /** How long it took, in nanoseconds; known in `onLog` only. */
    export function duration(otherwise: i64 = -1): i64 {
      return readInteger("request\0duration", otherwise);
    }

    /** The bytes of its body so far; in `onRequestHeaders` what `content-length` says. */
    export function size(otherwise: i64 = -1): i64 {
      return readInteger("request\0size", otherwise);
    }

    /** The bytes of headers and body so far. */
    export function totalSize(otherwise: i64 = -1): i64 {
      return readInteger("request\0total_size", otherwise);
    }

    /** The request's header `name`; null when absent. Also where `this.request.headers` can no longer be read: in `onLog`. */
    export function header(name: string): string | null {
      return readProperty("request\0headers\0" + name);
    }
  }

  /** The response. Known from `onResponseHeaders` on; flags and sizes always. */
  export namespace response {
    /** The HTTP status. */
    export function code(otherwise: i64 = -1): i64 {
      return readInteger("response\0code", otherwise);
    }

    /** The component that set the status, and the reason: `via_upstream`, or the `details` of `respond`. */
    export function codeDetails(): string | null {
      return readProperty("response\0code_details");
    }

    /** Envoy's response flags, as bits. */
    export function flags(otherwise: i64 = -1): i64 {
      return readInteger("response\0flags", otherwise);
    }

    /** The gRPC status, for other responses what it is mapped to. */
    export function grpcStatus(otherwise: i64 = -1): i64 {
      return readInteger("response\0grpc_status", otherwise);
    }

    /** The bytes of its body so far. */
    export function size(otherwise: i64 = -1): i64 {
      return readInteger("response\0size", otherwise);
    }

    /** The bytes of headers and body so far. */
    export function totalSize(otherwise: i64 = -1): i64 {
      return readInteger("response\0total_size", otherwise);
    }

    /** From the request's last byte to the upstream to its first one back, in nanoseconds; known in `onLog` only. */
    export function backendLatency(otherwise: i64 = -1): i64 {
      return readInteger("response\0backend_latency", otherwise);
    }

    /** The response's header `name`; null when absent. Known from `onResponseHeaders` on. */
    export function header(name: string): string | null {
      return readProperty("response\0headers\0" + name);
    }

    /** The response's trailer `name`; null when absent. */
    export function trailer(name: string): string | null {
      return readProperty("response\0trailers\0" + name);
    }
  }

  /** The connection from the client. */
  export namespace connection {
    /** Its number, unique in this Envoy. */
    export function id(otherwise: i64 = -1): i64 {
      return readInteger("connection\0id", otherwise);
    }

    /** Tells whether the client has proved who it is with a certificate. */
    export function mtls(otherwise: bool = false): bool {
      return readBool("connection\0mtls", otherwise);
    }

    /** The server name that the client has asked for in TLS; `""` without. */
    export function requestedServerName(): string | null {
      return readProperty("connection\0requested_server_name");
    }

    /** The version of TLS; null without TLS, as are the following. */
    export function tlsVersion(): string | null {
      return readProperty("connection\0tls_version");
    }

    /** The subject of Envoy's certificate. */
    export function subjectLocalCertificate(): string | null {
      return readProperty("connection\0subject_local_certificate");
    }

    /** The subject of the client's certificate. */
    export function subjectPeerCertificate(): string | null {
      return readProperty("connection\0subject_peer_certificate");
    }

    /** The first DNS name of Envoy's certificate. */
    export function dnsSanLocalCertificate(): string | null {
      return readProperty("connection\0dns_san_local_certificate");
    }

    /** The first DNS name of the client's certificate. */
    export function dnsSanPeerCertificate(): string | null {
      return readProperty("connection\0dns_san_peer_certificate");
    }

    /** The first URI of Envoy's certificate. */
    export function uriSanLocalCertificate(): string | null {
      return readProperty("connection\0uri_san_local_certificate");
    }

    /** The first URI of the client's certificate: in a mesh, who the client is. */
    export function uriSanPeerCertificate(): string | null {
      return readProperty("connection\0uri_san_peer_certificate");
    }

    /** The SHA-256 of the client's certificate, in hexadecimal digits. */
    export function sha256PeerCertificateDigest(): string | null {
      return readProperty("connection\0sha256_peer_certificate_digest");
    }

    /** Why TLS failed. */
    export function transportFailureReason(): string | null {
      return readProperty("connection\0transport_failure_reason");
    }

    /** Why Envoy closed the connection. */
    export function terminationDetails(): string | null {
      return readProperty("connection\0termination_details");
    }
  }

  /** The sender of the request. Absent in the upstream log of a mirrored request, which has no client. */
  export namespace source {
    /** The client's address and port, `192.0.2.1:51234`. */
    export function address(): string | null {
      return hasClient() ? readProperty("source\0address") : null;
    }

    /** The client's port. */
    export function port(otherwise: i64 = -1): i64 {
      return hasClient() ? readInteger("source\0port", otherwise) : otherwise;
    }
  }

  /** The address at which the request has arrived; absent like `source`. */
  export namespace destination {
    /** Envoy's address and port. */
    export function address(): string | null {
      return hasClient() ? readProperty("destination\0address") : null;
    }

    /** Envoy's port. */
    export function port(otherwise: i64 = -1): i64 {
      return hasClient() ? readInteger("destination\0port", otherwise) : otherwise;
    }
  }

  /** The connection to the upstream. Known from `onResponseHeaders` on. */
  export namespace upstream {
    /** The upstream's address and port. */
    export function address(): string | null {
      return readProperty("upstream\0address");
    }

    /** The upstream's port. */
    export function port(otherwise: i64 = -1): i64 {
      return readInteger("upstream\0port", otherwise);
    }

    /** Envoy's own address and port towards it. */
    export function localAddress(): string | null {
      return readProperty("upstream\0local_address");
    }

    /** How often the request was tried; 0 before the first time. */
    export function requestAttemptCount(otherwise: i64 = -1): i64 {
      return readInteger("upstream\0request_attempt_count", otherwise);
    }

    /** How long it took to get a connection, in nanoseconds. */
    export function connectionPoolReadyDuration(otherwise: i64 = -1): i64 {
      return readInteger("upstream\0cx_pool_ready_duration", otherwise);
    }

    /** The version of TLS; null without TLS, as are the following. */
    export function tlsVersion(): string | null {
      return readProperty("upstream\0tls_version");
    }

    /** The subject of Envoy's certificate. */
    export function subjectLocalCertificate(): string | null {
      return readProperty("upstream\0subject_local_certificate");
    }

    /** The subject of the upstream's certificate. */
    export function subjectPeerCertificate(): string | null {
      return readProperty("upstream\0subject_peer_certificate");
    }

    /** The first DNS name of Envoy's certificate. */
    export function dnsSanLocalCertificate(): string | null {
      return readProperty("upstream\0dns_san_local_certificate");
    }

    /** The first DNS name of the upstream's certificate. */
    export function dnsSanPeerCertificate(): string | null {
      return readProperty("upstream\0dns_san_peer_certificate");
    }

    /** The first URI of Envoy's certificate. */
    export function uriSanLocalCertificate(): string | null {
      return readProperty("upstream\0uri_san_local_certificate");
    }

    /** The first URI of the upstream's certificate. */
    export function uriSanPeerCertificate(): string | null {
      return readProperty("upstream\0uri_san_peer_certificate");
    }

    /** The SHA-256 of the upstream's certificate, in hexadecimal digits. */
    export function sha256PeerCertificateDigest(): string | null {
      return readProperty("upstream\0sha256_peer_certificate_digest");
    }

    /** Why the connection failed. */
    export function transportFailureReason(): string | null {
      return readProperty("upstream\0transport_failure_reason");
    }
  }

  /** Names from Envoy's configuration. */
  export namespace xds {
    /** The upstream's cluster. */
    export function clusterName(): string | null {
      return readProperty("xds\0cluster_name");
    }

    /** The route; `""` when it has no name. */
    export function routeName(): string | null {
      return readProperty("xds\0route_name");
    }

    /** The virtual host. */
    export function virtualHostName(): string | null {
      return readProperty("xds\0virtual_host_name");
    }

    /** The listener's filter chain; `""` when it has no name. */
    export function filterChainName(): string | null {
      return readProperty("xds\0filter_chain_name");
    }

    /** 0 unspecified, 1 inbound, 2 outbound. */
    export function listenerDirection(otherwise: i64 = -1): i64 {
      return readInteger("xds\0listener_direction", otherwise);
    }
  }

  /** This Envoy. Known everywhere, to plugins too. */
  export namespace node {
    /** Its id; in Istio `sidecar~10.0.0.1~pod.namespace~…`. */
    export function id(): string | null {
      return readProperty("xds\0node\0id");
    }

    /** Its service cluster. */
    export function cluster(): string | null {
      return readProperty("xds\0node\0cluster");
    }

    /** A text of its metadata; in Istio for example `NAMESPACE`. */
    export function metadata(key: string): string | null {
      return readProperty("xds\0node\0metadata\0" + key);
    }
  }

  /** This plugin, as Envoy's configuration calls it. Known everywhere. */
  export namespace plugin {
    /** Its name. */
    export function name(): string | null {
      return readProperty("plugin_name");
    }

    /** Its root id. */
    export function rootId(): string | null {
      return readProperty("plugin_root_id");
    }

    /** Its VM id. */
    export function vmId(): string | null {
      return readProperty("plugin_vm_id");
    }
  }

  /**
   * Dynamic metadata of the request: values that earlier filters have set, by namespace and key. Read values in lists and objects
   * with `property.text` and a path, in which the index stands for an element of a list.
   */
  export namespace metadata {
    /** A text; null when absent. */
    export function text(namespace: string, key: string): string | null {
      return readProperty("metadata\0filter_metadata\0" + namespace + "\0" + key);
    }

    /** A number; `otherwise` when absent. */
    export function number(namespace: string, key: string, otherwise: f64 = NaN): f64 {
      return readNumber("metadata\0filter_metadata\0" + namespace + "\0" + key, otherwise);
    }

    /** Yes or no; `otherwise` when absent. */
    export function flag(namespace: string, key: string, otherwise: bool = false): bool {
      return readBool("metadata\0filter_metadata\0" + namespace + "\0" + key, otherwise);
    }
  }

  /** Metadata of the route, as its configuration has it; for lists and objects see `metadata`. */
  export namespace routeMetadata {
    /** A text; null when absent. */
    export function text(namespace: string, key: string): string | null {
      return readProperty("xds\0route_metadata\0filter_metadata\0" + namespace + "\0" + key);
    }

    /** A number; `otherwise` when absent. */
    export function number(namespace: string, key: string, otherwise: f64 = NaN): f64 {
      return readNumber("xds\0route_metadata\0filter_metadata\0" + namespace + "\0" + key, otherwise);
    }
  }

  /** Filter state: what other filters of Envoy, C++ ones too, have left for the stream. */
  export namespace filterState {
    /** The serialized object with this key; null when absent. Values that `property.set` wrote have the key `wasm.<name>`. */
    export function bytes(key: string): Uint8Array | null {
      return readPropertyBytes("filter_state\0" + key);
    }

    /** The same as text. */
    export function text(key: string): string | null {
      return readProperty("filter_state\0" + key);
    }
  }
}
