// A view of results with a number in each row: bars, the longest for the largest number.

import { element } from "./element.js";
import { t } from "./phrases.js";

const MOST = 500;
const NUMBERS = /XMLSchema#(integer|decimal|float|double|(non|un|positive|negative|long|int|short|byte).*)$/;
const SVG = "http://www.w3.org/2000/svg";
const ICON = `<svg xmlns="${SVG}" viewBox="0 0 16 16"><path fill="currentColor" d="M1 2h9v3H1zm0 5h14v3H1zm0 5h6v3H1z"/></svg>`;

export class Chart {
  label = "Chart";
  priority = 1;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return this.numbers() !== undefined;
  }

  // The last column that has a number of 0 or more in every row.
  numbers() {
    const { results } = this.yasr;
    const rows = results?.getBindings() ?? [];
    if (!rows.length || rows.length > MOST || results.getVariables().length < 2) return undefined;
    return results.getVariables().findLast((name) => rows.every((row) => isSize(row[name])));
  }

  draw() {
    const { results } = this.yasr;
    const measured = this.numbers();
    const others = results.getVariables().filter((name) => name !== measured);
    const rows = results.getBindings();
    const largest = Math.max(...rows.map((row) => Number(row[measured].value))) || 1;
    const table = element("table", { className: "chart" });
    const head = table.createTHead().insertRow();
    head.append(element("th", { scope: "col", textContent: others.join(", ") }));
    head.append(element("th", { scope: "col", className: "size", textContent: measured }));
    head.insertCell();
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      line.insertCell().textContent = others.map((name) => this.short(row[name])).join(", ");
      line.append(element("td", { className: "size", textContent: row[measured].value }));
      const bar = element("span", { className: "bar" });
      bar.style.width = `${(Number(row[measured].value) / largest) * 100}%`;
      const track = element("td", { className: "track" });
      track.append(bar);
      line.append(track);
    }
    this.yasr.resultsEl.append(table);
  }

  short(term) {
    if (!term) return "";
    const known = Object.entries(this.yasr.getPrefixes()).find(([, namespace]) => term.value.startsWith(namespace));
    return known && term.type === "uri" ? `${known[0]}:${term.value.slice(known[1].length)}` : term.value;
  }

  getIcon() {
    return new DOMParser().parseFromString(ICON, "image/svg+xml").documentElement;
  }
}

function isSize(term) {
  return NUMBERS.test(term?.datatype ?? "") && Number(term.value) >= 0;
}
