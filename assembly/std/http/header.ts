/**
 * Names of headers, in the lower case that hosts use; a filter carries those that it names.
 *
 * @example
 * this.response.headers.set(header.cacheControl, "no-store");
 */
// prettier-ignore
export abstract class header {
  static get accept(): string { return "accept"; }
  static get acceptCharset(): string { return "accept-charset"; }
  static get acceptEncoding(): string { return "accept-encoding"; }
  static get acceptLanguage(): string { return "accept-language"; }
  static get acceptRanges(): string { return "accept-ranges"; }
  static get accessControlAllowCredentials(): string { return "access-control-allow-credentials"; }
  static get accessControlAllowHeaders(): string { return "access-control-allow-headers"; }
  static get accessControlAllowMethods(): string { return "access-control-allow-methods"; }
  static get accessControlAllowOrigin(): string { return "access-control-allow-origin"; }
  static get accessControlExposeHeaders(): string { return "access-control-expose-headers"; }
  static get accessControlMaxAge(): string { return "access-control-max-age"; }
  static get accessControlRequestHeaders(): string { return "access-control-request-headers"; }
  static get accessControlRequestMethod(): string { return "access-control-request-method"; }
  static get age(): string { return "age"; }
  static get allow(): string { return "allow"; }
  static get altSvc(): string { return "alt-svc"; }
  static get authorization(): string { return "authorization"; }
  static get baggage(): string { return "baggage"; }
  static get cacheControl(): string { return "cache-control"; }
  static get clearSiteData(): string { return "clear-site-data"; }
  static get connection(): string { return "connection"; }
  static get contentDisposition(): string { return "content-disposition"; }
  static get contentEncoding(): string { return "content-encoding"; }
  static get contentLanguage(): string { return "content-language"; }
  static get contentLength(): string { return "content-length"; }
  static get contentLocation(): string { return "content-location"; }
  static get contentRange(): string { return "content-range"; }
  static get contentSecurityPolicy(): string { return "content-security-policy"; }
  static get contentType(): string { return "content-type"; }
  static get cookie(): string { return "cookie"; }
  static get crossOriginEmbedderPolicy(): string { return "cross-origin-embedder-policy"; }
  static get crossOriginOpenerPolicy(): string { return "cross-origin-opener-policy"; }
  static get crossOriginResourcePolicy(): string { return "cross-origin-resource-policy"; }
  static get date(): string { return "date"; }
  static get digest(): string { return "digest"; }
  static get earlyData(): string { return "early-data"; }
  static get etag(): string { return "etag"; }
  static get expect(): string { return "expect"; }
  static get expires(): string { return "expires"; }
  static get forwarded(): string { return "forwarded"; }
  static get from(): string { return "from"; }
  static get grpcEncoding(): string { return "grpc-encoding"; }
  static get grpcMessage(): string { return "grpc-message"; }
  static get grpcStatus(): string { return "grpc-status"; }
  static get grpcTimeout(): string { return "grpc-timeout"; }
  static get host(): string { return "host"; }
  static get ifMatch(): string { return "if-match"; }
  static get ifModifiedSince(): string { return "if-modified-since"; }
  static get ifNoneMatch(): string { return "if-none-match"; }
  static get ifRange(): string { return "if-range"; }
  static get ifUnmodifiedSince(): string { return "if-unmodified-since"; }
  static get keepAlive(): string { return "keep-alive"; }
  static get lastModified(): string { return "last-modified"; }
  static get link(): string { return "link"; }
  static get location(): string { return "location"; }
  static get maxForwards(): string { return "max-forwards"; }
  static get origin(): string { return "origin"; }
  static get permissionsPolicy(): string { return "permissions-policy"; }
  static get pragma(): string { return "pragma"; }
  static get prefer(): string { return "prefer"; }
  static get priority(): string { return "priority"; }
  static get proxyAuthenticate(): string { return "proxy-authenticate"; }
  static get proxyAuthorization(): string { return "proxy-authorization"; }
  static get range(): string { return "range"; }
  static get referer(): string { return "referer"; }
  static get referrerPolicy(): string { return "referrer-policy"; }
  static get retryAfter(): string { return "retry-after"; }
  static get secFetchDest(): string { return "sec-fetch-dest"; }
  static get secFetchMode(): string { return "sec-fetch-mode"; }
  static get secFetchSite(): string { return "sec-fetch-site"; }
  static get secFetchUser(): string { return "sec-fetch-user"; }
  static get secWebsocketAccept(): string { return "sec-websocket-accept"; }
  static get secWebsocketKey(): string { return "sec-websocket-key"; }
  static get secWebsocketProtocol(): string { return "sec-websocket-protocol"; }
  static get secWebsocketVersion(): string { return "sec-websocket-version"; }
  static get server(): string { return "server"; }
  static get serverTiming(): string { return "server-timing"; }
  static get setCookie(): string { return "set-cookie"; }
  static get strictTransportSecurity(): string { return "strict-transport-security"; }
  static get te(): string { return "te"; }
  static get traceparent(): string { return "traceparent"; }
  static get tracestate(): string { return "tracestate"; }
  static get trailer(): string { return "trailer"; }
  static get transferEncoding(): string { return "transfer-encoding"; }
  static get upgrade(): string { return "upgrade"; }
  static get upgradeInsecureRequests(): string { return "upgrade-insecure-requests"; }
  static get userAgent(): string { return "user-agent"; }
  static get vary(): string { return "vary"; }
  static get via(): string { return "via"; }
  static get warning(): string { return "warning"; }
  static get wwwAuthenticate(): string { return "www-authenticate"; }
  static get xContentTypeOptions(): string { return "x-content-type-options"; }
  static get xEnvoyAttemptCount(): string { return "x-envoy-attempt-count"; }
  static get xEnvoyDecoratorOperation(): string { return "x-envoy-decorator-operation"; }
  static get xEnvoyExternalAddress(): string { return "x-envoy-external-address"; }
  static get xEnvoyInternal(): string { return "x-envoy-internal"; }
  static get xEnvoyMaxRetries(): string { return "x-envoy-max-retries"; }
  static get xEnvoyOriginalPath(): string { return "x-envoy-original-path"; }
  static get xEnvoyRetryOn(): string { return "x-envoy-retry-on"; }
  static get xEnvoyUpstreamRqTimeoutMs(): string { return "x-envoy-upstream-rq-timeout-ms"; }
  static get xEnvoyUpstreamServiceTime(): string { return "x-envoy-upstream-service-time"; }
  static get xForwardedClientCert(): string { return "x-forwarded-client-cert"; }
  static get xForwardedFor(): string { return "x-forwarded-for"; }
  static get xForwardedHost(): string { return "x-forwarded-host"; }
  static get xForwardedPort(): string { return "x-forwarded-port"; }
  static get xForwardedProto(): string { return "x-forwarded-proto"; }
  static get xFrameOptions(): string { return "x-frame-options"; }
  static get xRealIp(): string { return "x-real-ip"; }
  static get xRequestId(): string { return "x-request-id"; }
}

/** Names of pseudo-headers (RFC 9113, section 8.3). */
// prettier-ignore
export abstract class pseudoHeader {
  static get authority(): string { return ":authority"; }
  static get method(): string { return ":method"; }
  static get path(): string { return ":path"; }
  static get scheme(): string { return ":scheme"; }
  static get status(): string { return ":status"; }
}
