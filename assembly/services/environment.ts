/**
 * The environment variables of the VM's configuration.
 *
 * @module
 */
import { environ_get, environ_sizes_get } from "../abi/wasi";
import { expectValue, pointerAt, receivedU32 } from "../memory/host-values";
import { OUT, mark, release, tryAllocate } from "../memory/scratch";
import { decodeUntilZero } from "../memory/text";

/**
 * Environment variables that the VM's configuration names (Envoy: `vm_config.environment_variables`, Istio:
 * `vmConfig.env`); a VM sees no others. May be used anywhere, also at module scope. Source: WASI `environ_get`.
 *
 * @example
 * const region = environment.get("REGION");
 */
export namespace environment {
  /** The variable `name`; null when it is not set, `""` when it is empty. */
  export function get(name: string): string | null {
    const all = entries();
    for (let i = 0; i < all.length; i++) if (all[i][0] == name) return all[i][1];
    return null;
  }

  /** All variables as `[name, value]`. */
  export function entries(): string[][] {
    const variables = new Array<string[]>();
    expectValue();
    if (environ_sizes_get(OUT, OUT + 4) != 0) return variables;
    const count = receivedU32();
    const before = mark();
    const addresses = tryAllocate((<usize>count) << 2);
    const text = tryAllocate(receivedU32(4));
    if (addresses != 0 && text != 0 && environ_get(addresses, text) == 0) {
      for (let i: u32 = 0; i < count; i++) {
        const variable = decodeUntilZero(pointerAt(addresses, i));
        const equals = variable.indexOf("=");
        if (equals >= 0) variables.push([variable.substring(0, equals), variable.substring(equals + 1)]);
      }
    }
    release(before);
    return variables;
  }
}
