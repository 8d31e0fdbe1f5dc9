/**
 * The form in which a request is composed.
 *
 * @module
 */
import type { Answer, Order, Pairs } from "../model.js";
import { labelled, make } from "./dom.js";

/** The fields of the form, as they were typed. */
export interface Draft {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly body: string;
  readonly configuration: string;
  readonly rootId: string;
  readonly status: string;
  readonly answerHeaders: string;
  readonly answerBody: string;
  readonly clusters: string;
}

/** The fields of a new form. */
export const emptyDraft: Draft = {
  ...{ method: "GET", path: "/", headers: "host: example.test\n", body: "", configuration: "", rootId: "" },
  ...{ status: "200", answerHeaders: "content-type: text/plain\n", answerBody: "ok\n", clusters: "" },
};

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A request, the upstream's answer, and the plugin's configuration. */
export class RequestForm {
  readonly element: HTMLFormElement;
  private readonly fields: Readonly<Record<keyof Draft, Field>>;
  private readonly fault = make("p", { class: "bad", role: "alert" });

  constructor(send: () => void, button: HTMLElement) {
    const line = (extra: Record<string, string> = {}): HTMLInputElement =>
      make("input", { type: "text", spellcheck: "false", autocomplete: "off", ...extra });
    const area = (rows: number): HTMLTextAreaElement =>
      make("textarea", { rows: String(rows), spellcheck: "false", autocapitalize: "off" });
    this.fields = {
      method: make("select", {}, ...methods.map((name) => make("option", {}, name))),
      path: line({ inputmode: "url" }),
      ...{ headers: area(3), body: area(2), configuration: area(2), rootId: line() },
      ...{ status: line({ inputmode: "numeric" }), answerHeaders: area(2), answerBody: area(2) },
      clusters: area(2),
    };
    const { method, path, headers, body, configuration, rootId } = this.fields;
    const { status, answerHeaders, answerBody, clusters } = this.fields;
    this.element = make(
      "form",
      {
        class: "request",
        "aria-label": "Request",
        submit: (event) => {
          event.preventDefault();
          send();
        },
      },
      make("div", { class: "line" }, labelled("Method", method), labelled("Path", path), button),
      labelled("Headers, one a line", headers),
      labelled("Body", body),
      make(
        "details",
        {},
        make("summary", {}, "Configuration, upstream and other clusters"),
        labelled("Plugin configuration", configuration),
        labelled("Root id", rootId),
        labelled("The upstream answers with status", status),
        labelled("Its headers", answerHeaders),
        labelled("Its body", answerBody),
        labelled("What other clusters answer, one a line: name status body", clusters),
      ),
      this.fault,
    );
    this.draft = emptyDraft;
  }

  get draft(): Draft {
    return Object.fromEntries(
      Object.entries(this.fields).map(([name, { value }]) => [name, value]),
    ) as unknown as Draft;
  }

  set draft(draft: Partial<Draft>) {
    // A draft may come from a stranger's address: it has whatever names and values were put there.
    for (const name of Object.keys(emptyDraft) as (keyof Draft)[]) {
      const value: unknown = Object.hasOwn(draft, name) ? draft[name] : undefined;
      const field = this.fields[name];
      field.value = typeof value === "string" ? value : emptyDraft[name];
      // A list has no other values than its own.
      if (name === "method" && field.value === "") field.value = emptyDraft[name];
    }
  }

  /** The order in the form; undefined, with the reason below the form, when it cannot be sent. */
  order(): Order | undefined {
    this.fault.textContent = "";
    try {
      return orderOf(this.draft);
    } catch (error) {
      this.fault.textContent = (error as Error).message;
      return undefined;
    }
  }
}

/** The order in a draft. Throws with a sentence for people. */
export function orderOf(draft: Draft): Order {
  const { method, path, body, configuration, rootId } = draft;
  if (!path.startsWith("/") && path !== "*") throw new Error("The path begins with a slash.");
  return {
    ...{ method, path, body, configuration, rootId, headers: pairsOf(draft.headers, "Headers") },
    upstream: {
      status: statusOf(draft.status),
      headers: pairsOf(draft.answerHeaders, "The upstream's headers"),
      body: draft.answerBody,
    },
    clusters: Object.fromEntries(
      draft.clusters
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map(clusterOf),
    ),
  };
}

function clusterOf(line: string): [string, Answer] {
  const match = /^\s*(\S+)\s+(\d+)(?:\s(.*))?$/.exec(line);
  if (match === null) throw new Error(`"${line}" is no cluster: write its name, a status and a body.`);
  return [match[1]!, { status: statusOf(match[2]!), headers: [], body: match[3] ?? "" }];
}

function statusOf(text: string): number {
  const status = Number(text);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error("A status is 200 to 599.");
  return status;
}

function pairsOf(text: string, what: string): Pairs {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf(":", 1);
      if (at < 1) throw new Error(`${what}: "${line}" has no colon.`);
      const [name, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      if (!/^:?[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw new Error(`${what}: "${name}" is no header's name.`);
      return [name, value] as const;
    });
}
