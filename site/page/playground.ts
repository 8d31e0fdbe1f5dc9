/**
 * The playground: write a filter, compile it, send requests through it, share it.
 *
 * @module
 */
import { make, nothing } from "../../src/pages/view/dom.js";
import type { Order, RunReport } from "../../src/pages/model.js";
import type { Draft } from "../../src/pages/view/form.js";
import { Workbench } from "../../src/pages/view/workbench.js";
import type { Compiled } from "../worker/compiler.js";
import { Editor } from "./editor.js";
import { ModuleSource } from "./module-source.js";
import { fragmentOf, readFragment } from "./share.js";
import { FIRST_SUITE, SuitePanel } from "./suite-panel.js";

/** An example, as the site's build writes it. */
interface Example {
  readonly name: string;
  readonly shows: string;
  readonly source: string;
  readonly draft: Partial<Draft>;
}

const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

const state = find("compiler-state");
const messages = find("messages");
const examples = find<HTMLSelectElement>("examples");
const modules = new ModuleSource(() => (state.textContent = "The compiler is there."));

/** The module in use, and the source that it was made of; undefined for a file's. */
let current: { readonly wasm: Uint8Array; readonly source: string | undefined } | undefined;

const suitePanel: SuitePanel = new SuitePanel(async (text) =>
  modules.suite(await requireModule(), text, workbench.form.draft.configuration),
);
const workbench: Workbench = new Workbench(run, [{ name: "Suite", panel: suitePanel.element }]);
const editor = new Editor(find("editor"), "", changed, () => void workbench.send());
find("bench").append(workbench.element);
workbench.showModule(undefined);
workbench.opened = (tab) => {
  if (tab === "Module") void look();
};

let isNew = true;

/** The first change fetches the compiler, so that it is there when it is wanted. */
function changed(): void {
  if (!isNew || !editor.view.hasFocus) return;
  isNew = false;
  state.textContent = "The compiler is on its way (3 MB, once) …";
  void modules.load().catch(() => undefined); // the next compilation tries again, and tells
}

async function run(order: Order): Promise<RunReport> {
  return await modules.request(await requireModule(), order);
}

/** The module of what stands in the editor, compiled if it must be. Throws when it does not compile. */
async function requireModule(): Promise<Uint8Array> {
  if (current !== undefined && current.source === undefined) return current.wasm;
  if (editor.length === 0) throw new Error("There is no source: write a filter, or choose an example.");
  const { source } = editor;
  if (current?.source === source) return current.wasm;
  workbench.say("Compiling …");
  const { wasm, ...said } = await compile(source, true);
  if (wasm === undefined) {
    const first = said.diagnostics.find(({ severity }) => severity === "error");
    const place = first?.line === undefined ? "" : `Line ${first.line}: `;
    throw new Error(`It does not compile. ${place}${first?.message ?? said.messages}`);
  }
  use(wasm, source);
  return wasm;
}

async function compile(source: string, reasons: boolean): Promise<Compiled> {
  const started = performance.now();
  state.textContent = "Compiling …";
  try {
    const compiled = await modules.compile(source, reasons);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    state.textContent = compiled.wasm === undefined ? "Not compiled." : `Compiled in ${seconds} s.`;
    show(compiled);
    return compiled;
  } catch (error) {
    state.textContent = "Not compiled.";
    throw error;
  }
}

/** What the compiler said, each with a way to its place. */
function show({ diagnostics, messages: text }: Compiled): void {
  editor.mark(diagnostics);
  if (text === "") {
    messages.replaceChildren();
    return;
  }
  messages.replaceChildren(
    make(
      "ul",
      { class: "names" },
      ...diagnostics.map(({ severity, message, line, column }) =>
        make(
          "li",
          { class: severity },
          make("strong", {}, `${severity}: `),
          message,
          line !== undefined &&
            make(
              "button",
              { type: "button", class: "link", click: () => editor.go(line, column ?? 1) },
              `line ${line}`,
            ),
        ),
      ),
    ),
    make("pre", { tabindex: "0", "aria-label": "All that the compiler said" }, text.slice(0, 20_000)),
  );
}

function use(wasm: Uint8Array, source: string | undefined): void {
  current = { wasm, source };
  workbench.showModule(undefined);
  if (workbench.tab === "Module") void look();
}

/** Fills the tab of the module, when it is seen. */
async function look(): Promise<void> {
  try {
    const wasm = await requireModule();
    const isOwn = current?.source !== undefined;
    workbench.showModule(
      await modules.look(wasm),
      isOwn ? "With names and the SDK's reasons, for this page. “Download .wasm” makes the one to ship." : "",
    );
  } catch (error) {
    workbench.say(error instanceof Error ? error.message : String(error), true);
  }
}

/** Puts an example or what was shared on the page. */
function open(source: string, draft: Partial<Draft>, suite: string): void {
  current = undefined;
  editor.source = source;
  workbench.form.draft = draft;
  suitePanel.text = suite;
  find("source-name").textContent = "";
}

async function openFile(file: File): Promise<void> {
  const wasm = new Uint8Array(await file.arrayBuffer());
  try {
    const report = await modules.look(wasm);
    current = { wasm, source: undefined };
    find("source-name").textContent = `${file.name} is in use. `;
    find("source-name").append(
      make("button", { type: "button", click: () => back() }, "Back to the editor's filter"),
    );
    workbench.showModule(report);
    workbench.showTab("Module");
    workbench.say(`${file.name} is loaded: send a request through it.`);
  } catch (error) {
    workbench.say(`${file.name} is no module: ${(error as Error).message}.`, true);
  }
}

function back(): void {
  current = undefined;
  find("source-name").textContent = "";
  workbench.showModule(undefined);
  workbench.say("The editor's filter is in use again.");
}

async function download(): Promise<void> {
  const { wasm } = await compile(editor.source, false);
  if (wasm === undefined) return;
  const address = URL.createObjectURL(new Blob([wasm as BlobPart], { type: "application/wasm" }));
  make("a", { href: address, download: "plugin.wasm" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  state.textContent = `plugin.wasm, to be shipped: ${wasm.length.toLocaleString("en")} bytes.`;
}

async function share(): Promise<void> {
  const fragment = await fragmentOf({
    source: editor.source,
    suite: suitePanel.text,
    draft: workbench.form.draft,
  });
  history.replaceState(null, "", fragment);
  const isCopied = await navigator.clipboard.writeText(location.href).then(
    () => true,
    () => false,
  );
  state.textContent = isCopied
    ? "The address has it all, and is copied."
    : "The address has it all: copy it.";
}

const explained = (action: () => Promise<void>) => () =>
  void action().catch((error: unknown) => {
    state.textContent = error instanceof Error ? error.message : String(error);
  });

find("share").addEventListener("click", explained(share));
find("download").addEventListener("click", explained(download));
find<HTMLInputElement>("file").addEventListener("change", ({ target }) => {
  const input = target as HTMLInputElement;
  const file = input.files?.[0];
  if (file !== undefined) void openFile(file);
  input.value = "";
});

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: the server answers ${response.status}`);
  return response;
}

/** The examples of the list; the first is on the page already. */
let list: readonly Example[] = [];

async function start(): Promise<void> {
  list = (await (await fetchFile("examples.json")).json()) as Example[];
  examples.append(
    ...list.map(({ name, shows }) =>
      make("option", { value: name }, shows === "" ? name : `${name}: ${shows}`),
    ),
  );
  await openAddress();
}

/** What the address has, or the first example. */
async function openAddress(): Promise<void> {
  try {
    const shared = await readFragment(location.hash);
    if (shared !== undefined) return open(shared.source, shared.draft, shared.suite);
    await openExample(/^#example=([\w-]+)$/.exec(location.hash)?.[1] ?? "hello");
  } catch (error) {
    await openExample("hello");
    workbench.say((error as Error).message, true);
  }
}

async function openExample(name: string): Promise<void> {
  const example = list.find((each) => each.name === name);
  if (example === undefined) return;
  open(example.source, example.draft, name === "hello" ? FIRST_SUITE : "");
  examples.value = name;
  messages.replaceChildren();
  workbench.say(name === "hello" ? "Send a request, or change the filter first." : "Send compiles it first.");
  // One that was built with the site answers before the compiler is there.
  if (name === "hello")
    use(new Uint8Array(await (await fetchFile("hello.wasm")).arrayBuffer()), example.source);
}

examples.addEventListener("change", () => {
  history.replaceState(null, "", location.pathname);
  void openExample(examples.value);
});
window.addEventListener("hashchange", () => void openAddress());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented)
    void workbench.send();
});

find("bench").append(make("noscript", {}, nothing("This page needs JavaScript.")));
void start().catch((error: unknown) => workbench.say(String(error), true));
