// Puts YASGUI in the place of the form on the query page. Until it is there, and wherever it cannot be, the form works.

import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { askFrom } from "./asking.js";
import { Chart } from "./chart.js";
import { complete, completeWhileTyping } from "./completion.js";
import { element } from "./element.js";
import { speak, t, translate } from "./phrases.js";
import { list } from "./saved.js";
import { tell } from "./trouble.js";

const LONGEST_ADDRESS = 8000;
const ONLY_THE_FORM_HAS = ["default-graph-uri", "named-graph-uri", "timeout"];

const form = document.querySelector("form.ask");
const asked = new URLSearchParams(location.search);
if (form && !ONLY_THE_FORM_HAS.some((name) => asked.has(name))) start();

async function start() {
  const endpoint = new URL(form.action).href;
  const response = await fetch(`${endpoint}/editor.json?lang=${document.documentElement.lang}`);
  if (!response.ok) return;
  const data = { endpoint, ...(await response.json()) };
  speak(data.phrases);
  const place = element("div", { id: "editor" });
  form.before(place);
  try {
    show(open(place, data), data);
  } catch (error) {
    place.remove();
    throw error;
  }
  form.remove();
}

function open(place, data) {
  const { Yasqe, Yasr } = Yasgui;
  complete(Yasqe, data);
  Yasqe.defaults.editorHeight = "auto"; // YASGUI passes on only what a reader has dragged it to
  Yasr.registerPlugin("Chart", Chart);
  Yasr.defaults.pluginOrder = ["table", "Chart", "response"];
  Yasr.defaults.errorRenderers = [
    async (error) => {
      const tab = Object.values(yasgui._tabs).find((one) => one.getYasr()?.results?.getError() === error);
      return tell(tab.getYasr().results.error, tab.getYasqe(), data.prefixes, () => tab.query());
    },
  ];
  Object.assign(Yasr.plugins.table.defaults.tableConfig.language, {
    info: "_START_–_END_ / _TOTAL_",
    infoEmpty: "",
    infoFiltered: "(_MAX_)",
    emptyTable: t("No rows"),
    zeroRecords: t("No rows"),
  });
  const yasgui = new Yasgui(place, {
    autofocus: false,
    populateFromUrl: false,
    persistenceId: "kg",
    contextMenuContainer: place,
    tabName: t("Query"),
    copyEndpointOnNewTab: false,
    requestConfig: { endpoint: data.endpoint },
    yasqe: {
      value: data.example,
      viewportMargin: Infinity,
      showQueryButton: false,
      extraKeys: { Tab: false, "Shift-Tab": false },
    },
    yasr: { prefixes: data.prefixes, maxPersistentResponseSize: 0 },
  });
  return yasgui;
}

function show(yasgui, data) {
  const tabs = element("div", { className: "tabs" });
  const row = yasgui.rootEl.querySelector(".tabsList");
  row.before(tabs);
  tabs.append(row, yasgui.tabElements.addTabEl);
  translate(yasgui.rootEl);
  furnish(yasgui.getTab(), data);
  new MutationObserver(() => furnish(yasgui.getTab(), data)).observe(yasgui.tabPanelsEl, { childList: true });
  const choose = (query) => tabWith(yasgui, data, query.text, query.question).query();
  yasgui.rootEl.before(list(data.saved, choose));
  yasgui.on("query", (_, tab) => remember(tab));
  yasgui.on("tabClose", () => queueMicrotask(() => yasgui.persistentConfig.getTabs().length || yasgui.addTab(true)));
  yasgui.on("tabSelect", () => remember(yasgui.getTab()));
  const { value, defaultValue } = form.elements.query;
  if (value !== defaultValue) tabWith(yasgui, data, value);
  else if (asked.has("query")) tabWith(yasgui, data, value).query();
}

// Shows a query in the tab that has it, else in one that is still as it began, else in a new one.
function tabWith(yasgui, data, query, name) {
  const tabs = Object.values(yasgui._tabs);
  const known = tabs.find((tab) => tab.getPersistedJson().yasqe.value === query);
  const unused = tabs.find((tab) => tab.getPersistedJson().yasqe.value === yasgui.config.yasqe.value);
  const tab = known ?? unused ?? yasgui.addTab(true, { yasqe: { value: query } });
  yasgui.selectTabId(tab.getId());
  tab.show();
  furnish(tab, data);
  if (tab === unused && tab !== known) tab.setQuery(query);
  if (name) tab.setName(name);
  return tab;
}

// Adds to a tab what YASGUI lacks: a button with a word on it, all syntaxes of the answer, a label for a screen reader.
function furnish(tab, data) {
  const yasqe = tab?.getYasqe();
  const yasr = tab?.getYasr();
  if (!yasr || yasqe.rootEl.querySelector(".run")) return;
  yasqe.getInputField().setAttribute("aria-label", t("Query in SPARQL 1.1"));
  yasqe.getAsCurlString = () => command(yasqe, data.endpoint);
  yasqe.config.createShareableLink = () => new URL(address(tab.getQuery()), location.href).href;
  askFrom(yasqe, data.endpoint);
  completeWhileTyping(yasqe);

  const under = element("div", { className: "under" });
  const told = t("Ctrl+Enter runs the query, Ctrl+Space completes a name.");
  const keys = element("p", { className: "small", textContent: told });
  const share = yasqe.getWrapperElement().querySelector(".yasqe_buttons");
  share.querySelector(".yasqe_share").append(t("Permalink"));
  under.append(runButton(tab), keys, share);
  yasqe.rootEl.append(under);

  const downloads = element("nav", { className: "data", hidden: true });
  downloads.setAttribute("aria-label", t("This answer as data"));
  yasr.rootEl.prepend(downloads);
  let query = "";
  tab.on("query", () => (query = tab.getQuery()));
  tab.on("queryResponse", () => {
    document.querySelectorAll("main > .answer, main > .error").forEach((section) => section.remove());
  });
  yasr.on("drawn", () => offer(downloads, yasr.results, query, data));
  const ours = `a.iri[href^="${data.base}"]`;
  new MutationObserver(() => {
    yasr.resultsEl.querySelectorAll(ours).forEach((link) => stay(link, data));
    yasr.resultsEl.querySelectorAll("th .dt-column-title:empty").forEach((title) => (title.textContent = "#"));
  }).observe(yasr.resultsEl, { childList: true, subtree: true });
}

function runButton(tab) {
  const button = element("button", { type: "button", className: "run", textContent: t("Run") });
  let running = false;
  const turn = (to) => {
    running = to;
    button.textContent = to ? t("Stop") : t("Run");
  };
  button.addEventListener("click", () => (running ? tab.getYasqe().abortQuery() : tab.query()));
  tab.on("query", () => turn(true));
  tab.on("queryAbort", () => turn(false));
  tab.on("queryResponse", () => turn(false));
  return button;
}

// Links to the same answer in all syntaxes, from the server.
function offer(downloads, results, query, { results: tables, graphs }) {
  const contentType = results.error ? results.error.contentType : results.getContentType();
  downloads.hidden = !contentType;
  const syntaxes = contentType?.includes("sparql-results") ? tables : graphs;
  const items = syntaxes.map(({ name, suffix }) => {
    const link = element("a", { href: address(query, suffix), download: `answer.${suffix}`, textContent: name });
    const item = element("li");
    item.append(link);
    return item;
  });
  const all = element("ul");
  all.append(...items);
  downloads.replaceChildren(element("span", { className: "label", textContent: t("This answer as data") }), all);
}

function address(query, format) {
  const parameters = new URLSearchParams({ query });
  if (asked.has("lang") && !format) parameters.set("lang", asked.get("lang"));
  if (format) parameters.set("format", format);
  return `${location.pathname}?${parameters}`;
}

// The same query from a shell.
function command(yasqe, endpoint) {
  const accept = ["CONSTRUCT", "DESCRIBE"].includes(yasqe.getQueryType()) ? "text/turtle" : "text/csv";
  const query = yasqe.getValue().replaceAll("'", "'\\''");
  return `curl -s '${endpoint}' -H 'Accept: ${accept}' --data-urlencode 'query=${query}'`;
}

// Makes the page's address, and those of the page in other languages, lead to the tab's query.
function remember(tab) {
  const query = tab.getPersistedJson().yasqe.value;
  const here = address(query);
  if (here.length > LONGEST_ADDRESS) return;
  history.replaceState(null, "", here);
  for (const link of document.querySelectorAll("[hreflang][href]")) {
    const url = new URL(link.href);
    url.searchParams.set("query", query);
    link.href = url.href;
  }
}

// Our things are on this server, wherever it is, and their IRIs shown relative to their base, as in our files.
function stay(link, { base, root }) {
  link.title = link.href;
  if (link.textContent === link.title) link.textContent = link.title.slice(base.length);
  link.href = `${root}/${link.title.slice(base.length)}`;
}
