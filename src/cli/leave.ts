import { constants } from "node:os";

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
