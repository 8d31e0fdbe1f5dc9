import tseslint from "typescript-eslint";

/** TypeScript tooling only: AssemblyScript is checked by its own compiler and by `tsc` with AssemblyScript's types. */
export default tseslint.config(
  {
    ignores: [
      "**/node_modules",
      "**/dist",
      "**/build",
      ".cache",
      "assembly",
      "**/assembly",
      "tests/assembly",
      "tests/**/filters",
      "bench/filters",
      "index.ts",
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "off",
      eqeqeq: "error",
    },
  },
  {
    // A fixed time is too short on a busy machine and too long on others: tests/support/wait.ts has what tests wait by.
    files: ["tests/**/*.ts"],
    ignores: [
      "tests/support/wait.ts",
      "tests/fuzz/**", // clients and upstreams at random times are what it is about
      "tests/soak/**", // likewise
      "tests/parity/in-envoy.ts", // the times of scenarios, which stand in their files
    ],
    rules: {
      "no-restricted-imports": ["error", { paths: ["node:timers/promises", "timers/promises"] }],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "NewExpression[callee.name=Promise] > ArrowFunctionExpression > CallExpression[callee.name=setTimeout]",
          message: "Wait with until, becomes or pass of tests/support/wait.ts.",
        },
      ],
    },
  },
);
