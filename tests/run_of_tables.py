"""The run that the tests of tables read: what is hard for one format or another."""

from small_run import article, fact

RENAULT = "Renault a livré 20 000 Renault 5 fin 2024, a dit le groupe."
RUN = [
    article(
        "a",
        "2024-10-03",
        fact(
            RENAULT,
            "deliveries",
            "brand:Renault",
            "more_than 20000 vehicle",
            object="model:Renault 5",
            period="2024-09",
            source="Renault",
            previous="18500.5 vehicle",
            place="France:FR",
            spans={"subject": "Renault", "quantity": "20 000", "object": "Renault 5"},
        ),
        fact(
            '« Le SU7 Ultra, "vendu" 215 900 yuans (27 500 euros) ; il démarre à -2,4 % »',
            "price",
            "model:Xiaomi SU7 Ultra",
            "at_least 215900 CNY",
            converted="27500 EUR",
            basis=["after_subsidy", 'batterie 58 kWh; "été"'],
        ),
    ),
    article(
        "dossier/b, suite",
        "2024",
        fact("=cmd|' /C calc'!A0", "growth", "market:=SUM(A1:A9)", "-33.333333333333336 %", metric="sales"),
        fact("Entre 25 000 et 30 000 €\r\nselon\u2028eux", "price", "model:MG4", "25000..30000 EUR", confidence=0.5),
        fact(
            "Un lancement en 2025 ?",
            "launch",
            "company:Xiaomi",
            object="model:Xiaomi YU7",
            period="2025",
            mod="START",
            modality="speculated",
        ),
        fact("Pas de perte de 10 milliards.", "profit", "company:PSA", "-10000000000 EUR", polarity="negative"),
        fact("Il produira 200 000 voitures par an.", "production_capacity", "company:PSA", "200000 vehicle@P1Y"),
        fact("Sans base.", "range", "model:MG4", "450 km", basis=[]),
    ),
    article("vide", None, text="Rien à dire."),
]
