/** What host.ts offers to specs. */

/** Makes every host call answer `status` without doing anything; -1 ends that. */
@external("scripted", "fail")
export declare function failWith(status: i32): void;

/** How many host calls there have been. */
@external("scripted", "calls")
export declare function hostCalls(): i32;

/** Empties all header maps. */
@external("scripted", "clear")
export declare function clearHost(): void;
