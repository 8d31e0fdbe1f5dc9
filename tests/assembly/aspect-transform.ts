import type { ClassDeclaration, NamespaceDeclaration, Parser, Statement } from "assemblyscript";
import { createAddReflectedValueKeyValuePairsMember } from "@as-pect/transform/lib/createAddReflectedValueKeyValuePairsMember.js";
import { createStrictEqualsMember } from "@as-pect/transform/lib/createStrictEqualsMember.js";
import { NodeKind } from "../../src/transform/compiler/compiler.js";

/** The node kinds that as-pect 8.1.0 compares with, as numbers of the compiler it was built for (0.27). */
const kindsOf027 = new Map<number | undefined, number>([
  [NodeKind["FieldDeclaration"], 54],
  [NodeKind["MethodDeclaration"], 58],
]);

/**
 * as-pect's transform with the node kinds of the running compiler: 0.28.17 inserted one kind, and the numbers compiled
 * into `@as-pect/transform` 8.1.0 name the wrong nodes since.
 */
export class AspectTransform {
  afterParse(parser: Parser): void {
    for (const source of parser.sources) addMembers(source.statements);
  }
}

function addMembers(statements: Statement[]): void {
  for (const statement of statements) {
    if (statement.kind === NodeKind["ClassDeclaration"]) {
      const declaration = statement as ClassDeclaration;
      const seenBy027 = Object.create(declaration, {
        members: {
          value: declaration.members.map((member) =>
            Object.create(member, { kind: { value: kindsOf027.get(member.kind) ?? -1 } }),
          ),
        },
      }) as ClassDeclaration;
      declaration.members.push(
        createStrictEqualsMember(seenBy027),
        createAddReflectedValueKeyValuePairsMember(seenBy027),
      );
    } else if (statement.kind === NodeKind["NamespaceDeclaration"]) {
      addMembers((statement as NamespaceDeclaration).members);
    }
  }
}
