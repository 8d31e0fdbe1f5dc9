/**
 * The only functions of WASI that this package uses: the environment variables of the VM's configuration and random bytes
 * have no other way in. Source: WASI snapshot preview 1.
 *
 * @module
 */

/** Writes the number of variables and the bytes that all of them take. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get")
export declare function environ_sizes_get(countOut: usize, sizeOut: usize): i32;

/** Writes the addresses of all variables, and the variables as `NAME=value` with a zero byte behind each. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_get")
export declare function environ_get(addresses: usize, text: usize): i32;

/** Fills `size` bytes, 65,536 at most, with random ones. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get")
export declare function random_get(address: usize, size: usize): i32;
