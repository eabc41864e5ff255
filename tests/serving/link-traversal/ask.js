// Answers a query by following links from some seeds with Comunica. Prints a JSON array of rows, each name -> value.

import { QueryEngine } from "@comunica/query-sparql-link-traversal";

const [query, ...sources] = process.argv.slice(2);
const answer = await new QueryEngine().queryBindings(query, { sources, lenient: true });
const rows = (await answer.toArray()).map((row) =>
  Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])),
);
console.log(JSON.stringify(rows));
