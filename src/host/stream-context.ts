import { readable } from "./abi/text.js";
import { Context } from "./context.js";
import type { RootContext } from "./root-context.js";
import type { Plugin } from "./vm/plugin.js";

/** The context of a request or a connection, which belongs to a plugin's. */
export class StreamContext extends Context {
  constructor(
    protected readonly rootContext: RootContext,
    readonly settings: Plugin,
  ) {
    super(rootContext.vm, rootContext.vm.allocateId(), settings);
  }

  override get root(): RootContext {
    return this.rootContext;
  }

  override get logPrefix(): string {
    return [readable(this.settings.name), this.rootContext.logPrefix].filter((part) => part !== "").join(" ");
  }
}
