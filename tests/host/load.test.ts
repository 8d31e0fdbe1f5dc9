/** The host's server under load, as far as there is time for; `load.long.test.ts` does the same at length. */
import { testLeaks, testLoad } from "./load-tests.js";

testLoad({ requests: 300, connections: 30, largest: 1 << 20 });
testLeaks({ requests: 2000, connections: 50, largest: 4096 });
