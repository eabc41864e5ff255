// Completion from the data that came with the page: prefixes, classes and properties. Nothing is asked of the network.

import { element } from "./element.js";

const MOST = 60;
const BEFORE_CURSOR = /(<[^<>\s]*|[\p{L}\p{N}_:-]*)$/u;
const COMES_CLASS = /(?:^|[\s;{])(?:a|rdf:type)\s+(?:[^\s;.{}]+\s*,\s*)*$/;

export function complete(Yasqe, { prefixes, terms }) {
  for (const name of ["class", "property"]) delete Yasqe.Autocompleters[name];
  Yasqe.defaults.autocompleters = ["variables", "prefixes", "terms"];
  Yasqe.registerAutocompleter({
    ...Yasqe.Autocompleters.prefixes,
    persistenceId: undefined,
    get: () => Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`),
  });
  const byIri = new Map(terms.map((term) => [term.iri, term]));
  Yasqe.registerAutocompleter({
    name: "terms",
    bulk: false,
    isValidCompletionPosition: (yasqe) => isNamePosition(yasqe),
    preProcessToken: (yasqe) => word(yasqe),
    get: (yasqe, token) => find(terms, token.string, comesClass(yasqe, token)),
    postprocessHints: (yasqe, hints) => hints.map((hint) => shown(hint, byIri.get(hint.text), prefixes)),
  });
}

// Offers completions while somebody types a name; they can be had at any time with Ctrl-Space.
export function completeWhileTyping(yasqe) {
  yasqe.on("inputRead", (_, { text }) => {
    if (/[\p{L}\p{N}:]$/u.test(text[0]) && !yasqe.state.completionActive && word(yasqe).string.length > 1) {
      yasqe.autocomplete();
    }
  });
}

function word(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  const [string] = BEFORE_CURSOR.exec(yasqe.getDoc().getLine(line).slice(0, ch));
  return { string, start: ch - string.length, end: ch, from: { ch: ch - string.length }, to: { ch } };
}

function comesClass(yasqe, { start }) {
  const doc = yasqe.getDoc();
  return COMES_CLASS.test(doc.getRange({ line: 0, ch: 0 }, { line: doc.getCursor().line, ch: start }));
}

function isNamePosition(yasqe) {
  const cursor = yasqe.getDoc().getCursor();
  const { string, start } = word(yasqe);
  const line = yasqe.getDoc().getLine(cursor.line);
  if (/[?$@"']/.test(line[start - 1] ?? "") || /^\s*(prefix|base)\b/i.test(line)) return false;
  if (/comment|string(?!-2)/.test(yasqe.getTokenTypeAt(cursor) ?? "")) return false;
  return string.length > 0 || comesClass(yasqe, { start });
}

// IRIs of terms that somebody may mean: by short name, by the end of it, by a name in any language, or by IRI.
function find(terms, typed, classComes) {
  const wanted = typed.replace(/^</, "").toLowerCase();
  const rated = [];
  for (const term of terms) {
    const rank = rate(term, wanted);
    if (rank < 9) rated.push([rank + ((term.kind === "class") === classComes ? 0 : 5), term]);
  }
  const best = rated.sort(([one], [other]) => one - other).map(([, term]) => term);
  const fitting = classComes ? best.filter((term) => term.kind === "class") : best;
  return [...new Set(fitting.map((term) => term.iri))].slice(0, MOST);
}

function rate({ iri, curie, names }, wanted) {
  const short = curie.toLowerCase();
  if (short.startsWith(wanted)) return 0;
  if (short.split(":")[1]?.startsWith(wanted)) return 1;
  if (names.some((name) => name.toLowerCase().startsWith(wanted))) return 2;
  if (short.includes(wanted) || names.some((name) => name.toLowerCase().includes(wanted))) return 3;
  return iri.toLowerCase().startsWith(wanted) ? 4 : 9;
}

function shown(hint, { iri, curie, name }, prefixes) {
  const isShort = curie !== iri;
  return {
    ...hint,
    text: isShort ? curie : `<${iri}>`,
    displayText: isShort ? curie : iri,
    render: (item) => {
      item.append(isShort ? curie : iri);
      if (name !== curie) item.append(element("span", { className: "name", textContent: name }));
    },
    hint: (yasqe, _, { text, from, to }) => {
      yasqe.getDoc().replaceRange(text, from, to, "complete");
      const prefix = curie.split(":")[0];
      if (isShort && !(prefix in yasqe.getPrefixesFromQuery())) yasqe.addPrefixes({ [prefix]: prefixes[prefix] });
    },
  };
}
