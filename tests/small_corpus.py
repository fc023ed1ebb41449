"""Corpora of one or a few articles, written by hand into a folder."""

from __future__ import annotations

from pathlib import Path

HEAD = {
    "title": "BYD accélère en Belgique",
    "published": "2024-10-12",
    "lang": "fr",
    "kind": "market",
    "modelled_on": "https://www.auto.example/byd",
}
BODY = """Le constructeur BYD a livré plus de 4 200 voitures en Belgique en septembre, contre 2 100 un an plus tôt.

Son usine de Szeged ouvrira en 2026

La BYD Seal y coûte 44 990 euros, selon L'Écho, et reçoit une garantie de 8 ans."""
ANNOTATION = """facts:
  - quote: plus de 4 200 voitures
    type: deliveries
    subject: {company: BYD}
    value: 4200
    unit: vehicle
    qualifier: more_than
    period: 2024-09
    place: Belgique
    previous: {value: 2100, unit: vehicle}
  - quote: usine de Szeged ouvrira
    type: plant_opening
    subject: {company: BYD}
    period: 2026
    modality: planned
    place: Szeged
  - quote: 44 990 euros
    type: price
    subject: {model: BYD Seal}
    value: 44990
    unit: EUR
    place: Belgique
    source: L'Écho
entities:
  ORG: [BYD, L'Écho]
  MODEL: [BYD Seal]
  PERSON: []
  PLACE: [Belgique, Szeged]
dates:
  - {text: septembre, value: 2024-09}
  - {text: un an plus tôt, value: 2023-09}
  - {text: '2026', value: 2026}
ignored:
  - {quote: 8 ans, why: guarantee}
"""


def put_article(corpus: Path, name: str, body: str = BODY, **head: str | None) -> None:
    """Write articles/NAME.md; keys of the head are replaced, or left out where None."""
    lines = [f'{key}: "{value}"\n' for key, value in {**HEAD, **head}.items() if value is not None]
    path = corpus / "articles" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{''.join(lines)}---\n{body}\n", encoding="utf-8")


def put_annotation(corpus: Path, name: str, source: str = ANNOTATION) -> None:
    """Write annotations/NAME.yaml."""
    path = corpus / "annotations" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


def put_splits(corpus: Path, **names: list[str]) -> None:
    """Write splits.toml without digests."""
    rows = [f"{split} = {names.get(split, [])}\n" for split in ("train", "dev", "test")]
    (corpus / "splits.toml").write_text(f"# fixed\n[splits]\n{''.join(rows)}", encoding="utf-8")
