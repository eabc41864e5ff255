// The saved queries, in a list with a search.

import { element } from "./element.js";
import { t } from "./phrases.js";

// run: called with the query that somebody chose.
export function list(saved, run) {
  const search = element("input", { type: "search", autocomplete: "off", placeholder: t("Search the saved queries") });
  search.setAttribute("aria-label", t("Search the saved queries"));
  const items = element("ul");
  const none = element("p", { className: "small", role: "status" });
  const entries = saved.map((query) => {
    const choose = element("button", { type: "button", textContent: query.question, lang: query.language });
    choose.addEventListener("click", () => run(query));
    const item = element("li");
    item.append(choose);
    items.append(item);
    return [query.words, item];
  });
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase().split(/\s+/);
    for (const [words, item] of entries) item.hidden = !wanted.every((word) => words.includes(word));
    none.textContent = entries.every(([, item]) => item.hidden) ? t("No saved query has all these words.") : "";
  });
  const details = element("details", { className: "saved" });
  const summary = element("summary", { textContent: t("Saved queries") });
  summary.append(" ", element("span", { className: "tally", textContent: saved.length }));
  details.append(summary, search, none, items);
  details.addEventListener("toggle", () => details.open && search.focus());
  return details;
}
