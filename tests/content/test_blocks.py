"""Blocks of a lesson: what authors write becomes HTML that works by keyboard, by ear and on paper."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from lms_toolkit.building import make_shell
from lms_toolkit.courses import load
from lms_toolkit.errors import ContentError
from lms_toolkit.model import RenderedPage
from lms_toolkit.rendering import memory_limit_exceeded, page_document

GLOSSARY = """\
terms:
  - term: "réinsertion"
    text: "Le fait de **reprendre** sa place."
    also: ["réinsérer"]
  - term: "Retour"
    text: "Le fait de rentrer."
"""
CHART = "| Année | Retours | Départs |\n| --- | ---: | ---: |\n| 2019 | 12,5 | 8 |\n| 2020 | 7 | −3 |"
FILM = "::: video Un film\n[Le film](media/film.mp4)\n[Sous-titres](media/film.vtt)\n\n**Amina :** Bonjour.\n:::"
NOTES = "::: reflection mon-projet\nQu’est-ce qui **compte** ?\n:::"
TABS = ":::: tabs\n::: item Un\nPremier texte.\n:::\n::: item Deux\nSecond texte.\n:::\n::::"


@pytest.fixture
def media(draft: Any) -> Any:
    """The draft with a glossary, a film with captions and a file to download."""
    draft.write("fr/glossary.yaml", GLOSSARY)
    draft.write("fr/depart/media/film.mp4", b"film")
    draft.write("fr/depart/media/film.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour\n")
    draft.write("fr/depart/media/fiche.pdf", b"%PDF")
    return draft


def faults(draft: Any) -> list[Any]:
    return [finding for finding in draft.findings() if finding.rule not in ("unused-media", "missing-key")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (TABS, ['<div class="tabs">', '<details name="block-1" open="" class="item">', "<summary>Deux</summary>"]),
        (TABS.replace("tabs", "accordion"), ['<details class="item"><summary>Un</summary>']),
        ("::: steps Comment\n1. Un\n2. Deux\n:::", ['<div class="steps">', "<ol>", "Comment"]),
        ("::: timeline\n1998\n: Départ\n\n2004\n: Retour\n:::", ['<div class="timeline">', "<dt>1998</dt>"]),
        ("::: references\n- Cassarino\n:::", ["Références", "<li>Cassarino</li>"]),
        (
            "::: figure Photo : A. Test\n![Un soleil](media/carte.svg 'Le soleil')\n\nIl est rond.\n:::",
            [
                '<img src="media/carte.svg" alt="Un soleil">',
                'Le soleil · <span class="credit">Photo : A. Test</span>',
                "<summary>Description de l’image</summary>",
                "Il est rond.",
            ],
        ),
        (
            FILM,
            [
                '<video controls="" preload="metadata" src="media/film.mp4">',
                '<track kind="captions" src="media/film.vtt" srclang="fr" label="Sous-titres">',
                "<summary>Transcription</summary>",
            ],
        ),
        (
            f"::: table Retours\n{CHART}\n:::",
            ["<caption><span>Tableau 1</span> Retours</caption>", '<th scope="col">Année</th>'],
        ),
        (
            "::: download\n- [La fiche](media/fiche.pdf)\n:::",
            ['href="media/fiche.pdf"', 'download=""', "À télécharger"],
        ),
        ("::: glossary\n:::", ["<dt>réinsertion</dt><dd>Le fait de <strong>reprendre</strong> sa place.</dd>"]),
        (
            "Une [Réinsertion]{.term}, ou [des retours]{.term term=retour}.",
            [
                '<button type="button" class="term" popovertarget="term-1">Réinsertion</button>',
                '<span class="explanation" popover="" id="term-2"><strong>Retour</strong> Le fait de rentrer.</span>',
            ],
        ),
    ],
)
def test_a_block_becomes_its_html_and_check_finds_it_sound(media: Any, text: str, parts: list[str]) -> None:
    media.lesson(text)
    assert [str(finding) for finding in faults(media)] == []
    for part in parts:
        assert part in media.html


def test_a_chart_is_a_drawing_with_a_name_and_its_table_below(media: Any) -> None:
    html = media.lesson(f"::: chart bar Retours et départs\n{CHART}\n:::").html
    label = "Retours et départs – les données se trouvent sous le graphique"
    assert f'<svg role="img" aria-label="{label}" viewBox="0 0 640 360"' in html
    assert html.count('<rect class="series-1"') == 3  # two bars and the key
    assert ">12,5</text>" in html
    assert "<summary>Les données</summary>" in html
    assert re.search(r'<th[^>]* scope="col"[^>]*>Départs</th>|<th scope="col"[^>]*>Départs</th>', html)
    assert "style=" not in html


def test_bars_begin_at_zero_and_go_down_for_what_is_below_it(media: Any) -> None:
    html = media.lesson(f"::: chart bar Titre\n{CHART}\n:::").html
    zero = float(re.search(r'<line class="axis"[^>]* y1="([\d.]+)"', html)[1])  # type: ignore[index]
    bars = [
        tuple(map(float, found))
        for found in re.findall(r'series-\d" x="[\d.]+" y="([\d.]+)" width="[^1][\d.]+" height="([\d.]+)"', html)
    ]
    above, below = bars[:3], bars[3:]
    assert [round(y + height) for y, height in above] == [round(zero)] * 3
    assert [round(y) for y, _ in below] == [round(zero)]
    heights = [height for _, height in bars]
    assert heights[0] / heights[1] == pytest.approx(12.5 / 7, rel=0.01)


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (TABS.replace("::: item Deux\nSecond texte.\n:::\n", ""), "block-content", "needs two items or more"),
        (TABS.replace("::::", "Texte.\n::::", 2)[6:], "block-content", "nothing beside them"),
        ("::: item Seul\nTexte.\n:::", "block-content", "an 'item' stands alone"),
        ("::: steps\nDu texte.\n:::", "block-content", "the block 'steps' holds one list"),
        ("::: timeline\n1. Un\n:::", "block-content", "the block 'timeline' holds one list"),
        ("::: figure Crédit\nDu texte.\n:::", "block-content", "begins with one picture"),
        (FILM.replace("[Sous-titres](media/film.vtt)\n", ""), "block-content", "has no captions"),
        (FILM.replace("\n\n**Amina :** Bonjour.", ""), "block-content", "has no transcript"),
        (FILM.replace("film.mp4", "film.avi"), "block-content", "begins with a link to one .mp4 or .webm file"),
        ("::: table\n| a |\n| - |\n| b |\n:::", "block-content", "needs a caption and one table"),
        ("::: chart pie Titre\n| a | b |\n| - | - |\n:::", "block-content", "needs a kind and a title"),
        (f"::: chart bar Titre\n{CHART.replace('12,5', 'douze')}\n:::", "block-content", "has 'douze' where a number"),
        (f"::: chart bar Titre\n{CHART}\n\nTexte.\n:::", "block-content", "holds one table and nothing else"),
        ("::: reflection Mon Projet\nTexte.\n:::", "block-content", "needs a name of its own"),
        (f"{NOTES}\n\n{NOTES}", "block-content", "needs a name of its own on the page"),
        ("::: reflection vide\n:::", "block-content", "asks nothing"),
        ("::: download\nRien.\n:::", "block-content", "links no file"),
        ("::: download\n[Site](https://example.org/a.pdf)\n:::", "block-content", "is no file of this module"),
        ("::: glossary\nTexte.\n:::", "block-content", "holds no text"),
        ("Un [mot]{.term}.", "unknown-term", "the glossary does not explain 'mot'"),
    ],
)
def test_a_block_that_lacks_something_is_told_by_check_and_refused_by_build(
    media: Any, text: str, rule: str, words: str
) -> None:
    media.lesson(f"Un.\n\n{text}")
    told = [finding for finding in faults(media) if finding.rule == rule]
    assert [words in str(finding) for finding in told] == [True], [str(finding) for finding in faults(media)]
    assert told[0].hint and told[0].line >= 7
    with pytest.raises(ContentError, match=r"page\.md:\d+: "):
        media.rendered()


def test_every_faulty_block_of_a_lesson_is_told_at_its_line(media: Any) -> None:
    media.lesson("Un [mot]{.term}.\n\n::: download\nRien.\n:::\n\n::: steps\nRien.\n:::")
    found = [(finding.rule, finding.line) for finding in faults(media)]
    assert found == [("unknown-term", 5), ("block-content", 7), ("block-content", 11)]


def test_captions_that_are_no_webvtt_are_told(media: Any) -> None:
    media.write("fr/depart/media/film.vtt", "1\n00:00:00,000 --> 00:00:02,000\nBonjour\n")
    media.lesson(FILM)
    (finding,) = media.findings("captions")
    assert "media/film.vtt is no WebVTT file" in str(finding)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('also: ["réinsérer"]', 'also: ["retour"]', "Retour is explained twice (first in line 2)"),
        ('text: "Le fait de rentrer."', "texte: a", "did you mean text?"),
        ("terms:", "mots:", "mots is unknown"),
    ],
)
def test_a_fault_of_the_glossary_is_told_with_its_line(media: Any, old: str, new: str, words: str) -> None:
    media.write("fr/glossary.yaml", GLOSSARY.replace(old, new))
    told = [str(finding) for finding in media.findings() if "glossary.yaml" in finding.where]
    assert any(words in text for text in told), told


def test_a_glossary_is_no_stray_file_and_is_sorted(media: Any) -> None:
    assert media.findings("unlisted-file") == []
    assert [term.term for term in load(media.folder).glossary["fr"]] == ["réinsertion", "Retour"]


class _Handlers(HTMLParser):
    """Finds what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in ("script", "style", "iframe") else []
        self.found += [name for name, _ in attrs if name.startswith("on") or name == "style"]


def test_hostile_text_in_blocks_stays_text(media: Any) -> None:
    bad = '<script>x()</script>" onload="x()'
    media.write("fr/glossary.yaml", f"terms:\n  - term: mot\n    text: '{bad}'\n")
    table = CHART.replace("2019", bad.replace("|", ""))
    media.lesson(f"Un [mot]{{.term}}.\n\n::: chart line {bad}\n{table}\n:::\n\n::: glossary {bad}\n:::")
    reader = _Handlers()
    reader.feed(media.html)
    assert reader.found == []
    assert media.html.count("script&gt;x()") >= 4


def test_notes_count_in_the_saved_state() -> None:
    def page(boxes: int) -> RenderedPage:
        html = "".join(f'<div data-reflection="boite-{number}"></div>' for number in range(boxes))
        return RenderedPage("page", "lesson", "Page", html, 1)

    assert memory_limit_exceeded(page(3), 4096) is None
    assert "keeps 4096, notes included" in str(memory_limit_exceeded(page(5), 4096))


def test_a_box_is_labelled_and_has_a_limit(media: Any) -> None:
    rendered = media.lesson(NOTES).rendered()
    html = page_document(rendered, rendered.pages[0], make_shell(media.folder / "none")).decode()
    assert 'maxlength="500"' in html
    assert "data-reflection" not in html


@pytest.mark.browser
def test_notes_are_saved_and_there_again_after_a_break(media: Any, read: Any) -> None:
    reader = read(media.lesson(NOTES))
    sco = reader.open("lesson-page.html")
    text = 'Ma "liberté",\nmes amis \\ ma famille'
    sco.get_by_label("Vos notes").fill(text)
    reader.leave()
    assert text in json.loads(reader.kept("cmi.suspend_data"))["a"].values()
    sco = reader.open("lesson-page.html")
    assert sco.get_by_label("Vos notes").input_value() == text
    assert reader.kept("cmi.core.score.raw") == ""


@pytest.mark.browser
def test_a_term_is_explained_beside_it_by_keyboard_and_escape_closes_it(media: Any, read: Any) -> None:
    reader = read(media.lesson("Une [réinsertion]{.term}."))
    sco = reader.open("lesson-page.html")
    word, box = sco.get_by_role("button", name="réinsertion"), sco.locator(".explanation")
    assert not box.is_visible()
    word.focus()
    reader.press("Enter")
    assert box.inner_text().split("\n")[-1] == "Le fait de reprendre sa place."
    gap = box.bounding_box()["y"] - word.bounding_box()["y"]
    assert 0 < gap < 60
    reader.press("Escape")
    assert not box.is_visible()


@pytest.mark.browser
def test_one_tab_is_open_at_a_time(media: Any, read: Any) -> None:
    reader = read(media.lesson(TABS))
    sco = reader.open("lesson-page.html")
    assert sco.get_by_text("Premier texte.").is_visible()
    sco.locator("summary", has_text="Deux").focus()
    reader.press("Enter")
    assert sco.get_by_text("Second texte.").is_visible()
    assert not sco.get_by_text("Premier texte.").is_visible()


@pytest.mark.browser
def test_everything_is_open_on_paper_and_as_before_after_it(media: Any, read: Any) -> None:
    reader = read(media.lesson(TABS))
    sco = reader.open("lesson-page.html")
    count = "() => document.querySelectorAll('main details[open]').length"
    sco.locator("html").evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert sco.locator("html").evaluate(count) == 2
    sco.locator("html").evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert sco.locator("html").evaluate(count) == 1
