// Suggestions below a search field. Without this script the form works as it is.
// Source: ARIA Authoring Practices, editable combobox with list autocomplete, manual selection.

const PAUSE_MS = 80;

for (const form of document.querySelectorAll(".seek form")) {
  attach(form, form.querySelector("input[type=search]"));
}

function attach(form, input) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let pending = null;
  let timer = 0;
  let active = -1;

  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  status.className = "unseen";
  status.setAttribute("role", "status");
  form.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) {
    input.setAttribute(name, value);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        ask();
      } else {
        move(event.key === "ArrowDown" ? 1 : -1);
      }
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.page);
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      location.assign(option.dataset.page);
    }
  });

  async function ask() {
    pending?.abort();
    pending = new AbortController();
    if (!input.value.trim()) {
      close();
      return;
    }
    const url = new URL("suggest", form.action);
    url.search = new URLSearchParams(new FormData(form));
    let answer;
    try {
      const response = await fetch(url, { signal: pending.signal, headers: { Accept: "application/json" } });
      answer = response.ok ? await response.json() : null;
    } catch {
      return;
    }
    if (answer && document.activeElement === input) {
      show(answer);
    }
  }

  function show(answer) {
    list.replaceChildren(...answer.suggestions.map(option));
    status.textContent = answer.told;
    mark(-1);
    list.hidden = answer.suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function option(suggestion, number) {
    const item = document.createElement("li");
    item.id = `${list.id}-${number}`;
    item.dataset.page = suggestion.page;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.className = "suggested";
    if (suggestion.snippet.language) {
      name.lang = suggestion.snippet.language;
    }
    name.append(...suggestion.snippet.parts.map((part) => {
      const piece = document.createElement(part.marked ? "b" : "span");
      piece.textContent = part.text;
      return piece;
    }));
    const about = document.createElement("span");
    about.className = "small";
    about.textContent = suggestion.about;
    item.append(name, " ", about);
    return item;
  }

  function move(step) {
    const count = list.children.length + 1; // the field itself has its place between last and first
    mark(((active + 1 + step + count) % count) - 1);
  }

  function mark(number) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const chosen = list.children[active];
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    pending?.abort();
    mark(-1);
    list.hidden = true;
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
  }
}
