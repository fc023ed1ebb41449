"""The names of the trade: makers, brands, models, people, authorities, places, with their aliases.

Names live in the CSV files of `names/`. A *strong* form stands for its entry wherever it is written; a *weak*
form (`weak_aliases`: "208", "Golf", "Seat", a surname) is an ordinary word or number as well, and needs
evidence in the article. Forms are written with plain apostrophes, spaces and hyphens, as in `Document.plain`.

What a language calls them lives in files of its own, XX being its ISO 639-1 code: `names_XX.csv` (what its articles
write, and other forms), `nicknames_XX.csv` ("Blue Oval"), `demonyms_XX.csv` (adjectives of countries and towns).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import ahocorasick

from pipeline.schema import Kind
from pipeline.text import lower, plain, unaccent

HEADER = "name,kind,aliases,weak_aliases,parent,country,class"
_NICKNAMES, _DEMONYMS, _CALLED = "form,name", "form,country,place", "name,written,aliases,weak_aliases"
_FIELDS = HEADER.count(",") + 1
_KINDS = {kind.value: kind for kind in Kind}
_UPPER_SIZE = 4
_INFLECTED_SIZE = 3
_LETTERS = re.compile(r"[ ]([A-Z]{2,3}[.-]?)\d{1,2}\Z")
_GOES_ON = re.compile(r"[.,]\d|[ ']\d{3}(?!\d)")


class Entry(NamedTuple):
    """One name: `parent` is the owner, brand or employer, `country` an ISO 3166-1 alpha-2 code."""

    name: str
    kind: Kind
    parent: str | None = None
    country: str | None = None
    classes: tuple[str, ...] = ()


@dataclass(slots=True)
class Form:
    """One spelling: the entry it always stands for, if any, and those it may stand for."""

    text: str
    strong: Entry | None = None
    weak: tuple[Entry, ...] = ()


class Hit(NamedTuple):
    """A form found in a text at [start, end)."""

    start: int
    end: int
    form: Form


class Demonym(NamedTuple):
    """What a country adjective stands for: an ISO code where it is of one country, and the place's name."""

    country: str | None
    place: str


class Gazetteer:
    """All names, indexed by name and by form. Build it with `Gazetteer.read`."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.forms: dict[str, Form] = {}
        self.versions: frozenset[str] = frozenset()
        self.first_names: frozenset[str] = frozenset()
        self._parents: list[tuple[str, str]] = []
        self._demonyms: dict[str, dict[str, Demonym]] = {}
        self._nicknames: dict[str, dict[str, Entry]] = {}
        self._nickname_finders: dict[str, ahocorasick.Automaton] = {}
        self._written: dict[str, dict[str, str]] = {}
        self._local: dict[str, dict[str, Form]] = {}
        self._local_finders: dict[str, ahocorasick.Automaton] = {}

    @classmethod
    def read(cls, folder: Traversable) -> Gazetteer:
        """The names of a folder of CSV and word files.

        Raises ValueError naming file and line for an unknown header, kind, parent or name, or a form that two
        entries claim as strong.
        """
        gazetteer = cls()
        words: list[tuple[str, str, list[list[str]]]] = []
        for item in sorted(folder.iterdir(), key=lambda i: i.name):
            if not item.name.endswith(".csv"):
                continue
            first, *rows = csv.reader(plain(item.read_text(encoding="utf-8")).splitlines())
            head = ",".join(first)
            if head == HEADER:
                gazetteer._read_entries(item.name, rows)
            elif head in (_NICKNAMES, _DEMONYMS, _CALLED):
                words.append((item.name, head, rows))
            else:
                raise ValueError(f"{item.name}, line 1: unknown header {head}")
        for where, parent in gazetteer._parents:
            if parent not in gazetteer.entries:
                raise ValueError(f"{where}: the parent {parent!r} is no name of the gazetteer")
        readers = {
            _NICKNAMES: gazetteer._read_nicknames,
            _DEMONYMS: gazetteer._read_demonyms,
            _CALLED: gazetteer._read_called,
        }
        for name, head, rows in words:
            readers[head](name, rows)
        for lang, table in gazetteer._demonyms.items():
            for form, demonym in table.items():
                table[form] = demonym._replace(place=gazetteer.written(demonym.place, lang))
        gazetteer.versions = _word_list(folder / "versions.txt")
        gazetteer.first_names = _word_list(folder / "first_names.txt")
        return gazetteer

    def _read_entries(self, file: str, rows: list[list[str]]) -> None:
        for number, row in enumerate(rows, 2):
            if len(row) != _FIELDS:
                raise ValueError(f"{file}, line {number}: {len(row)} fields instead of {_FIELDS}")
            name, kind, aliases, weak, parent, country, classes = row
            if kind not in _KINDS:
                raise ValueError(f"{file}, line {number}: unknown kind {kind!r}")
            if name in self.entries:
                raise ValueError(f"{file}, line {number}: {name!r} occurs twice")
            tags = tuple(classes.split("|")) if classes else ()
            entry = self.entries[name] = Entry(name, _KINDS[kind], parent or None, country or None, tags)
            if parent:
                self._parents.append((f"{file}, line {number}", parent))
            other = self._add_forms(entry, aliases, weak)
            if other:
                text, owner = other
                raise ValueError(f"{file}, line {number}: {text!r} stands for {owner.name!r} as well")

    def _add_forms(self, entry: Entry, aliases: str, weak: str) -> tuple[str, Entry] | None:
        """Add the forms of `entry`; returns a strong one that stands for another entry already, with that."""
        weak_forms = weak.split("|") if weak else ()
        for text in weak_forms:
            self._form(text).weak += (entry,)
        for text in (entry.name, *aliases.split("|")) if aliases else (entry.name,):
            if text in weak_forms:
                continue
            form = self._form(text)
            if form.strong is None:
                form.strong = entry
            elif form.strong is not entry:
                return text, form.strong
        return None

    def _form(self, text: str) -> Form:
        form = self.forms.get(text)
        if form is None:
            form = self.forms[text] = Form(text)
        return form

    def _read_nicknames(self, file: str, rows: list[list[str]]) -> None:
        table = self._nicknames.setdefault(_language(file), {})
        for number, (form, name) in enumerate(rows, 2):
            if name not in self.entries:
                raise ValueError(f"{file}, line {number}: {name!r} is no name of the gazetteer")
            key = lower(form)
            if table.setdefault(key, self.entries[name]).name != name:
                raise ValueError(f"{file}, line {number}: {form!r} stands for {table[key].name!r} as well")

    def _read_demonyms(self, file: str, rows: list[list[str]]) -> None:
        table = self._demonyms.setdefault(_language(file), {})
        for form, country, place in rows:
            table[lower(form)] = Demonym(country or None, place)

    def _read_called(self, file: str, rows: list[list[str]]) -> None:
        written = self._written.setdefault(_language(file), {})
        forms = self._local.setdefault(_language(file), {})
        for number, (name, first, aliases, weak) in enumerate(rows, 2):
            entry = self.entries.get(name)
            if entry is None:
                raise ValueError(f"{file}, line {number}: {name!r} is no name of the gazetteer")
            written[name] = first
            weak_forms = weak.split("|") if weak else []
            for text in weak_forms:
                forms.setdefault(text, Form(text)).weak += (entry,)
            for text in {first, *aliases.split("|")} - {"", *weak_forms}:
                form = forms.setdefault(text, Form(text))
                if form.strong is not None:
                    raise ValueError(f"{file}, line {number}: {text!r} stands for {form.strong.name!r} as well")
                form.strong = entry

    @cached_property
    def _finder(self) -> ahocorasick.Automaton:
        return _automaton(self.forms)

    @cached_property
    def upper(self) -> dict[str, Entry]:
        """Entries by their strong forms in capitals without accents, for texts set in capitals."""
        table: dict[str, Entry] = {}
        for text, form in self.forms.items():
            if form.strong is not None and len(text) >= _UPPER_SIZE:
                key = text if text.isascii() else unaccent(text)
                table.setdefault(key.upper(), form.strong)
        return table

    @cached_property
    def trim_heads(self) -> frozenset[str]:
        """The first words of `versions`."""
        return frozenset(phrase.partition(" ")[0] for phrase in self.versions)

    @cached_property
    def designations(self) -> dict[str, frozenset[str]]:
        """The brands whose models are named by the letters that begin a designation: "EX" of "Volvo EX30"."""
        table: dict[str, set[str]] = {}
        for entry in self.entries.values():
            if entry.kind is Kind.MODEL and entry.parent:
                match = _LETTERS.match(entry.name.removeprefix(entry.parent))
                if match:
                    table.setdefault(match.group(1), set()).add(entry.parent)
        return {letters: frozenset(brands) for letters, brands in table.items()}

    def scan(self, text: str, lang: str = "", endings: tuple[str, ...] = ()) -> list[Hit]:
        """The forms at word boundaries of `text` (a plain view), by offset, longest first; they may overlap.

        Those of the language `lang` alone stand before others at the same place. One of `endings` may stand between a
        form and the boundary ("Teslas"). A form that begins or ends in a digit is no hit where the figure goes on
        ("3 008 000", "208,5").
        """
        finders = [self._finder]
        if lang in self._local:
            if lang not in self._local_finders:
                self._local_finders[lang] = _automaton(self._local[lang])
            finders.insert(0, self._local_finders[lang])
        hits = [Hit(start, end, form) for each in finders for start, end, form in _find(each, text, endings)]
        hits.sort(key=lambda h: (h.start, -h.end))
        return hits

    def written(self, name: str, lang: str) -> str:
        """What articles in the language `lang` call the entry `name`."""
        return self._written.get(lang, {}).get(name, name)

    def nicknames(self, text: str, lang: str) -> list[tuple[int, int, Entry]]:
        """The nicknames of the language `lang` in `text` (a lower plain view), by offset, longest first."""
        if lang not in self._nicknames:
            return []
        finder = self._nickname_finders.get(lang)
        if finder is None:
            finder = self._nickname_finders[lang] = _automaton(self._nicknames[lang])
        return sorted(_find(finder, text), key=lambda f: (f[0], -f[1]))

    def demonyms(self, lang: str) -> dict[str, Demonym]:
        """Country and city adjectives of the language `lang`, in lower case, places as that language writes them."""
        return self._demonyms.get(lang, {})

    def lookup(self, text: str) -> Entry | None:
        """The entry that the form `text` always stands for."""
        form = self.forms.get(plain(text))
        return form.strong if form else None


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """The gazetteer of the package. Raises ValueError naming file and line where it is not valid."""
    return Gazetteer.read(files("pipeline") / "names")


def _language(file: str) -> str:
    return file.removesuffix(".csv").rpartition("_")[2]


def _word_list(file: Traversable) -> frozenset[str]:
    if not file.is_file():
        return frozenset()
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(plain(line) for line in lines if line)


def _automaton(forms: Mapping[str, object]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for text, value in forms.items():
        automaton.add_word(text, (len(text), value))
    automaton.make_automaton()
    return automaton


def _find(
    finder: ahocorasick.Automaton, text: str, endings: tuple[str, ...] = ()
) -> Iterator[tuple[int, int, Any]]:
    last = len(text)
    for at, (size, value) in finder.iter(text):
        start, end = at + 1 - size, at + 1
        if (start and text[start - 1].isalnum() and text[start].isalnum()) or (
            end < last and text[end].isalnum() and text[at].isalnum() and not _inflected(text, start, end, endings)
        ):
            continue
        if _whole(text, start, end):
            yield start, end, value


def _inflected(text: str, start: int, end: int, endings: tuple[str, ...]) -> bool:
    """Whether one of `endings` and then a word boundary stand behind the form [start, end), which is no short one."""
    if end - start < _INFLECTED_SIZE:
        return False
    return any(text.startswith(e, end) and not text[end + len(e) : end + len(e) + 1].isalnum() for e in endings)


def _whole(text: str, start: int, end: int) -> bool:
    """False where a figure goes on before or after [start, end)."""
    if text[start].isdigit():
        before = text[max(0, start - 2) : start]
        if len(before) == 2 and before[0].isdigit() and before[1] in " .,'":
            return False
    if text[end - 1].isdigit():
        return not _GOES_ON.match(text, end)
    return True
