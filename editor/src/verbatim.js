// A row of results as YASR shows it: each literal as it is, a triple term of RDF 1.2 as text.
// YASR itself would take {{…}} in a literal for the name of another column, and stumble over triple terms.
export function verbatim(row) {
  for (const [name, term] of Object.entries(row)) {
    if (term.type === "triple") row[name] = { type: "literal", value: text(term) };
  }
  return row;
}

function text({ type, value, datatype, "xml:lang": language }) {
  if (type === "triple") return `<<( ${text(value.subject)} ${text(value.predicate)} ${text(value.object)} )>>`;
  if (type === "uri") return `<${value}>`;
  if (type === "bnode") return `_:${value}`;
  return JSON.stringify(value) + (language ? `@${language}` : datatype ? `^^<${datatype}>` : "");
}
