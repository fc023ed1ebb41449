"""A run with an answer for each view, and these answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from small_run import article, fact

CAR, YEAR = "brand:Renault", "2024"
RUN = [
    article(
        "a",
        "2024-02-01",
        fact("1", "sales", CAR, "20000 vehicle", object="model:Renault 5", period="2024-01", place="France:FR"),
        fact("2", "sales", "model:Renault 5", "about 20100 vehicle", period="2024-01", place="France:FR"),
        fact("3", "deliveries", "company:Tesla", "500 vehicle", period="2024-Q1"),
        fact("4", "deliveries", "company:Tesla", "1000 vehicle", period=YEAR, modality="planned"),
        fact("5", "price", "model:MG4", "28990.5 EUR", basis=["after_subsidy"]),
        fact("6", "price", "company:Tesla", "1 EUR"),
    ),
    article(
        "b",
        "2024-06",
        fact("7", "sales", CAR, "20000 vehicle", object="model:Renault 5", period="2024-01", place="France:FR"),
        fact("8", "deliveries", "company:Tesla", "1200 vehicle", period=YEAR, modality="planned"),
        fact("9", "sales", CAR, "7 vehicle", period="2024-01", modality="forecast"),
        fact("10", "price", "model:MG4", "25000..30000 EUR", polarity="negative"),
    ),
    article("c", "2025-01", fact("11", "deliveries", "company:Tesla", "1150 vehicle", period=YEAR)),
]
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "SELECT maker, month, type, model, place, lowest, highest, articles FROM deliveries_by_month": [
        ("Renault", "2024-01", "sales", "Renault 5", "France", 20000, 20100, 2)
    ],
    "SELECT model, brand, price, currency, published FROM prices_by_model": [
        ("MG4", "MG", Decimal("28990.5"), "EUR", "2024-02-01")
    ],
    "SELECT subject, period, target, actual, difference FROM targets_and_actuals ORDER BY target": [
        ("Tesla", "2024", 1000, 1150, 150),
        ("Tesla", "2024", 1200, 1150, -50),
    ],
    "SELECT subject, period, value_before, value, change, published_before, published FROM forecast_revisions": [
        ("Tesla", "2024", 1000, 1200, 200, "2024-02-01", "2024-06")
    ],
}
