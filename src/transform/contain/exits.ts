/**
 * Finds the exits of a statement, as the compiler has compiled them: `return`, `break` and `continue` that leave it before its
 * end. `finally` runs before they go on.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { infoOf, partsOf, replaceExpressions, walkExpressions } from "../module/expressions.js";

type Binaryen = CompilerHooks["binaryen"];

/** The exits of a statement: each goes to `target` instead, with its number in a local. */
export class Exits {
  private readonly kinds = new Map<string, { number: number; value: number | undefined }>();

  /** `first` is the number of the first kind of exits; `newLocal` makes a local for a value that is returned. */
  constructor(
    private readonly module: binaryenTypes.Module,
    private readonly binaryen: Binaryen,
    private readonly state: number,
    private readonly target: string,
    private readonly first: number,
    private readonly newLocal: () => number,
  ) {}

  /** Has what leaves `code`, a block, go to the target. */
  redirect(code: number): void {
    const { binaryen, module } = this;
    const names = new Set<unknown>();
    walkExpressions(binaryen, code, (_, { id, name }) => {
      if (id === binaryen.BlockId || id === binaryen.LoopId) names.add(name);
    });
    const leaving: number[] = [];
    const find = (expression: number): void => {
      // Inner ones first: they may be in the value of another.
      for (const part of partsOf(binaryen, expression)) find(part);
      const { id, name } = infoOf(binaryen, expression);
      if (id === binaryen.ReturnId || (id === binaryen.BreakId && !names.has(name))) leaving.push(expression);
      if (id === binaryen.SwitchId)
        throw new BuildError(
          "this compiler makes jumps that proxy-wasm-as does not know; use AssemblyScript 0.28.20.",
        );
    };
    find(code);
    for (const exit of leaving) {
      const { id, name, value, condition } = infoOf(binaryen, exit);
      const returned = (value as number | undefined) ?? 0;
      const asked = id === binaryen.BreakId ? (condition as number) : 0;
      const { number, value: local } = this.kindOf(
        id === binaryen.ReturnId ? "" : (name as string),
        returned !== 0,
      );
      const jump = module.block(null, [
        ...(local === undefined ? [] : [module.local.set(local, returned)]),
        module.local.set(this.state, module.i32.const(number)),
        module.br(this.target),
      ]);
      const instead = asked === 0 ? jump : module.if(asked, jump);
      replaceExpressions(binaryen, code, (expression) => (expression === exit ? instead : undefined));
    }
  }

  private kindOf(label: string, hasValue: boolean): { number: number; value: number | undefined } {
    const key = `${label} ${hasValue}`;
    let kind = this.kinds.get(key);
    if (kind === undefined) {
      kind = { number: this.first + this.kinds.size, value: hasValue ? this.newLocal() : undefined };
      this.kinds.set(key, kind);
    }
    return kind;
  }

  /** Goes on with the exit that was meant; what is returned is of the type. */
  goOn(type: number): number[] {
    const { module, binaryen } = this;
    return [...this.kinds].map(([key, { number, value }]) => {
      const label = key.slice(0, key.lastIndexOf(" "));
      const result = value === undefined ? 0 : module.local.get(value, type);
      const exit =
        label === ""
          ? result === 0
            ? module.return()
            : module.return(result)
          : result === 0
            ? module.br(label)
            : module.br(label, 0, result);
      const isMeant = module.i32.eq(module.local.get(this.state, binaryen.i32), module.i32.const(number));
      return module.if(isMeant, exit);
    });
  }
}
