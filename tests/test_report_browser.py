"""The report in a Chromium: searched, opened, by keyboard, on a phone, in both languages, with hostile input."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from report_run import EVIL, TEXTS, put_lines, put_run

from pipeline.report import ReportOptions, write_report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as engine:
        own = Path(engine.chromium.executable_path)
        found = next((path for name in NAMES if (path := shutil.which(name))), str(own) if own.exists() else None)
        if found is None:
            pytest.skip("no Chromium on this machine (apt-get install chromium, or: playwright install chromium)")
        running = engine.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    run = put_run(tmp_path_factory.mktemp("report"))
    write_report(run, run / "report.html", ReportOptions(lang="en"))
    return (run / "report.html").as_uri()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that fails the test on any error, message of the console, or request beyond the file itself."""
    heard: list[str] = []
    settings: dict[str, Any] = getattr(request, "param", {})
    made = browser.new_page(**{"viewport": {"width": 1280, "height": 800}, **settings})
    made.on("console", lambda message: heard.append(message.text))
    made.on("pageerror", lambda error: heard.append(str(error)))
    made.on("dialog", lambda dialog: heard.append(dialog.message))
    made.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith(("file:", "data:")) else None)
    yield made
    made.close()
    assert heard == []


def shown(page: Page) -> list[str]:
    return [text.replace("\u202f", " ") for text in page.locator(".fact .figure").all_inner_texts()]


def count(page: Page) -> str:
    return page.inner_text("#count")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.fact ?? document.activeElement.id"))


def test_search_and_filters(page: Page, address: str) -> None:
    page.goto(address)
    assert count(page) == "1–10 of 10 facts"
    page.fill("[name=words]", "LIVRÉ octobre")  # accents and case do not matter, all words must be there
    assert count(page) == "1–2 of 2 facts (10 in all)"
    page.fill("[name=words]", "livraisons xiaomi")  # the type by its name in the other language
    assert count(page) == "1–3 of 3 facts (10 in all)"
    page.click("[type=reset]")
    page.fill("[name=party]", "xiaomi")  # a name as a whole, once it is one
    assert count(page) == "1–3 of 3 facts (10 in all)"
    page.fill("[name=party]", "xiaom")
    assert count(page) == "1–6 of 6 facts (10 in all)"
    page.select_option("[name=type]", "price")
    assert shown(page) == ["CN¥215,900", "CN¥299,900", "CN¥253,500"]
    page.click("[type=reset]")
    page.select_option("[name=modality]", "planned")
    assert shown(page) == ["120,000 vehicles"]
    page.click("[type=reset]")
    page.fill("[name=from]", "2024-11-01")
    assert shown(page) == ["120,000 vehicles"]
    page.fill("[name=from]", "")
    page.fill("[name=until]", "2024-09-30")
    assert shown(page) == ["120,000 vehicles", "75,000 vehicles"]
    page.click("[type=reset]")
    page.fill("[name=confidence]", "0.95")
    assert shown(page) == ["20,000 vehicles"]
    page.fill("[name=words]", "nothing has this")
    assert page.is_visible("#none")


def test_the_list_is_sorted(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("[name=party]", "xiaomi")
    page.select_option("[name=sort]", "sort_confidence")
    assert shown(page) == ["20,000 vehicles", "120,000 vehicles", "75,000 vehicles"]
    page.select_option("[name=sort]", "sort_period")
    assert shown(page)[0] == "120,000 vehicles"


def test_a_fact_opens_its_article_with_the_evidence_marked(page: Page, address: str) -> None:
    page.goto(f"{address}#words=vise")
    page.click(".fact")
    assert page.inner_text("#opened-title") == "2024-xiaomi"
    assert page.evaluate("document.getElementById('text').textContent") == TEXTS["2024-xiaomi"]
    assert page.locator("#text mark.evidence").all_inner_texts() == ["Il vise 120 000"]
    assert "Before\n100,000 vehicles" in page.inner_text("#slots").replace("\n\n", "\n")
    assert page.locator("#others button").count() == 6
    page.locator("#others button").nth(0).click()
    assert page.locator("#text mark.evidence").all_inner_texts() == ["Xiaomi a livré 20 000 voitures en octobre 2024."]


def test_hostile_input_is_text(page: Page, address: str) -> None:
    page.goto(address)
    for number in (6, 9):
        page.goto(f"{address}#fact=f:{number:016x}")
        page.wait_for_selector("dialog[open]")
        assert EVIL in page.inner_text("#text")
    assert page.title() == "Extracted facts"
    page.goto(f"{address}#fact=f:{6:016x}")
    assert f"constructor, {EVIL}" in page.inner_text("#slots")
    page.keyboard.press("Escape")
    for view in ("charts", "about"):
        page.click(f"#tab-{view}")
        assert EVIL in page.locator(f"#view-{view}").evaluate("node => node.textContent")
    assert page.locator("img").count() == 0


def test_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = focused(page)
    assert first.startswith("f:")
    for key, at in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", 9), ("Home", 0)):
        page.keyboard.press(key)
        assert focused(page) == page.locator(".fact").nth(at).get_attribute("data-fact")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "3px"
    page.keyboard.press("Enter")
    assert focused(page) == "opened-title"
    page.keyboard.press("ArrowRight")
    second = page.locator(".fact").nth(1).get_attribute("data-fact")
    assert f"fact={second}".replace(":", "%3A") in page.url
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    # The browser gives the focus back in a task of its own.
    page.wait_for_function("fact => document.activeElement.dataset.fact === fact", arg=second)
    page.focus("#tab-facts")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "tab-charts"
    assert page.is_visible("#view-charts")
    assert not page.is_visible("#view-facts")


def test_skipping_to_the_list_keeps_what_is_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}#party=Xiaomi")
    page.focus(".skip")
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#party')")
    assert count(page) == "1–3 of 3 facts (10 in all)"


def test_every_control_has_a_name(page: Page, address: str) -> None:
    page.goto(address)
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, select, button')].filter(node => !(node.labels?.length"
        " || node.getAttribute('aria-label') || node.textContent.trim() || node.id.startsWith('opened'))).length"
    )
    assert unnamed == 0


def test_the_language_changes_everywhere_and_is_remembered(page: Page, address: str) -> None:
    page.goto(f"{address}#party=Xiaomi")
    page.click("[data-to=fr]")
    assert count(page) == "1–3 sur 3 faits (10 en tout)"
    assert page.get_attribute("html", "lang") == "fr"
    assert page.get_attribute("[name=words]", "placeholder") == "nom, mot de la phrase, titre…"
    assert shown(page)[0].replace("\xa0", " ") == "20 000 véhicules"
    page.click("#tab-charts")
    assert page.is_visible("text=Prix par modèle")
    assert not page.is_visible("text=Prices by model")
    page.reload()
    assert page.is_visible("text=Prix par modèle")
    assert page.input_value("[name=party]") == "Xiaomi"


def test_a_long_list_comes_in_pages(browser: Browser, tmp_path: Path) -> None:
    run = put_run(tmp_path)
    lines = (run / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    many = [lines[0].replace("f:0000000000000000", f"f:{number:016x}") for number in range(120)]
    put_lines(run / "facts.jsonl", many)
    write_report(run, run / "report.html", ReportOptions(lang="en"))
    page = browser.new_page()
    page.goto((run / "report.html").as_uri())
    assert count(page) == "1–50 of 120 facts"
    page.locator(".fact").last.focus()
    page.keyboard.press("ArrowDown")
    assert count(page) == "51–100 of 120 facts"
    assert focused(page) == f"f:{50:016x}"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")  # to the fact before, on the page before
    page.keyboard.press("Escape")
    assert count(page) == "1–50 of 120 facts"
    assert focused(page) == f"f:{49:016x}"
    page.locator("[data-turn='1']").last.click()
    page.locator("[data-turn='1']").last.click()
    assert count(page) == "101–120 of 120 facts"
    assert page.locator("[data-turn='1']").last.is_disabled()
    page.close()


def test_a_chart_leads_to_its_article(page: Page, address: str) -> None:
    page.goto(f"{address}#view=charts")
    page.locator("#chart-deliveries-en svg a").first.click()
    assert page.inner_text("#opened-title") == "2024-xiaomi"
    page.keyboard.press("Escape")
    page.locator("#chart-prices-en summary").click()
    page.locator("#chart-prices-en tbody a").first.click()
    assert page.is_visible("dialog[open]")
    assert page.is_visible("#view-charts")


@pytest.mark.parametrize("page", [{"viewport": {"width": 375, "height": 700}, "has_touch": True}], indirect=True)
def test_a_phone_needs_no_scrolling_sideways(page: Page, address: str) -> None:
    page.goto(address)
    assert not page.is_visible("[name=party]")  # the filters are folded away
    for view in ("facts", "charts", "about"):
        page.click(f"#tab-{view}")
        assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.goto(f"{address}#fact=f:{6:016x}")
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.querySelector('.columns').scrollWidth") <= 375


@pytest.mark.parametrize("page", [{"color_scheme": "dark", "reduced_motion": "reduce"}], indirect=True)
def test_the_wishes_of_the_system_are_followed(page: Page, address: str) -> None:
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_all_that_fits_is_printed(page: Page, address: str) -> None:
    page.goto(f"{address}#party=Xiaomi")
    page.emulate_media(media="print")
    assert not page.is_visible("#filters")
    assert page.is_visible(".fact")
    assert page.inner_text("#count") == "1–3 of 3 facts (10 in all)"
    assert page.pdf().startswith(b"%PDF")
