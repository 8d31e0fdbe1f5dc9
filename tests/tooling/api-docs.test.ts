/** The public names of the SDK are documented: typedoc has nothing to warn of, and what is used on its own has an example. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Comment, DeclarationReflection, ProjectReflection } from "typedoc";
import { Application, ReflectionKind } from "typedoc";
import { root } from "../support/paths.js";

let project: ProjectReflection;

test("typedoc builds the API's documentation without a warning", async () => {
  process.chdir(root);
  const app = await Application.bootstrapWithPlugins({ emit: "none" });
  const converted = await app.convert();
  assert.ok(converted);
  app.validate(converted);
  assert.equal(app.logger.warningCount + app.logger.errorCount, 0);
  project = converted;
});

const commentsOf = (reflection: DeclarationReflection): Comment[] =>
  [reflection.comment, ...(reflection.signatures ?? []).map(({ comment }) => comment)].filter(
    (comment) => comment !== undefined,
  );

test("each class, function and namespace of the package and of its part for Envoy has an example", () => {
  const modules = project.children!.filter(({ name }) => name === "index" || name === "envoy");
  assert.equal(modules.length, 2);
  const names = modules.flatMap((module) => module.children!);
  assert.ok(names.length > 50, `${names.length} names`);
  const kinds = ReflectionKind.Class | ReflectionKind.Function | ReflectionKind.Namespace;
  const without = names.filter(
    (name) =>
      (name.kind & kinds) !== 0 &&
      !commentsOf(name).some(({ blockTags }) => blockTags.some(({ tag }) => tag === "@example")),
  );
  assert.deepEqual(
    without.map(({ name }) => name),
    [],
  );
});

test("each callback names its source, or the one that it is like", () => {
  const known = /Source: |`(?:[a-zA-Z]+\.)?[a-zA-Z]+`|[Ss]ee /;
  const poor: string[] = [];
  for (const { name, children } of project
    .children!.filter((module) => module.name === "index")
    .flatMap((m) => m.children!))
    for (const member of (children ?? []).filter(({ kind }) => kind === ReflectionKind.Method))
      for (const { summary } of commentsOf(member)) {
        const text = summary.map((part) => part.text).join("");
        if (/^on[A-Z]/.test(member.name) && !known.test(text)) poor.push(`${name}.${member.name}: ${text}`);
      }
  assert.deepEqual(poor, []);
});
