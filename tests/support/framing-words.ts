/** Names and values that attacks on headers write, and where. */

/** Names and values that say what a message is or where it ends, and some that do no harm. */
export const names = [
  ":status",
  ":status",
  ":method",
  ":method",
  ":path",
  ":path",
  ":authority",
  "host",
  ":scheme",
];
names.push(":protocol", ":foo", ":", "content-length", "transfer-encoding", "connection", "upgrade", "te");
names.push(
  "expect",
  "keep-alive",
  "proxy-connection",
  "trailer",
  "x-a",
  "X-Forwarded-Proto",
  "Content-Length",
);
names.push(":STATUS", ":Path", "HOST", "http2-settings");
export const values = [
  "204",
  "204",
  "205",
  "304",
  "100",
  "101",
  "103",
  "199",
  "200",
  "404",
  "600",
  "0",
  "20",
  "2000",
  "abc",
  "",
];
values.push(
  "GET",
  "HEAD",
  "POST",
  "CONNECT",
  "OPTIONS",
  "get",
  "G%20T",
  "/",
  "/a%20b",
  "*",
  "x",
  "//a",
  "http://x/y",
);
values.push(
  "/%09",
  "a@b",
  "a%20b",
  "a:80",
  "https",
  "ftp",
  "chunked",
  "gzip",
  "identity",
  "3",
  "50",
  "close",
  "upgrade",
);
values.push(
  "websocket",
  "h2c",
  "trailers",
  "100-continue",
  "%0d%0ax-evil:%201",
  "%ff",
  "x-id, content-length",
);
export const verbs = ["set", "set", "set", "add", "remove", "replace", "replace-more", "replace-only"];
export const places = [
  ...["request|request", "request-body|request", "request-trailers|request-trailers", "held-request|request"],
  ...[
    "response|response",
    "response|response",
    "response-body|response",
    "response-trailers|response-trailers",
  ],
  ...["held-response|response", "whole-body|response", "response|request", "request|response"],
];
