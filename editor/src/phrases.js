// The interface's words: ours come with the data in the reader's language, YASGUI's are replaced as it shows them.

let words = {};

export function speak(phrases) {
  words = phrases;
}

export function t(text, values = {}) {
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), words[text] ?? text);
}

const YASGUI = {
  "Add tab": "Add a tab",
  "Add a new tab": "Add a tab",
  "New Tab": "Add a tab",
  "Rename Tab": "Rename tab",
  "Copy Tab": "Copy tab",
  "Close Tab": "Close tab",
  "Close tab": "Close tab",
  "Close other tabs": "Close other tabs",
  "Undo close Tab": "Undo closing a tab",
  "Share query": "Permalink",
  "Shows Table view": "Table",
  "Shows Response view": "Response",
  "Shows Chart view": "Chart",
  Table: "Table",
  Response: "Response",
  Chart: "Chart",
  "Simple view": "Plain values",
  Ellipse: "Short cells",
  "Filter query results": "Filter the rows",
  "Page size: ": "Rows a page",
  All: "All",
  True: "True",
  False: "False",
  "Show all": "Show all",
  "Download result": "This answer as data",
};
const ATTRIBUTES = ["title", "aria-label", "placeholder"];

// Replaces what YASGUI says below an element, now and whenever it says something new there.
export function translate(root) {
  replace(root);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) replace(node);
  }).observe(root, { childList: true, subtree: true });
}

function replace(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (!node.parentElement?.closest(".CodeMirror-code, tbody")) node.data = ours(node.data);
  } else if (node.nodeType === Node.ELEMENT_NODE && !node.matches(".CodeMirror-code, tbody")) {
    for (const name of ATTRIBUTES) {
      if (node.hasAttribute(name)) node.setAttribute(name, ours(node.getAttribute(name)));
    }
    node.childNodes.forEach(replace);
  }
}

function ours(text) {
  const [, rows, seconds] = /^(\d+) results?(?: in ([\d.]+) seconds?)?$/.exec(text) ?? [];
  if (rows) return t("Rows: {count}", { count: rows }) + (seconds ? ` · ${seconds} s` : "");
  const [, only] = /^Response in ([\d.]+) seconds?$/.exec(text) ?? [];
  if (only) return `${only} s`;
  return Object.hasOwn(YASGUI, text) ? t(YASGUI[text]) : text;
}
