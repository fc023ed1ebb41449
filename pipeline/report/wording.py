"""Figures, periods and parties in the words of one language."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_name,
)

from pipeline.ontology import load_ontology
from pipeline.report.texts import Texts, Translated
from pipeline.schema import Fact, Period, Quantity
from pipeline.units import load_units

_NUMBER = "#,##0.###"
_COMPACT_FROM = Decimal(1_000_000)
_DIGITS = 3
_FINE = re.compile(r"(\d{4})-(?:([A-Z]{2})|([QHW])(\d{1,2})(-WE)?)")
_DECADE, _MONTH, _DAY = (re.compile(each) for each in (r"\d{3}", r"\d{4}-\d{2}", r"\d{4}-\d{2}-\d{2}"))
_COUNTED = {"Q": "quarter", "H": "half", "W": "week"}


@dataclass(frozen=True)
class Wording:
    """Words of the language `lang`, one of those of `texts`."""

    texts: Texts
    lang: str

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(self.lang)

    def say(self, row: Translated, **values: object) -> str:
        """A text with its places filled in."""
        return row[self.lang].format(**values)

    def ui(self, key: str, **values: object) -> str:
        """A text of the interface."""
        return self.say(self.texts.ui[key], **values)

    def type(self, name: str) -> str:
        """The label of a fact type; a type that the table does not know keeps its name."""
        return self.texts.types[name][self.lang] if name in self.texts.types else name

    def number(self, value: Decimal) -> str:
        """A number with all its digits, grouped."""
        return format_decimal(value, format=_NUMBER, locale=self.locale, decimal_quantization=False)

    def figure(self, quantity: Quantity, *, signed: bool = False) -> str:
        """A quantity in words: "plus de 20 000 véhicules par an". `signed` writes a + too."""
        plain = self._amounts(_values(quantity), quantity.unit, signed)
        rated = self._filled(self.texts.rates.get(quantity.per), plain) if quantity.per else plain
        return self._filled(self.texts.qualifiers[quantity.qualifier], rated)

    def fact_figure(self, fact: Fact) -> str:
        """The quantity of a fact, with a sign where its type is a change; empty without one."""
        if fact.quantity is None:
            return ""
        row = load_ontology().types.get(fact.type)
        return self.figure(fact.quantity, signed=bool(row and row.change))

    def period(self, period: Period) -> str:
        """A period in words: "début 2025", "octobre 2024", "T3 2024"."""
        first, _, last = period.value.partition("/")
        words = self._moment(first)
        if last:
            same_year = _MONTH.fullmatch(first) and _MONTH.fullmatch(last) and first[:4] == last[:4]
            start = self._date(f"{first}-01", "MMMM") if same_year else words
            words = self.say(self.texts.periods["span"], first=start, last=self._moment(last))
        if period.mod:
            return self._filled(self.texts.period_mods[period.mod], words)
        if (period.start is None) != (period.end is None):
            return self._filled(self.texts.periods["until" if period.start is None else "since"], words)
        return words

    def published(self, value: str | None) -> str:
        """A publication date in words."""
        return self._moment(value) if value else self.ui("undated")

    def compact(self, value: float) -> str:
        """A short number for an axis: "200 k"."""
        return format_compact_decimal(value, locale=self.locale, fraction_digits=2)

    def month(self, day: dt.date) -> str:
        """Month and year in short, for an axis."""
        return format_date(day, "MMM yy", locale=self.locale)

    def count(self, value: int) -> str:
        """A whole number, grouped."""
        return format_decimal(value, locale=self.locale)

    def share(self, value: float) -> str:
        """A change in percent, with its sign."""
        return format_percent(value, format="+#,##0.#\u202f%;-#,##0.#\u202f%", locale=self.locale)

    def change(self, before: Quantity, after: Quantity) -> str:
        """Two figures of one unit, of which the second replaces the first: the unit is said once."""
        money = load_units().is_currency(before.unit)
        first = self.figure(before) if money else self._joined([self.number(value) for value in _values(before)])
        return self.texts.joined["change"][self.lang].format(first, self.figure(after))

    def unit(self, unit: str, per: str | None) -> str:
        """What figures in a unit count: "véhicules par an"."""
        if load_units().is_currency(unit):
            name = get_currency_name(unit, count=2, locale=self.locale)
        else:
            name = self._amounts([], unit, signed=False).strip()
        return self._filled(self.texts.rates.get(per), name) if per else name

    def party(self, fact: Fact) -> str:
        """Subject and object of a fact, as far as it has them."""
        names = [party.name for party in (fact.subject, fact.object) if party]
        return self.texts.joined["party"][self.lang].format(*names) if len(names) == 2 else "".join(names)

    def basis(self, words: list[str] | None) -> str:
        """The basis of a figure, words that the table does not know as they are."""
        known = self.texts.basis
        return ", ".join(known[word][self.lang] if word in known else word for word in words or ())

    def _amounts(self, values: list[Decimal], unit: str, signed: bool) -> str:
        if load_units().is_currency(unit):
            return self._joined([self._money(value, unit) for value in values])
        numbers = [f"+{self.number(value)}" if signed and value > 0 else self.number(value) for value in values]
        row = self.texts.units.get(unit)
        forms = row[self.lang].split("|") if row else ["{} " + _braced(unit)]
        singular = values and str(self.locale.plural_form(abs(values[-1]))) == "one"
        return (forms[0] if singular else forms[-1]).format(self._joined(numbers))

    def _money(self, value: Decimal, unit: str) -> str:
        if abs(value) >= _COMPACT_FROM and _short(value):
            return format_compact_currency(value, unit, locale=self.locale, fraction_digits=_DIGITS)
        # The currency's own number of decimals where there are any, none where the figure is whole.
        whole = value == value.to_integral_value()
        pattern = str(self.locale.currency_formats["standard"].pattern)
        return format_currency(
            value,
            unit,
            format=pattern.replace("0.00", "0") if whole else pattern,
            locale=self.locale,
            currency_digits=not whole,
            decimal_quantization=whole or value.as_tuple().exponent in (-1, -2),
        )

    def _joined(self, numbers: list[str]) -> str:
        return self.texts.joined["range"][self.lang].format(*numbers) if len(numbers) == 2 else "".join(numbers)

    def _filled(self, row: Translated | None, words: str) -> str:
        return row[self.lang].format(words) if row else words

    def _moment(self, value: str) -> str:
        """A TIMEX3 value without a span; one that no calendar knows stands as it is."""
        if found := _FINE.fullmatch(value):
            year, season, letter, number, weekend = found.groups()
            key = season or ("weekend" if weekend else _COUNTED[letter])
            row = self.texts.periods.get(key)
            return self.say(row, year=year, number=int(number or 0)) if row else value
        if _DECADE.fullmatch(value):
            return self.say(self.texts.periods["decade"], year=int(value) * 10)
        if _MONTH.fullmatch(value):
            return self._date(f"{value}-01", "MMMM y") or value
        return (self._date(value, "long") or value) if _DAY.fullmatch(value) else value

    def _date(self, day: str, form: str) -> str:
        """An ISO day in a form of Babel's; empty for a day that no calendar knows."""
        try:
            return format_date(dt.date.fromisoformat(day), form, locale=self.locale)
        except ValueError:
            return ""


def _values(quantity: Quantity) -> list[Decimal]:
    """The figure, or the two ends of a range."""
    bounds = [each for each in (quantity.low, quantity.high) if each is not None]
    return [quantity.value] if quantity.value is not None else bounds


def _short(value: Decimal) -> bool:
    """Whether three decimals of a thousand, million or milliard hold all of `value`."""
    scale = Decimal(10) ** (value.adjusted() // 3 * 3 - _DIGITS)
    return value == value // scale * scale


def _braced(unit: str) -> str:
    return unit.replace("{", "{{").replace("}", "}}")
