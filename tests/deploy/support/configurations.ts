/** Configurations of six examples, good and bad. */

/** Configurations of examples; undefined is none. */
export const configurations: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "rate-limit": [
    undefined,
    "{}",
    "[]",
    "nonsense",
    '{"requests": 5}',
    '{"seconds": 60.0, "requests": 1e1}',
    '{"requests": 0}',
    '{"requests": "5"}',
    '{"requests": 5, "seconds": 86401}',
    '{"requests": 5, "b": 1, "a": 2}',
    '{"requests": 1.5}',
  ],
  cors: [
    undefined,
    '{"origins": ["https://a.example"], "methods": ["GET"], "headers": []}',
    '{"methods": ["GET"], "origins": ["*"], "headers": ["x"], "credentials": true}',
    '{"origins": "https://a.example", "methods": [], "headers": []}',
    '{"origins": [1, 2], "methods": [null], "headers": []}',
    '{"origins": ["<&>"], "methods": [], "headers": [], "maxAge": -0}',
    '{"origins": [], "methods": [], "headers": [], "max-age": 5}',
    '{"origins": [], "methods": [], "headers": [],}',
  ],
  "access-control": [
    '{"rules": []}',
    '{"rules": [{"path": "/", "methods": ["GET"], "keys": []}]}',
    '{"rules": [{"path": "/", "methods": ["GET"]}]}',
    '{"rules": [{"keys": [], "path": 5, "methods": []}]}',
    '{"rules": {"path": "/"}}',
    '{"rules": [null]}',
    '{"Rules": [], "rules": []}',
  ],
  "grpc-auth": [undefined, "", "  \n", "grpc_auth", '"grpc_auth"', '{"cluster": "grpc_auth"}', "{}"],
  "config-denylist": [undefined, "a\nb\n\na", '{"b": 1, "a": ["x", "y"]}', "  ", "[]"],
  "docs-plugin-config": [undefined, "any text: ä", '{"z": 1.0, "a": 12345678901234567890123, "é": "<"}'],
};
