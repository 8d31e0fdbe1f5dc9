import type { Environment } from "../environment.js";
import type { RootContext } from "../root-context.js";
import type { PluginOptions } from "./plugin.js";
import type { LoadedPlugin } from "./registry.js";

const DEFAULT_BACKOFF = 1000;

/** A plugin as streams meet it: what they get when its VM is dead is decided here. */
export class PluginHandle {
  private loaded: LoadedPlugin;
  private loadedAt: number;

  constructor(
    private readonly options: PluginOptions,
    private readonly environment: Environment,
    private readonly load: () => LoadedPlugin,
  ) {
    this.loaded = load();
    this.loadedAt = environment.loop.now();
  }

  get root(): RootContext {
    return this.loaded.root;
  }

  /** For a new stream; undefined leaves the filter out. A VM that is dead by then fails the stream. */
  forStream(): LoadedPlugin | undefined {
    if (this.loaded.root.vm.failure === undefined) return this.loaded;
    const { failurePolicy, failOpen, reloadBackoff = DEFAULT_BACKOFF } = this.options;
    if (failOpen === true || failurePolicy === "FAIL_OPEN") return undefined;
    const now = this.environment.loop.now();
    if (failurePolicy === "FAIL_RELOAD" && now - this.loadedAt >= reloadBackoff) {
      this.loadedAt = now;
      this.loaded = this.load();
    }
    return this.loaded;
  }
}
