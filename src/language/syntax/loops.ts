/**
 * `for…of`, and loops with labels.
 *
 * @module
 */
import type {
  BreakStatement,
  ContinueStatement,
  ForInStatement,
  ForOfStatement,
  LabeledStatement,
} from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import { asksFor } from "./maybe.js";
import { bindings, declarators, isPattern } from "./patterns.js";
import type { Piece } from "./pieces.js";
import { bare, walk, type Syntax } from "./tree.js";

/** The keys are taken before the first turn. */
addRule<ForInStatement>("ForInStatement", (node, l) => {
  if (node.left.type !== "VariableDeclaration") return l.refuse(node, "forIn");
  const id = node.left.declarations[0]!.id as Syntax;
  if (id.type !== "Identifier") return l.refuse(node, "forIn");
  l.use("record");
  const [keys, index] = [l.name("keys"), l.name("index")];
  const [right, body] = [node.right as Syntax, node.body as Syntax];
  return [
    ...l.make(node, `{ const ${keys} = __language_in_keys(`, l.lower(right)),
    ...l.make(node, `); for (let ${index}: i32 = 0; ${index} < ${keys}.length; ++${index}) { `),
    ...l.make(id, `${node.left.kind} `, l.lower(id), ` = ${keys}[${index}]; `),
    ...l.lower(body),
    ...l.make({ start: body.end, end: body.end }, " } }"),
  ];
});

addRule<ForOfStatement>("ForOfStatement", (node, l) => {
  if (node.await) return l.refuse(node, "await");
  l.use("iterate");
  const values = l.name("values");
  const index = l.name("index");
  const body = node.body as Syntax;
  const element = `__language_item(${values}, ${index})`;
  let head: Piece[];
  if (node.left.type === "VariableDeclaration") {
    const { kind, declarations } = node.left;
    const id = declarations[0]!.id as Syntax;
    if (isPattern(id)) {
      const entry = l.name("entry");
      const list = bindings(id, entry, l, (name) => asksFor(name, body, 0));
      head = l.make(id, `const ${entry} = __language_entry(${values}, ${index})`);
      head.push(...l.make(id, list.length > 0 ? `; ${kind} ` : "", declarators(list, l), "; "));
    } else head = l.make(id, `${kind} `, l.lower(id), ` = ${element}; `);
  } else if (isPattern(node.left)) {
    return l.refuse(node.left, "chainTarget");
  } else head = l.make(node.left, l.lower(node.left), ` = ${element}; `);
  const right = node.right as Syntax;
  const loop = l.make(
    right,
    l.make(node, "{ const "),
    `${values} = __language_iterate(`,
    l.lower(bare(right)),
    l.make(node, `); for (let ${index}: i32 = 0; ${index} < ${values}.length; ++${index}) { `),
  );
  const inside = body.type === "BlockStatement" ? [...l.lower(body)] : l.lower(body);
  // In its own block, so that a `let` in the body may have the loop variable's name.
  return [...loop, ...head, ...inside, ...l.make({ start: body.end, end: body.end }, " } }")];
});

// --- labels

interface Labelled {
  readonly flag: string;
  readonly loop: Syntax;
  breaks: boolean;
  continues: boolean;
}

const loops = /^(For|ForOf|ForIn|While|DoWhile)Statement$/;
const labels = new WeakMap<Lowering, Map<string, Labelled>>();

addRule<LabeledStatement>("LabeledStatement", (node, l) => {
  const loop = node.body as Syntax;
  if (!loops.test(loop.type)) return l.refuse(node.label, "label");
  if (!labels.has(l)) labels.set(l, new Map());
  const known = labels.get(l)!;
  const before = known.get(node.label.name);
  const labelled: Labelled = { flag: l.name("leave"), loop, breaks: false, continues: false };
  known.set(node.label.name, labelled);
  const pieces = l.lower(loop);
  if (before === undefined) known.delete(node.label.name);
  else known.set(node.label.name, before);
  return l.make(node, `{ let ${labelled.flag}: i32 = 0; `, pieces, " }");
});

/** The loops and switches between a statement and the labelled loop, inner ones first. */
function between(node: Syntax, labelled: Labelled, l: Lowering): Syntax[] {
  const found: Syntax[] = [];
  for (let at = l.parent(node); at !== undefined && at !== labelled.loop; at = l.parent(at))
    if (loops.test(at.type) || at.type === "SwitchStatement") found.push(at);
  return found;
}

function lowerJump(node: BreakStatement | ContinueStatement, l: Lowering): Piece[] | undefined {
  if (!node.label) return undefined;
  const labelled = labels.get(l)?.get(node.label.name);
  if (labelled === undefined) return l.refuse(node, "label");
  const inner = between(node as Syntax, labelled, l);
  const leaves = node.type === "BreakStatement";
  if (inner.length === 0) return l.make(node, leaves ? "break;" : "continue;");
  if (!leaves && inner.every(({ type }) => type === "SwitchStatement")) return l.make(node, "continue;");
  return l.make(node, `{ ${labelled.flag} = ${leaves ? 1 : 2}; break; }`);
}
addRule<BreakStatement>("BreakStatement", lowerJump);
addRule<ContinueStatement>("ContinueStatement", lowerJump);

/** Behind an inner loop or switch: goes on to leave or repeat the labelled loop. */
function leaving(node: Syntax, l: Lowering): Piece[] | undefined {
  const known = labels.get(l);
  if (known === undefined || known.size === 0) return undefined;
  let text = "";
  for (const [name, labelled] of known) {
    if (labelled.loop === node || !isWithin(node, labelled.loop)) continue;
    let jumps = false;
    walk(node, (inner) => {
      if (
        (inner.type === "BreakStatement" || inner.type === "ContinueStatement") &&
        inner.label?.name === name
      )
        jumps ||= l.parent(inner) !== undefined;
    });
    if (!jumps) continue;
    const direct = between(node, labelled, l).length === 0;
    if (direct)
      text += ` if (${labelled.flag} == 1) break; if (${labelled.flag} == 2) { ${labelled.flag} = 0; continue; }`;
    else text += ` if (${labelled.flag} != 0) break;`;
  }
  return text === "" ? undefined : l.make({ start: node.end, end: node.end }, text);
}

function isWithin(node: Syntax, outer: Syntax): boolean {
  return node.start >= outer.start && node.end <= outer.end;
}

/** The nodes that are being lowered with the jumps behind them, so that their own rule is asked only once. */
const entered = new WeakSet<Syntax>();

for (const type of [
  "ForStatement",
  "WhileStatement",
  "DoWhileStatement",
  "SwitchStatement",
  "ForOfStatement",
]) {
  addRule<Syntax>(
    type,
    (node, l) => {
      if (entered.has(node)) return undefined;
      const behind = leaving(node, l);
      if (behind === undefined) return undefined;
      entered.add(node);
      return l.make(node, "{ ", l.lower(node), behind, " }");
    },
    true,
  );
}
