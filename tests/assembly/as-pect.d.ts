declare module "@as-pect/transform/lib/*.js" {
  import type { ClassDeclaration, DeclarationStatement } from "assemblyscript";
  export function createStrictEqualsMember(declaration: ClassDeclaration): DeclarationStatement;
  export function createAddReflectedValueKeyValuePairsMember(
    declaration: ClassDeclaration,
  ): DeclarationStatement;
}
