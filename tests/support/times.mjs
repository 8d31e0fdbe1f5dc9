/**
 * Loaded into each process of `npm test` that runs a test file: at its end it adds a line with the processor time that it
 * and the processes that it started have taken, which other work on the machine does not change much.
 */
import { appendFileSync, readFileSync } from "node:fs";

const VARIABLE = "PROXY_WASM_TEST_TIMES";
const file = process.env[VARIABLE];
// The processes that a test starts are counted with it.
delete process.env[VARIABLE];

/** Seconds; without those of other processes where there is no /proc. */
function seconds() {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // The user's and the system's time, of this process and of those that it waited for, in hundredths.
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

if (file !== undefined)
  process.on("exit", () => appendFileSync(file, `${seconds().toFixed(2)} ${process.argv[1]}\n`));
