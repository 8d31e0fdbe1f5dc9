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
);
