/**
 * Options of `push` and `pull` for the connection to a registry.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import yoctoSpinner from "yocto-spinner";
import type { ClientOptions, Credentials, Reference } from "../oci/index.js";
import { findCredentials } from "../oci/index.js";
import { UserError } from "./error.js";

export interface RegistryOptions {
  readonly username?: string;
  readonly passwordStdin?: true;
  readonly ca?: string;
  readonly insecure?: true;
  readonly insecureHost?: string;
  readonly quiet?: true;
}

/** Adds the options. */
export function withRegistryOptions(command: Command): Command {
  return command
    .option("-u, --username <name>", "instead of what docker login or podman login left")
    .option("--password-stdin", "read the password from standard input")
    .option("--ca <file>", "PEM certificates that vouch for the registry")
    .option("--insecure", "plain HTTP or any certificate, for a registry on this machine")
    .option("--insecure-host <host>", "the same for the registry HOST or HOST:PORT")
    .option("-q, --quiet", "no progress");
}

/** The options of a client for the registry of `reference`. */
export function clientOptions(reference: Reference, options: RegistryOptions): ClientOptions {
  let ca: string | undefined;
  if (options.ca !== undefined) {
    try {
      ca = readFileSync(options.ca, "utf8");
    } catch (error) {
      throw new UserError(`${options.ca} cannot be read: ${(error as Error).message}.`);
    }
    if (!ca.includes("-----BEGIN CERTIFICATE-----"))
      throw new UserError(`${options.ca} has no certificate in PEM (-----BEGIN CERTIFICATE-----).`);
  }
  return {
    credentials: credentials(reference, options),
    ca,
    insecure: options.insecureHost ?? options.insecure,
    ...(options.quiet !== true && reports()),
  };
}

/** How a transfer speaks: repetitions always, how far it is on terminals only. */
function reports(): Pick<ClientOptions, "onNotice" | "onProgress"> {
  if (process.stderr.isTTY !== true) return { onNotice: (line) => console.error(line) };
  const spinner = yoctoSpinner({ stream: process.stderr });
  return {
    onNotice: (line) => {
      spinner.stop();
      console.error(line);
    },
    onProgress: (text) => {
      if (text === undefined) {
        spinner.stop();
        return;
      }
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
  };
}

function credentials(reference: Reference, options: RegistryOptions): Credentials | undefined {
  const { username, passwordStdin } = options;
  if (username === undefined && passwordStdin === undefined)
    return findCredentials(reference.registry, reference.repository);
  if (username === undefined || passwordStdin === undefined)
    throw new UserError("--username and --password-stdin belong together.");
  const password = readFileSync(0, "utf8").replace(/\r?\n$/, "");
  if (password === "") throw new UserError("--password-stdin: standard input was empty.");
  return { username, password };
}
