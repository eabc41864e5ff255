// Builds src/ into the folder that the server serves. What YASGUI does that our pages do not is changed on the way:
// its colours become those of style.css, which know a dark screen, and see REPLACED. A new version of YASGUI that these
// changes do not fit ends the build.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const TARGET = new URL("../src/kg/static/editor/", import.meta.url).pathname;

// Colour of YASGUI -> ours. Black and white with an alpha channel are mixed from ink and paper.
const PALETTE = {
  "--paper": ["#fff"],
  "--sheet": [
    "#f7f7f7", "#f5f5f5", "#f9f9f9", "#eee", "#ebebeb", "#e5e5e5", "#f2dede", "#dff0ff", "#e8f2ff", "#212529",
  ],
  "--hair": ["#ddd", "#d1d1d1", "#d5d5d5", "#e3e3e3", "#ccc", "#bbb", "#ebccd1", "#d9d9d9", "#595b5e", "#404346"],
  "--line": ["#aaa", "#adadad", "silver", "#9fc4e4", "#3a3a3a", "#353535"],
  "--soft": ["#333", "#505050", "#555", "#585858", "#666", "#888", "#999", "gray", "#a50", "#997"],
  "--ink": ["#000", "#111", "#0c0c0c", "#2b2b2b"],
  "--link": [
    "#337ab7", "#428bca", "#255681", "#2a6496", "#1f49a3", "#0d6efd", "#08f", "#00c", "#00f", "#05a", "#219", "#30a",
  ],
  "--accent": ["red", "#708", "#a22", "#a94442", "#d44", "#dc3545", "#6e2500", "#faa857"],
  "--code-name": ["#085", "#f50", "#170", "#090"],
  "--code-literal": ["#a11", "#164", "#292", "#0b0", "#7e7"],
  "--code-selection": ["#d7d4f0", "#dbdeed", "#e6e6e60d", "#428bca33", "#ff96004d", "#ff06"],
  transparent: ["#0000", "#b9f", "#ff935e"],
};
const OURS = Object.fromEntries(Object.entries(PALETTE).flatMap(([name, theirs]) => theirs.map((t) => [t, name])));

function ours(colour) {
  const name = OURS[colour] ?? (/^#0d6efd..$/.test(colour) ? "--link" : undefined);
  if (name) return name.startsWith("--") ? `var(${name})` : name;
  const [, grey, alpha] = /^#(000|fff)(.)$/.exec(colour) ?? /^#(000000|ffffff)(..)$/.exec(colour) ?? [];
  if (!grey) throw new Error(`YASGUI has a colour that PALETTE does not know: ${colour}`);
  const percent = Math.round((parseInt(alpha, 16) / (alpha.length === 1 ? 15 : 255)) * 100);
  return `color-mix(in srgb, var(${grey[0] === "0" ? "--ink" : "--paper"}) ${percent}%, transparent)`;
}

function recolour(css) {
  return css.replace(/(?<=[:,( ])(?:#[0-9a-fA-F]{3,8}\b|(?:silver|gray|red)(?=[;}]))/g, ours);
}

const VERBATIM = new URL("src/verbatim.js", import.meta.url).pathname;
const REPLACED = [
  // The Content-Security-Policy forbids inline style. column-resizer adds <style> elements, whose rules are in
  // editor.css, and removes the last child of <head> again when a column has been dragged.
  [`querySelectorAll("style")`, `querySelectorAll("template")`],
  [`createElement("style")`, `createElement("template")`],
  [`"<strong style='text-decoration:underline'>"`, `"<strong>"`],
  // A list of tabs holds tabs and nothing else: the button that adds one stands beside it (src/editor.js).
  [`this._tabsListEl.appendChild(this.addTabEl), `, ``],
  [`this._tabs[e].draw(n.name), this.addTabEl || null)`, `this._tabs[e].draw(n.name), null)`],
  // Chromium complains of each event handler in HTML that is sanitised, so what filters and sorts is escaped instead.
  [`n === "sort" || !n ? sanitize_default(t.value)`, `n === "sort" || !n ? escape$1(t.value)`],
  // What does not parse is shown as it is. YASR would guess that it is XML, and Chromium styles its complaint inline.
  [`this.getParserFromContentType() || this.doLuckyGuess() ||`, `this.getParserFromContentType() ||`],
  [`this.errorSummary = e instanceof Error ? { text: e.message } : { text: e };`, ``],
  [`applyMustacheToLiterals = (e) => {`, `applyMustacheToLiterals = verbatim, theirs = (e) => {`],
];

function adapt(code) {
  for (const [theirs, replacement] of REPLACED) {
    if (code.split(theirs).length !== 2) throw new Error(`YASGUI no longer has exactly one ${theirs}`);
    code = code.replace(theirs, () => replacement);
  }
  return `import { verbatim } from ${JSON.stringify(VERBATIM)};\n${code}`;
}

const adapted = {
  name: "adapted",
  setup({ onLoad }) {
    onLoad({ filter: /yasgui\.min\.css$/ }, async ({ path }) => ({
      contents: recolour(await readFile(path, "utf8")),
      loader: "css",
    }));
    onLoad({ filter: /yasgui\.esm\.js$/ }, async ({ path }) => ({
      contents: adapt(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
};

await build({
  absWorkingDir: new URL(".", import.meta.url).pathname,
  entryPoints: ["src/editor.js"],
  outdir: TARGET,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  legalComments: "none",
  plugins: [adapted],
  logLevel: "info",
});

// The licences of what has been bundled, which is all of node_modules but the bundler.
const { packages } = JSON.parse(await readFile(new URL("package-lock.json", import.meta.url), "utf8"));
const licences = [];
for (const [path, { version, license, optional }] of Object.entries(packages)) {
  if (!path || optional || path === "node_modules/esbuild") continue;
  const folder = new URL(`${path}/`, import.meta.url);
  const file = (await readdir(folder)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file ? await readFile(new URL(file, folder), "utf8") : "";
  licences.push(`${path.replace(/^.*node_modules\//, "")} ${version}: ${license ?? "see below"}\n\n${text}`);
}
await writeFile(`${TARGET}licences.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));
