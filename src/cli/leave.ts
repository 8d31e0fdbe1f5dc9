import { constants } from "node:os";

/** The exit code with which a shell reports a program that wrote for a reader who had gone. */
const BROKEN_PIPE = 128 + 13;

/** Ends this process without a word when nobody reads what it writes any more, as after `| head -1`. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EOF") throw error;
      process.exit(BROKEN_PIPE);
    });
}

const tasks = new Set<() => void>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let isListening = false;

/**
 * Has a task done when this process ends, however it ends (but by SIGKILL). A signal ends it with 128 and the signal's
 * number, as shells expect. Answers how to forget the task.
 */
export function whenLeaving(task: () => void): () => void {
  if (!isListening) {
    isListening = true;
    process.on("exit", () => {
      for (const one of tasks) one();
    });
    for (const signal of signals)
      process.once(signal, () => {
        if (process.stderr.isTTY === true) process.stderr.write("\n"); // the terminal shows ^C on the line
        process.exit(128 + constants.signals[signal]);
      });
  }
  tasks.add(task);
  return () => tasks.delete(task);
}
