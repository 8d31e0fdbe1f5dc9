/**
 * Names of headers, in the lower case that hosts use; a filter carries those that it names.
 *
 * @example
 * this.response.headers.set(header.cacheControl, "no-store");
 */
// prettier-ignore
export abstract class header {
  /** Media types that the client takes. */
  static get accept(): string { return "accept"; }
  /** Character sets that the client takes; obsolete. */
  static get acceptCharset(): string { return "accept-charset"; }
  /** Codings of content that the client takes. */
  static get acceptEncoding(): string { return "accept-encoding"; }
  /** Languages that the client prefers. */
  static get acceptLanguage(): string { return "accept-language"; }
  /** Tells whether the server answers parts of the resource. */
  static get acceptRanges(): string { return "accept-ranges"; }
  /** CORS: whether the response to a request with credentials may be read. */
  static get accessControlAllowCredentials(): string { return "access-control-allow-credentials"; }
  /** CORS: request headers that are allowed. */
  static get accessControlAllowHeaders(): string { return "access-control-allow-headers"; }
  /** CORS: methods that are allowed. */
  static get accessControlAllowMethods(): string { return "access-control-allow-methods"; }
  /** CORS: the origin that may read the response. */
  static get accessControlAllowOrigin(): string { return "access-control-allow-origin"; }
  /** CORS: response headers that may be read. */
  static get accessControlExposeHeaders(): string { return "access-control-expose-headers"; }
  /** CORS: how many seconds a preflight's answer holds. */
  static get accessControlMaxAge(): string { return "access-control-max-age"; }
  /** CORS: request headers that a preflight asks for. */
  static get accessControlRequestHeaders(): string { return "access-control-request-headers"; }
  /** CORS: the method that a preflight asks for. */
  static get accessControlRequestMethod(): string { return "access-control-request-method"; }
  /** How many seconds the response has been in a cache. */
  static get age(): string { return "age"; }
  /** Methods that the resource has. */
  static get allow(): string { return "allow"; }
  /** Other places at which the service can be reached. */
  static get altSvc(): string { return "alt-svc"; }
  /** Credentials for the server. */
  static get authorization(): string { return "authorization"; }
  /** Properties that travel with a trace. */
  static get baggage(): string { return "baggage"; }
  /** How the message may be cached. */
  static get cacheControl(): string { return "cache-control"; }
  /** The stored data of the site that the browser is to delete. */
  static get clearSiteData(): string { return "clear-site-data"; }
  /** Headers, and wishes, that concern this connection only. */
  static get connection(): string { return "connection"; }
  /** Tells whether the content is shown or saved, and its file name. */
  static get contentDisposition(): string { return "content-disposition"; }
  /** Codings that were applied to the content. */
  static get contentEncoding(): string { return "content-encoding"; }
  /** Languages of those that the content is for. */
  static get contentLanguage(): string { return "content-language"; }
  /** Bytes of the content. */
  static get contentLength(): string { return "content-length"; }
  /** The address of this very content. */
  static get contentLocation(): string { return "content-location"; }
  /** The part of the resource that the content is. */
  static get contentRange(): string { return "content-range"; }
  /** The sources from which a page may load, and the code that it may run. */
  static get contentSecurityPolicy(): string { return "content-security-policy"; }
  /** The media type of the content. */
  static get contentType(): string { return "content-type"; }
  /** Cookies of the client. */
  static get cookie(): string { return "cookie"; }
  /** Tells whether a page may load resources that do not allow it. */
  static get crossOriginEmbedderPolicy(): string { return "cross-origin-embedder-policy"; }
  /** Tells whether a page shares its window with other origins. */
  static get crossOriginOpenerPolicy(): string { return "cross-origin-opener-policy"; }
  /** Which sites may load the resource. */
  static get crossOriginResourcePolicy(): string { return "cross-origin-resource-policy"; }
  /** When the message was made. */
  static get date(): string { return "date"; }
  /** Digests of the content; obsolete. */
  static get digest(): string { return "digest"; }
  /** Tells whether the request came as TLS early data. */
  static get earlyData(): string { return "early-data"; }
  /** The validator of this state of the resource. */
  static get etag(): string { return "etag"; }
  /** The behaviour that the client expects of the server before it sends the content. */
  static get expect(): string { return "expect"; }
  /** When the response is stale. */
  static get expires(): string { return "expires"; }
  /** Facts about the request that proxies have hidden: client, host, protocol. */
  static get forwarded(): string { return "forwarded"; }
  /** The mail address of the person who controls the client. */
  static get from(): string { return "from"; }
  /** How the messages of a gRPC call are compressed. */
  static get grpcEncoding(): string { return "grpc-encoding"; }
  /** The error message of a gRPC call. */
  static get grpcMessage(): string { return "grpc-message"; }
  /** The status of a gRPC call. */
  static get grpcStatus(): string { return "grpc-status"; }
  /** How long a gRPC call may take. */
  static get grpcTimeout(): string { return "grpc-timeout"; }
  /** The host of the request; hosts of modules show it as `:authority`. */
  static get host(): string { return "host"; }
  /** Does the request only if the resource has one of these validators. */
  static get ifMatch(): string { return "if-match"; }
  /** Does the request only if the resource has changed since. */
  static get ifModifiedSince(): string { return "if-modified-since"; }
  /** Does the request only if the resource has none of these validators. */
  static get ifNoneMatch(): string { return "if-none-match"; }
  /** Asks for a part only if the resource is the same as before. */
  static get ifRange(): string { return "if-range"; }
  /** Does the request only if the resource has not changed since. */
  static get ifUnmodifiedSince(): string { return "if-unmodified-since"; }
  /** How long an idle connection is kept. */
  static get keepAlive(): string { return "keep-alive"; }
  /** When the resource was changed last. */
  static get lastModified(): string { return "last-modified"; }
  /** Relations to other resources. */
  static get link(): string { return "link"; }
  /** The address to go to: for redirections and created resources. */
  static get location(): string { return "location"; }
  /** How many proxies may pass the request on. */
  static get maxForwards(): string { return "max-forwards"; }
  /** The origin that has caused the request. */
  static get origin(): string { return "origin"; }
  /** Which features of the browser a page may use. */
  static get permissionsPolicy(): string { return "permissions-policy"; }
  /** `no-cache` for HTTP/1.0 caches; obsolete. */
  static get pragma(): string { return "pragma"; }
  /** The client's wishes about the server's behaviour. */
  static get prefer(): string { return "prefer"; }
  /** How urgent the response is. */
  static get priority(): string { return "priority"; }
  /** How to show credentials to a proxy. */
  static get proxyAuthenticate(): string { return "proxy-authenticate"; }
  /** Credentials for a proxy. */
  static get proxyAuthorization(): string { return "proxy-authorization"; }
  /** Which parts of the resource are asked for. */
  static get range(): string { return "range"; }
  /** The address of the page that the client comes from. */
  static get referer(): string { return "referer"; }
  /** The part of its address that a page tells others in `referer`. */
  static get referrerPolicy(): string { return "referrer-policy"; }
  /** When to try again. */
  static get retryAfter(): string { return "retry-after"; }
  /** The use that the browser has for the resource. */
  static get secFetchDest(): string { return "sec-fetch-dest"; }
  /** In which mode the browser fetches. */
  static get secFetchMode(): string { return "sec-fetch-mode"; }
  /** How the origin of the request relates to that of the resource. */
  static get secFetchSite(): string { return "sec-fetch-site"; }
  /** Tells whether the user has caused the request. */
  static get secFetchUser(): string { return "sec-fetch-user"; }
  /** The server's answer to the key. */
  static get secWebsocketAccept(): string { return "sec-websocket-accept"; }
  /** The client's key of a WebSocket handshake. */
  static get secWebsocketKey(): string { return "sec-websocket-key"; }
  /** Protocols within a WebSocket. */
  static get secWebsocketProtocol(): string { return "sec-websocket-protocol"; }
  /** The version of the WebSocket protocol. */
  static get secWebsocketVersion(): string { return "sec-websocket-version"; }
  /** The software of the server. */
  static get server(): string { return "server"; }
  /** The server's timings. */
  static get serverTiming(): string { return "server-timing"; }
  /** A cookie that the client is to keep. */
  static get setCookie(): string { return "set-cookie"; }
  /** For how long the client is to use HTTPS only. */
  static get strictTransportSecurity(): string { return "strict-transport-security"; }
  /** Codings of transfer that the client takes, `trailers` among them. */
  static get te(): string { return "te"; }
  /** The trace and the span of the request. */
  static get traceparent(): string { return "traceparent"; }
  /** The data that tracing systems add to `traceparent`. */
  static get tracestate(): string { return "tracestate"; }
  /** Headers that come after the content. */
  static get trailer(): string { return "trailer"; }
  /** Codings of transfer that were applied. */
  static get transferEncoding(): string { return "transfer-encoding"; }
  /** Protocols to change to. */
  static get upgrade(): string { return "upgrade"; }
  /** Tells whether the client prefers HTTPS. */
  static get upgradeInsecureRequests(): string { return "upgrade-insecure-requests"; }
  /** The software of the client. */
  static get userAgent(): string { return "user-agent"; }
  /** Which request headers the response depends upon. */
  static get vary(): string { return "vary"; }
  /** Proxies that the message has passed. */
  static get via(): string { return "via"; }
  /** Possible problems of the content; obsolete. */
  static get warning(): string { return "warning"; }
  /** How to show credentials. */
  static get wwwAuthenticate(): string { return "www-authenticate"; }
  /** `nosniff`: the media type is not guessed. */
  static get xContentTypeOptions(): string { return "x-content-type-options"; }
  /** Envoy: which attempt it is. */
  static get xEnvoyAttemptCount(): string { return "x-envoy-attempt-count"; }
  /** Envoy: the name of the span. */
  static get xEnvoyDecoratorOperation(): string { return "x-envoy-decorator-operation"; }
  /** Envoy: the address of a client from outside. */
  static get xEnvoyExternalAddress(): string { return "x-envoy-external-address"; }
  /** Envoy: whether the request comes from inside. */
  static get xEnvoyInternal(): string { return "x-envoy-internal"; }
  /** Envoy: how often to try again. */
  static get xEnvoyMaxRetries(): string { return "x-envoy-max-retries"; }
  /** Envoy: the path before it was rewritten. */
  static get xEnvoyOriginalPath(): string { return "x-envoy-original-path"; }
  /** Envoy: what to try again after. */
  static get xEnvoyRetryOn(): string { return "x-envoy-retry-on"; }
  /** Envoy: how many milliseconds the upstream has. */
  static get xEnvoyUpstreamRqTimeoutMs(): string { return "x-envoy-upstream-rq-timeout-ms"; }
  /** Envoy: how many milliseconds the upstream took. */
  static get xEnvoyUpstreamServiceTime(): string { return "x-envoy-upstream-service-time"; }
  /** Certificates of the clients that proxies have seen. */
  static get xForwardedClientCert(): string { return "x-forwarded-client-cert"; }
  /** Addresses of the client and of proxies. */
  static get xForwardedFor(): string { return "x-forwarded-for"; }
  /** The host that the client asked for. */
  static get xForwardedHost(): string { return "x-forwarded-host"; }
  /** The port that the client asked for. */
  static get xForwardedPort(): string { return "x-forwarded-port"; }
  /** `http` or `https`, as the client asked. */
  static get xForwardedProto(): string { return "x-forwarded-proto"; }
  /** Tells whether a page may be shown in a frame. */
  static get xFrameOptions(): string { return "x-frame-options"; }
  /** The address of the client. */
  static get xRealIp(): string { return "x-real-ip"; }
  /** The id of the request in logs and traces. */
  static get xRequestId(): string { return "x-request-id"; }
}

/** Names of pseudo-headers (RFC 9113, section 8.3). */
// prettier-ignore
export abstract class pseudoHeader {
  /** The host, and port, of the request. */
  static get authority(): string { return ":authority"; }
  /** The method of the request. */
  static get method(): string { return ":method"; }
  /** The path and query of the request. */
  static get path(): string { return ":path"; }
  /** `http` or `https`. */
  static get scheme(): string { return ":scheme"; }
  /** The status of the response. */
  static get status(): string { return ":status"; }
}
