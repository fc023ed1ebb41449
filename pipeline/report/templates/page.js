// The page as a whole: its views, its language, its keys, and its address, which holds what is chosen.
const tabs = [...document.querySelectorAll("[role=tab]")];
const FIELDS = ["words", "party", "type", "modality", "from", "until", "confidence", "sort"];
const USUAL = { confidence: "0", sort: "sort_newest" };
const usual = (key) => USUAL[key] ?? "";

const view = () => tabs.find((tab) => tab.getAttribute("aria-selected") === "true").id.replace("tab-", "");

const showView = (name) => {
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
};

const remember = () => {
  const chosen = Object.fromEntries(new FormData(form));
  const parts = new URLSearchParams();
  for (const key of FIELDS) if (chosen[key] !== usual(key)) parts.set(key, chosen[key]);
  if (view() !== "facts") parts.set("view", view());
  if (say.lang !== first) parts.set("lang", say.lang);
  if (opened) parts.set("fact", opened.id);
  // Some browsers refuse this to a file that is opened from a disk: the page works without it.
  try { history.replaceState(null, "", `#${parts}`); } catch { /* stays as it is */ }
};

const recall = () => {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (DATA.languages.includes(parts.get("lang"))) changeLanguage(parts.get("lang"));
  for (const key of FIELDS) form.elements[key].value = parts.get(key) ?? usual(key);
  showView(tabs.some((tab) => tab.id === `tab-${parts.get("view")}`) ? parts.get("view") : "facts");
  refresh();
  const fact = byFact.get(parts.get("fact"));
  if (fact) {
    const at = state.found.indexOf(fact);
    state.from = Math.max(0, Math.floor(at / PAGE) * PAGE);
    showPage();
    openFact(fact);
  } else if (dialog.open) dialog.close();
};

const changeLanguage = (lang) => {
  translate(lang);
  fillChoices();
  showPage();
  if (opened) openFact(opened);
};

const first = say.lang;
form.addEventListener("input", () => { refresh(); remember(); });
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(() => { refresh(); remember(); }));

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-fact], [data-turn], [data-to], a[href^='#fact=']");
  if (!target) return;
  if (target.dataset.to) changeLanguage(target.dataset.to);
  else if (target.dataset.turn) {
    turn(Number(target.dataset.turn));
    byId("view-facts").scrollIntoView();
  } else {
    event.preventDefault();
    openFact(byFact.get(target.dataset.fact ?? target.getAttribute("href").slice("#fact=".length)));
  }
  remember();
});

for (const tab of tabs) {
  tab.addEventListener("click", () => { showView(tab.id.replace("tab-", "")); remember(); });
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    next.click();
    next.focus();
  });
}

list.addEventListener("keydown", (event) => {
  const rows = [...list.querySelectorAll(".fact")];
  const at = rows.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (rows[to]) rows[to].focus();
  else if (turn(to < 0 ? -1 : 1)) list.querySelector(to < 0 ? "li:last-child .fact" : ".fact").focus();
});

byId("before").addEventListener("click", () => step(-1));
byId("after").addEventListener("click", () => step(1));
byId("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by) step(by);
});
dialog.addEventListener("close", () => {
  const { id } = opened;
  opened = null;
  remember();
  [...list.querySelectorAll(".fact")].find((row) => row.dataset.fact === id)?.focus();
});

addEventListener("beforeprint", () => {
  showRows(0, DATA.printed);
  byId("printed").hidden = state.found.length <= DATA.printed;
});
addEventListener("afterprint", () => { byId("printed").hidden = true; showPage(); });
// A link to a place of the page changes the address too, but nothing that is chosen.
addEventListener("hashchange", () => (document.getElementById(location.hash.slice(1)) ? remember() : recall()));

document.querySelector("#filters details").open = innerWidth > 768;
fillChoices();
recall();
