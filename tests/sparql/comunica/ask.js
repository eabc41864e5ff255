// Asks an endpoint a query with Comunica. Prints a JSON array of rows, each name -> N-Triples term, or N-Triples.

import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const answer = await new QueryEngine().query(query, { sources: [{ type: "sparql", value: endpoint }] });

const literal = ({ value, language, datatype }) =>
  JSON.stringify(value) + (language ? `@${language}` : `^^<${datatype.value}>`);
const written = (term) =>
  term.termType === "NamedNode" ? `<${term.value}>` : term.termType === "Literal" ? literal(term) : `_:${term.value}`;

const found = await (await answer.execute()).toArray();
if (answer.resultType === "bindings") {
  const rows = found.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, written(term)])));
  console.log(JSON.stringify(rows));
} else {
  const triples = found.map(({ subject, predicate, object }) => [subject, predicate, object].map(written).join(" "));
  console.log(triples.map((triple) => `${triple} .`).join("\n"));
}
