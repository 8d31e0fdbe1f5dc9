// Calls the public API at random: any call with any argument in any callback, also on other streams and on those that are
// gone. The request's `x-seed` begins the numbers.
import { registerPlugin } from "proxy-wasm-as";
import { Connections, Fuzz, Log, Sink } from "./fuzz/contexts";

registerPlugin<Fuzz>();
registerPlugin<Connections>("connections");
registerPlugin<Log>("log");
registerPlugin<Sink>("sink");
