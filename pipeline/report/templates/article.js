// The opened article: the fact in its slots, the text with what was read marked, the article's other facts.
const dialog = byId("opened");
const byFact = new Map(DATA.facts.map((fact) => [fact.id, fact]));
let opened = null;

// The text in pieces, each under all the marks that hold there.
const pieces = (text, marks) => {
  const edges = [...new Set([0, text.length, ...marks.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, at) => {
    const end = edges[at + 1];
    const slots = marks.filter((mark) => mark[0] <= start && end <= mark[1]).map(([, , slot]) => slot);
    const part = text.slice(start, end);
    return slots.length ? make("mark", slots.join(" "), part) : document.createTextNode(part);
  });
};

const showText = (fact, article) => {
  byId("text").lang = article.lang ?? "";
  byId("opened-note").textContent = fact.marks ? "" : say.ui(article.text ? "misplaced" : "excerpt");
  byId("opened-note").hidden = Boolean(fact.marks);
  if (fact.marks) {
    byId("text").replaceChildren(...pieces(article.text, fact.marks));
    return;
  }
  byId("text").replaceChildren(
    ...fact.quotes.map((quote) => {
      const part = make("p");
      part.append(make("mark", "evidence", quote));
      return part;
    }),
  );
};

const showSlots = (fact) => {
  const mood = say.label("modality", fact.modality) + (fact.denied ? ` (${say.ui("denied")})` : "");
  const article = DATA.articles[fact.article];
  const rows = [
    ["subject", say.ui("slot_subject"), fact.subject],
    ["object", say.ui("slot_object"), fact.object],
    ["quantity", say.ui("slot_quantity"), say.of(fact.figure)],
    ["converted", say.ui("slot_converted"), say.of(fact.converted)],
    ["previous", say.ui("slot_previous"), say.of(fact.previous)],
    ["period", say.ui("slot_period"), say.of(fact.period)],
    ["", say.ui("slot_basis"), basis(fact)],
    ["place", say.ui("slot_place"), fact.place],
    ["source", say.ui("slot_source"), fact.source],
    ["", say.ui("modality"), mood],
    ["", say.ui("confidence"), fact.confidence.toFixed(2)],
    ["", say.ui("published"), say.of(article.dated)],
    ["", say.ui("article"), article.path ?? article.id],
  ];
  const marked = new Set(fact.marks?.map(([, , slot]) => slot));
  byId("slots").replaceChildren(
    ...rows
      .filter(([, , value]) => value)
      .flatMap(([slot, name, value]) => {
        const told = make("dd");
        // The colour of a slot is the one that it has in the text.
        told.append(slot && marked.has(slot) ? make("mark", `key ${slot}`, value) : value);
        return [make("dt", "", name), told];
      }),
  );
};

const showOthers = (fact) => {
  const others = DATA.facts.filter((each) => each.article === fact.article);
  const place = (each) => each.marks?.[0][0] ?? 0;
  others.sort((a, b) => place(a) - place(b));
  byId("others").replaceChildren(
    ...others.map((each) => {
      const button = make("button", "", [what(each), who(each), say.of(each.figure)].filter(Boolean).join(" · "));
      button.type = "button";
      button.dataset.fact = each.id;
      if (each === fact) button.setAttribute("aria-current", "true");
      const item = make("li");
      item.append(button);
      return item;
    }),
  );
};

const openFact = (fact) => {
  opened = fact;
  const article = DATA.articles[fact.article];
  byId("opened-title").textContent = article.title;
  byId("opened-what").textContent = `${what(fact)} · ${who(fact)}`;
  showSlots(fact);
  showText(fact, article);
  showOthers(fact);
  const at = state.found.indexOf(fact);
  byId("before").disabled = at <= 0;
  byId("after").disabled = at < 0 || at + 1 >= state.found.length;
  if (!dialog.open) dialog.showModal();
  byId("text").querySelector("mark")?.scrollIntoView({ block: "center" });
  for (const node of document.querySelectorAll(".told, .columns")) node.scrollTop = 0;
};

// To the fact `by` places further in the list, whose page follows.
const step = (by) => {
  const at = state.found.indexOf(opened) + by;
  const fact = state.found[at];
  if (!fact) return;
  state.from = Math.floor(at / PAGE) * PAGE;
  showPage();
  openFact(fact);
  remember();
};
