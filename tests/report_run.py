"""A small run on disk for the tests of the report: articles, facts whose evidence stands in them, an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from short_facts import fact

EVIL = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
BIDI = "\u202e\u2066"
TEXTS = {
    "2024-xiaomi": "Xiaomi accélère\n\n😀 Xiaomi a livré 20 000 voitures en octobre 2024. Il vise 120 000 voitures"
    " en 2024, au lieu de 100 000.\n\nLa SU7 démarre à 215 900 yuans.",
    "2025-evil": f"Titre {EVIL} <!-- & \u2028 {BIDI}\n\nL'usine de {EVIL} peut produire 300 000 voitures par an.",
    "2025-empty": "Rien à dire.",
}
SALE = {"type": "deliveries", "subject": "company:Xiaomi"}
FACTS: tuple[dict[str, Any], ...] = (
    {**SALE, "value": 20000, "period": "2024-10", "quote": "Xiaomi a livré 20 000 voitures en octobre 2024."},
    {**SALE, "value": 120000, "period": "2024", "previous": [100000], "modality": "planned"}
    | {"quote": "Il vise 120 000"},
    {**SALE, "value": 75000, "period": "2024-01/2024-10", "quote": "Xiaomi a livré"},
    {"type": "price", "subject": "model:Xiaomi SU7", "value": 215900, "unit": "CNY", "quote": "La SU7 démarre"},
    {"type": "price", "subject": "model:Xiaomi SU7", "value": 299900, "unit": "CNY", "quote": "La SU7"},
    {"type": "price", "subject": "model:Xiaomi YU7", "value": 253500, "unit": "CNY", "quote": "La SU7 démarre à"},
    {
        "type": "production_capacity",
        "subject": f"company:{EVIL}",
        "value": 300000,
        "per": "P1Y",
        "place": f"{EVIL}{BIDI}",
        "basis": ["constructor", EVIL],
        "quote": "peut produire 300 000 voitures par an.",
    },
    {"type": "production_capacity", "subject": "company:B", "value": 9, "place": "Lyon", "quote": "L'usine"},
    {"type": "production_capacity", "subject": "company:B", "value": 10, "place": "Metz", "quote": "L'usine de"},
    {"type": "launch", "subject": f"brand:{BIDI}", "source": EVIL, "quote": EVIL},
)


def put_run(folder: Path) -> Path:
    """Write the run and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, short in enumerate(FACTS):
        key = next(name for name, text in TEXTS.items() if short["quote"] in text)
        start = TEXTS[key].index(short["quote"])
        evidence = [{"start": start, "end": start + len(short["quote"]), "text": short["quote"]}]
        # The surest first.
        given = {**short, "evidence": evidence, "confidence": 0.95 - number / 100}
        lines.append(fact(given, key, number).model_dump_json())
    articles = [
        {"id": key, "path": f"{key}.txt", "lang": "fr", "published": key[:4], "title": key, "text": text, "counts": {}}
        for key, text in TEXTS.items()
    ]
    error = {"path": f"{EVIL}.txt", "reason": "empty", "message": f"{EVIL}{BIDI}"}
    put_lines(folder / "facts.jsonl", lines)
    put_lines(folder / "articles.jsonl", [json.dumps(article) for article in articles])
    put_lines(folder / "errors.jsonl", [json.dumps(error)])
    return folder


def put_lines(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
