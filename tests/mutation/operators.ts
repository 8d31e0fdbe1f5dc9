/** Small faults in a program's text: one operator, literal or statement each. TypeScript's parser reads AssemblyScript as well. */
import ts from "typescript";

export interface Mutant {
  readonly start: number;
  readonly end: number;
  /** Stands in the place of the text from `start` to `end`. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const opposites: Readonly<Record<string, string>> = {
  ...{ "===": "!==", "!==": "===", "==": "!=", "!=": "==" },
  ...{ "<": "<=", "<=": "<", ">": ">=", ">=": ">" },
  ...{ "&&": "||", "||": "&&", "+": "-", "-": "+", "*": "+", "/": "*", "%": "*" },
  ...{ "<<": ">>", ">>": "<<", ">>>": "<<", "&": "|", "|": "&" },
  ...{ "+=": "-=", "-=": "+=" },
};

/** All faults of a file's text, in order. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Mutant[] = [];
  const add = (node: ts.Node, text: string, start = node.getStart(tree), end = node.end): void => {
    if (source.slice(start, end) === text) return;
    found.push({ start, end, text, line: tree.getLineAndCharacterOfPosition(start).line + 1 });
  };
  const visit = (node: ts.Node): void => {
    // Types, imports and decorators are not what a program does.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isDecorator(node)) return;
    if (isReason(node)) return;
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText(tree);
      // `+` may join texts, of which there is no difference.
      const isText = [node.left, node.right].some(
        (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
      );
      if (opposites[operator] !== undefined && !(operator === "+" && isText))
        add(node.operatorToken, opposites[operator]);
    } else if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      const condition = ts.isIfStatement(node) ? node.expression : node.condition;
      add(condition, "true");
      add(condition, "false");
    } else if (ts.isWhileStatement(node)) {
      add(node.expression, "false");
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      add(node, node.operand.getText(tree));
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
      add(node, "false");
    } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
      add(node, "true");
    } else if (ts.isNumericLiteral(node) && !ts.isEnumMember(node.parent)) {
      add(node, `${node.getText(tree)} + 1`.replace(/^0 \+ 1$/, "1"));
    } else if (ts.isStringLiteral(node) && isValue(node)) {
      add(node, node.text === "" ? '"x"' : '""');
    } else if (ts.isExpressionStatement(node) && !isSuper(node)) {
      add(node, ";");
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** What a person reads: another text there is no fault. */
function isReason(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  if (!ts.isCallExpression(node)) return false;
  return /^(explain|log\.\w+|console\.\w+)$/.test(node.expression.getText());
}

const isValue = ({ parent }: ts.StringLiteral): boolean =>
  !(ts.isPropertyAssignment(parent) && parent.name.kind === ts.SyntaxKind.StringLiteral) &&
  !ts.isCaseClause(parent) &&
  !ts.isExternalModuleReference(parent);

const isSuper = ({ expression }: ts.ExpressionStatement): boolean =>
  ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword;

/** The text with the fault in it. */
export function mutated(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}
