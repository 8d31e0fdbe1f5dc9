/** The host's server under load, at length. */
import { testLeaks, testLoad } from "./load-tests.js";

testLoad({ requests: 10_000, connections: 100, largest: 1 << 20 });
testLeaks({ requests: 200_000, connections: 100, largest: 4096 });
