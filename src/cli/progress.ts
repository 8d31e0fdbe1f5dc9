import yoctoSpinner from "yocto-spinner";

/** How long work may take before it is spoken of, in milliseconds. */
const PATIENCE = 500;

/** Says on a terminal what is being done, once it takes long; in pipes nothing. Answers how to end it. */
export function progress(text: string): () => void {
  if (process.stderr.isTTY !== true) return () => undefined;
  const spinner = yoctoSpinner({ text, stream: process.stderr, handleSignals: false });
  const timer = setTimeout(() => spinner.start(), PATIENCE);
  return () => {
    clearTimeout(timer);
    spinner.stop();
  };
}
