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
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        // Node's runner waits for its tests.
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: "test" }] },
      ],
      // Not used, each with its reason.
      // `noUncheckedIndexedAccess` makes each element of a list undefined as well: `!` says that the index is known to be right,
      // and `list[i] += "x"` is said of one that is.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-plus-operands": "off",
      // The compiler's library types, which come with its own, say that `at` and others always find something; and what a
      // function in between changes, such as a stream that has ended, is taken for unchanged.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // `return refuse(node)` is how a function ends with what it says last.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // A visitor may answer something in a node's place, or nothing.
      "@typescript-eslint/no-invalid-void-type": "off",
      // The kinds of the compiler's nodes, and the numbers in modules and messages, are read as numbers and compared with names.
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      // A node of the compiler's is of the class that its kind says, which is looked at before.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // The build takes methods out of the compiler to call them in its own; objects in tests consist of functions.
      "@typescript-eslint/unbound-method": "off",
      // A function that answers a promise is async, whether it waits or not: what it throws becomes a rejection.
      "@typescript-eslint/require-await": "off",
      // Numbers, exit codes that are null, yes and no are texts that one wants to read.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowNullish: true, allowRegExp: true },
      ],
      // What is typed as text may come from JSON, or from JavaScript.
      "@typescript-eslint/no-unnecessary-type-conversion": "off",
      "@typescript-eslint/no-useless-default-assignment": "off",
      // `process.stdout.isTTY` is undefined in a pipe, whatever its type says.
      "@typescript-eslint/no-unnecessary-boolean-literal-compare": "off",
      // `void (a && b())` and `void object.getter` say that only what it does is wanted.
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // Texts are spread for their characters.
      "@typescript-eslint/no-misused-spread": "off",
      // Of the environment's variables.
      "@typescript-eslint/no-dynamic-delete": "off",
      // A caller says what it looks for: `find<HTMLInputElement>("name")`.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
    },
  },
  {
    // Envoy's configuration is JSON of some hundred types, which is changed deep inside.
    files: ["tests/**/*.ts", "bench/**/*.ts", "src/envoy/bootstrap.ts", "src/suites/envoy-listener.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["tests/**/*.ts", "bench/**/*.ts"],
    rules: {
      // Handlers of servers may wait.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
      // The parameters of `replace`, which have no types.
      "@typescript-eslint/restrict-template-expressions": "off",
      // Long numbers, and streams of the compiler.
      "@typescript-eslint/no-base-to-string": "off",
      // JavaScript judges programs that are made here.
      "@typescript-eslint/no-implied-eval": "off",
      "@typescript-eslint/no-extraneous-class": "off",
    },
  },
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
