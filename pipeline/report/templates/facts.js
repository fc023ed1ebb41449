// The list of facts: what fits the filters, sorted, a page at a time.
const PAGE = 50;
const form = byId("filters");
const list = byId("list");
const state = { found: [], from: 0 };

const searched = new Map();
const haystack = (fact) => {
  if (!searched.has(fact)) {
    const article = DATA.articles[fact.article];
    const types = DATA.languages.map((lang) => say.label("types", fact.type, lang));
    const parts = [fact.subject, fact.object, fact.place, fact.source, sentence(fact), article.title, article.id];
    searched.set(fact, fold([...parts, ...types, ...(fact.figure ?? []), ...(fact.period ?? [])].filter(Boolean).join(" ")));
  }
  return searched.get(fact);
};

// "From" and "until" hold for periods that lie within reach of both; an open end reaches for ever.
const within = (fact, from, until) =>
  (!from && !until) ||
  ((fact.start || fact.end) && (!from || !fact.end || fact.end >= from) && (!until || !fact.start || fact.start <= until));

const names = new Set(DATA.parties.map(fold));
const ORDERS = {
  sort_newest: (a, b) => (DATA.articles[b.article].published ?? "").localeCompare(DATA.articles[a.article].published ?? ""),
  sort_confidence: (a, b) => b.confidence - a.confidence,
  sort_period: (a, b) => (b.end ?? b.start ?? "").localeCompare(a.end ?? a.start ?? ""),
  sort_subject: (a, b) => who(a).localeCompare(who(b), say.lang),
};

const select = () => {
  const { words, party, type, modality, from, until, confidence, sort } = Object.fromEntries(new FormData(form));
  const wanted = fold(words).split(" ").filter(Boolean);
  const name = fold(party.trim());
  const is = names.has(name) ? (given) => given === name : (given) => given.includes(name);
  state.found = DATA.facts.filter(
    (fact) =>
      fact.confidence >= Number(confidence) &&
      (!type || fact.type === type) &&
      (!modality || fact.modality === modality) &&
      (!name || [fact.subject, fact.object].some((each) => each && is(fold(each)))) &&
      within(fact, from, until) &&
      (!wanted.length || wanted.every((word) => haystack(fact).includes(word))),
  );
  state.found.sort(ORDERS[sort] ?? ORDERS.sort_newest);
};

const line = (fact) => {
  const button = make("button", "fact");
  button.type = "button";
  button.dataset.fact = fact.id;
  const heading = make("span", "what");
  heading.append(make("span", "kind", what(fact)), " ", make("span", "who", who(fact)));
  const mood = make("span", `mood ${fact.modality}`, say.label("modality", fact.modality));
  if (fact.denied) mood.append(" ", make("span", "denied", `(${say.ui("denied")})`));
  const sure = make("span", "sure");
  const meter = make("meter");
  meter.value = fact.confidence;
  meter.setAttribute("aria-hidden", "true");
  sure.append(make("span", "hidden", `${say.ui("confidence")} `), fact.confidence.toFixed(2), meter);
  const figure = make("span", "figure", say.of(fact.figure));
  const detail = [basis(fact), fact.place].filter(Boolean).join(" · ");
  if (detail) figure.append(" ", make("small", "", detail));
  const parts = [heading, figure, make("span", "when", say.of(fact.period)), mood, sure];
  for (const part of parts) button.append(part, " ");
  button.append(make("span", "quote", sentence(fact).trim()));
  const item = make("li");
  item.append(button);
  return item;
};

const showRows = (from, most) => {
  const { found } = state;
  const to = Math.min(from + most, found.length);
  list.replaceChildren(...found.slice(from, to).map(line));
  byId("none").hidden = found.length > 0;
  const values = { from: say.number(found.length ? from + 1 : 0), to: say.number(to), found: say.number(found.length) };
  const all = found.length < DATA.facts.length ? ` ${say.ui("shown_all", { all: say.number(DATA.facts.length) })}` : "";
  byId("count").textContent = say.ui("shown", values) + all;
  for (const button of document.querySelectorAll("[data-turn]"))
    button.disabled = Number(button.dataset.turn) < 0 ? from === 0 : to >= found.length;
};

const showPage = () => showRows(state.from, PAGE);

const refresh = () => {
  byId("least").textContent = Number(form.elements.confidence.value).toFixed(2);
  select();
  state.from = 0;
  showPage();
};

const turn = (by) => {
  const from = state.from + by * PAGE;
  if (from < 0 || from >= state.found.length) return false;
  state.from = from;
  showPage();
  return true;
};

// The choices of the filters, in the language that is chosen, with the number of facts of each.
const fillChoices = () => {
  const count = (key) => DATA.facts.reduce((all, fact) => all.set(fact[key], (all.get(fact[key]) ?? 0) + 1), new Map());
  const option = (value, text) => Object.assign(make("option", "", text), { value });
  const counted = (value, text, counts) => option(value, `${text} (${say.number(counts.get(value))})`);
  const fill = (name, ...nodes) => {
    const control = form.elements[name];
    const { value } = control;
    control.replaceChildren(...nodes);
    control.value = value || nodes[0].value;
  };
  const types = count("type");
  const groups = Object.entries(DATA.types).map(([group, members]) => {
    const node = make("optgroup");
    node.label = say.label("groups", group);
    const present = members.filter((type) => types.has(type)).map((type) => [type, say.label("types", type)]);
    present.sort((a, b) => a[1].localeCompare(b[1], say.lang));
    node.append(...present.map(([type, text]) => counted(type, text, types)));
    return node;
  });
  fill("type", option("", say.ui("any_type")), ...groups.filter((node) => node.children.length));
  const moods = count("modality");
  const present = DATA.modalities.filter((modality) => moods.has(modality));
  fill("modality", option("", say.ui("any")), ...present.map((each) => counted(each, say.label("modality", each), moods)));
  fill("sort", ...Object.keys(ORDERS).map((key) => option(key, say.ui(key))));
  byId("parties").replaceChildren(...DATA.parties.map((name) => option(name)));
};
