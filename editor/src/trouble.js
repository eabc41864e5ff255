// What the server says went wrong, told below the query and marked at its place in it.

import { element } from "./element.js";
import { t } from "./phrases.js";

const WORDS = {
  large: "The answer is too large for a page; the data above has all.",
  broken: "The answer broke off",
  unreachable: "The server cannot be reached",
};

// YASR's view of an Unanswered.
// rerun: asks again, called when the reader has chosen a remedy.
export function tell({ kind, message }, yasqe, prefixes, rerun) {
  if (kind in WORDS) return element("p", { role: "alert", textContent: t(WORDS[kind]) });
  const what = problem(message);
  const told = element("div", { className: "trouble", role: "alert" });
  told.append(element("h2", { textContent: t("This query cannot be answered") }));
  told.append(element("p", { lang: "en", textContent: what.detail.replace(/^line \d+, column \d+: /, "") }));
  const place = mark(yasqe, what);
  if (place) {
    const { line, column } = what;
    const go = element("button", { type: "button", textContent: t("Line {line}, column {column}", { line, column }) });
    go.addEventListener("click", () => {
      yasqe.getDoc().setCursor(place);
      yasqe.focus();
    });
    told.append(go);
  }
  const missing = undeclared(yasqe, prefixes);
  if (missing.length) {
    told.append(element("p", { textContent: t("A prefix you use may need declaring:") }));
    for (const prefix of missing) {
      const line = `PREFIX ${prefix}: <${prefixes[prefix]}>`;
      const add = element("button", { type: "button", className: "code", textContent: line });
      add.addEventListener("click", () => {
        yasqe.addPrefixes({ [prefix]: prefixes[prefix] });
        rerun();
      });
      told.append(add);
    }
  }
  if (what.excerpt && !place) told.append(element("pre", { tabIndex: 0, textContent: what.excerpt }));
  return told;
}

// The problem document (RFC 9457), or what somebody between us and the server said instead.
function problem(message) {
  try {
    return JSON.parse(message);
  } catch {
    return { detail: message };
  }
}

function undeclared(yasqe, prefixes) {
  const declared = yasqe.getPrefixesFromQuery();
  const names = yasqe.getValue().replace(/<[^<>\s]*>/g, "").matchAll(/([\w-]+):/g);
  const used = new Set(Array.from(names, ([, prefix]) => prefix));
  return [...used].filter((prefix) => prefix in prefixes && !(prefix in declared));
}

// Marks the token at the problem's line and column until the query is changed, and returns where that is.
function mark(yasqe, { line, column, detail }) {
  if (!line) return undefined;
  const doc = yasqe.getDoc();
  const at = Math.min(line - 1, doc.lastLine());
  const before = Array.from(doc.getLine(at)).slice(0, column).join(""); // the server counts code points
  const { start, end } = yasqe.getTokenAt({ line: at, ch: before.trimEnd().length }, true);
  const range = [{ line: at, ch: start }, { line: at, ch: end }];
  const words = doc.markText(...range, { className: "wrong", attributes: { title: detail } });
  const row = yasqe.addLineClass(at, "background", "wrong-line");
  const sign = element("span", { className: "wrong-mark", title: detail, textContent: "!" });
  yasqe.setGutterMarker(at, "gutterErrorBar", sign);
  const clear = () => {
    words.clear();
    yasqe.removeLineClass(row, "background", "wrong-line");
    yasqe.clearGutter("gutterErrorBar");
    yasqe.off("change", clear);
    yasqe.off("query", clear);
  };
  yasqe.on("change", clear);
  yasqe.on("query", clear);
  return range[0];
}
