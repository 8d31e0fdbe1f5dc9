/**
 * A transform in front of the package's: the build exports every callback and carries every guard, whatever it decides. What
 * such a module does, one that has been decided upon must do as well.
 */
const ENTRY = "~lib/proxy-wasm-as/entry.ts";
const BUILD = "~lib/proxy-wasm-as/assembly/runtime/build.ts";

/**
 * What the SDK asks for: all its build constants, but for those of flows and of how a module is built, and for one by which trailers go on
 * a tick later: a filter that resumes nothing has no need of it.
 */
const constantsOf = ({ text }) =>
  [...text.matchAll(/isDefined\((PROXY_WASM_\w+)\)/g)].map(([, name]) => name);
const others = /_(AS|DEBUG|DIAGNOSTICS|TRAPS|MEMORY_LIMIT|RESUMES_HELD)$|_FLOW/;
/** These take guards away, or say that a callback is not there. */
const fewer = /_(SHARED_STREAMS|PLAIN_\w+|NO_\w+)$/;

export default class Everything {
  afterInitialize(program) {
    const { elementsByName, filesByName } = program;
    const set = elementsByName.set.bind(elementsByName);
    const known = elementsByName.get("PROXY_WASM_AS");
    // The compiler has read the file: a transform that reads files itself has no result that is remembered.
    const build = program.sources.find(({ normalizedPath }) => normalizedPath === BUILD);
    for (const name of constantsOf(build)) if (!others.test(name) && !fewer.test(name)) set(name, known);
    elementsByName.set = (name, element) => (fewer.test(name) ? elementsByName : set(name, element));
    const entry = [...filesByName.values()].find(({ source }) => source.normalizedPath === ENTRY);
    entry.exports.delete = () => false;
  }
}
