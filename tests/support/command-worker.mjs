/** Asks the process that runs commands, for a test that waits without hearing of events. */
import { fork } from "node:child_process";
import { workerData } from "node:worker_threads";

const { flag, port } = workerData;
const child = fork(new URL("command-process.mjs", import.meta.url), {
  ...{
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  },
});

function answer(result) {
  port.postMessage(result);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

child.on("message", answer);
child.on("exit", (code) => {
  answer({ error: `the process of the commands ended with ${code}` });
  port.close();
});
port.on("message", (order) => {
  if (order === "end") child.disconnect();
  else child.send(order);
});
