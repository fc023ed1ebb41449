// The data of the page, and its words in the language that is chosen.
"use strict";
const DATA = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

const say = {
  lang: document.documentElement.lang,
  get at() { return DATA.languages.indexOf(this.lang); },
  table(name) { return DATA.texts[this.lang][name]; },
  ui(key, values = {}) {
    return this.table("ui")[key].replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  },
  // The label of a name that comes from a fact; one without a label stands as it is.
  label(name, key, lang = this.lang) {
    const table = DATA.texts[lang][name];
    return Object.hasOwn(table, key) ? table[key] : key;
  },
  // A text that differs between the languages stands in a list.
  of(texts) { return texts ? texts[this.at] : ""; },
  number(value) { return new Intl.NumberFormat(this.lang).format(value); },
};

// Makes an element; all text is text, never markup.
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’ʼ]/g, "'").replace(/\s/g, " ").toLowerCase();

const who = (fact) => {
  if (!fact.subject || !fact.object) return fact.subject ?? fact.object ?? "–";
  const names = [fact.subject, fact.object];
  return say.table("joined").party.replace(/\{\}/g, () => names.shift());
};

const what = (fact) => {
  const type = say.label("types", fact.type);
  if (!fact.metric) return type;
  const parts = [type, say.label("types", fact.metric).toLowerCase()];
  return say.table("joined").metric.replace(/\{\}/g, () => parts.shift());
};

const basis = (fact) => (fact.basis ?? []).map((word) => say.label("basis", word)).join(", ");

const sentence = (fact) => {
  if (fact.quotes) return fact.quotes[0];
  const [start, end] = fact.marks.find(([, , slot]) => slot === "evidence");
  return DATA.articles[fact.article].text.slice(start, end);
};

// Puts the chosen language into all that the template has written.
const translate = (lang) => {
  say.lang = lang;
  document.documentElement.lang = lang;
  document.title = say.ui("title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = say.ui(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", say.ui(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.placeholder = say.ui(node.dataset.tPlaceholder);
  for (const node of document.querySelectorAll("[data-modality]")) node.textContent = say.label("modality", node.dataset.modality);
  for (const node of document.querySelectorAll("[data-note]")) node.textContent = say.label("notes", node.dataset.note);
  for (const node of document.querySelectorAll("[data-lang]")) node.hidden = node.dataset.lang !== lang;
  for (const node of document.querySelectorAll("[data-to]")) node.setAttribute("aria-pressed", String(node.dataset.to === lang));
};
