"""What an author writes becomes harmless, accessible HTML, and what is wrong is found with its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit import hookimpl
from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError, PluginError
from lms_toolkit.model import Option, Question, RenderedModule
from lms_toolkit.rendering import page_document, render_module, wording
from lms_toolkit.rendering.questions import question_view


@pytest.fixture
def render(workshop: Any) -> Callable[..., RenderedModule]:
    def render(text: str = "Texte.", **changes: Any) -> RenderedModule:
        course = workshop.course(texts={"bienvenue": ("Bienvenue", text)}, **changes)
        return render_module(course, course.modules[0], "fr", workshop.plugins)

    return render


@pytest.fixture
def lesson_html(render: Callable[..., RenderedModule]) -> Callable[..., str]:
    return lambda text, **changes: render(text, **changes).pages[0].html


def test_a_block_has_a_label_in_the_language_of_the_course(lesson_html: Callable[..., str]) -> None:
    html = lesson_html("::: case Le retour de **Samia**\nUn récit.\n:::")
    assert '<section class="block block-case" aria-labelledby="block-1">' in html
    assert "Étude de cas" in html
    assert "<strong>Samia</strong>" in html


def test_a_note_is_a_note_and_no_landmark(lesson_html: Callable[..., str]) -> None:
    assert '<aside class="block block-note" role="note"' in lesson_html("::: note\nTexte.\n:::")


def test_a_picture_alone_becomes_a_figure_with_its_caption(lesson_html: Callable[..., str]) -> None:
    html = lesson_html('![Deux cercles](media/cycle.svg "Le « cycle » & la suite")')
    assert '<figure><img src="media/cycle.svg" alt="Deux cercles">' in html
    assert "<figcaption>Le « cycle » &amp; la suite</figcaption></figure>" in html


def test_a_picture_inside_a_sentence_stays_there(lesson_html: Callable[..., str]) -> None:
    assert "<figure" not in lesson_html("Voir ![cercle](media/cycle.svg) ici.")


def test_headings_are_named_by_their_text_and_start_at_the_second_level(lesson_html: Callable[..., str]) -> None:
    html = lesson_html("# À l’étape\n\n## À l’étape\n\n## المغرب\n\n# Fin")
    assert re.findall(r'<h2 id="([^"]+)">', html) == ["s-a-letape", "s-a-letape-2", "s-section", "s-fin"]
    assert html.count("</h2>") == 4


def test_a_table_can_be_scrolled_by_keyboard_and_names_its_columns(lesson_html: Callable[..., str]) -> None:
    html = lesson_html("| A | B |\n| --- | ---: |\n| 1 | 2 |")
    assert '<div class="table-wrap" role="region" aria-label="Tableau 1" tabindex="0">' in html
    assert '<th scope="col">A</th>' in html
    assert 'class="align-right"' in html
    assert "style=" not in html


def test_a_footnote_leads_back_to_the_text_in_the_courses_language(lesson_html: Callable[..., str]) -> None:
    assert 'aria-label="Retour au texte"' in lesson_html("Texte[^1].\n\n[^1]: Note.")


def test_a_phrase_in_another_language_can_be_marked(lesson_html: Callable[..., str]) -> None:
    assert '<span lang="ar" dir="rtl">العودة</span>' in lesson_html("Le mot [العودة]{lang=ar dir=rtl}.")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[lien](javascript:alert(1))",
        "[lien](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="javascript:alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "::: note <script>alert(1)</script>\nTexte.\n:::",
        '![a](media/cycle.svg "<script>alert(1)</script>")',
    ],
)
def test_markup_that_could_run_is_shown_or_dropped_but_never_kept(lesson_html: Callable[..., str], text: str) -> None:
    assert not _dangers(lesson_html(text))


class _DangerReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "svg", "style"):
            self.dangers.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (value or "").lower().startswith(("javascript:", "data:")):
                self.dangers.append(f"{tag} {name}")


def _dangers(html: str) -> list[str]:
    reader = _DangerReader()
    reader.feed(html)
    reader.close()
    return reader.dangers


def test_html_of_a_plugin_is_sanitised_too(workshop: Any, make_plugins: Callable[..., Any]) -> None:
    class Hostile:
        @hookimpl
        def lms_render_lesson(self, course: Any, lesson: Any, language: str) -> str:
            return '<p onclick="x()" id="lms-data">Bonjour<script>x()</script></p><img src="media/cycle.svg" alt="">'

    course = workshop.course()
    rendered = render_module(course, course.modules[0], "fr", make_plugins(Hostile()))
    assert rendered.pages[0].html == '<p>Bonjour</p><img src="media/cycle.svg" alt="">'
    assert [file.name for file in rendered.media] == ["media/cycle.svg"]


def test_a_plugin_that_fails_is_named(workshop: Any, make_plugins: Callable[..., Any]) -> None:
    class Broken:
        @hookimpl
        def lms_render_lesson(self, course: Any, lesson: Any, language: str) -> str:
            raise KeyError("colour")

    course = workshop.course()
    with pytest.raises(PluginError, match=r"\.md: plugin more-0: lms_render_lesson: KeyError"):
        render_module(course, course.modules[0], "fr", make_plugins(Broken()))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Un.\n\n::: self-check nulle-part\n:::", 7, "there is no self-check 'nulle-part'"),
        ("Un.\n\nDeux.\n\n![a](media/absente.svg)", 9, "the file media/absente.svg does not exist"),
        ("![a](../../../secret.svg)", 5, "is outside the module's folder"),
        ("![a](https://example.org/a.svg)", 5, "is not a file of this module"),
        ("![a](media/é.svg)", 5, "has a name that some platforms cannot serve"),
        ("Un.\n\n[suite](cas.md)", 7, "lessons cannot link to one another"),
        ("Un.\n\n::: remarque\nTexte.\n:::", 7, "there is no block named 'remarque'"),
        ("Un.\n\n::: note\nTexte.", 7, "the block 'note' is never closed"),
        ("Un.\n\n:::", 7, "closes nothing"),
        ("::: self-check capitale\nDu texte.\n:::", 5, "a self-check holds no text"),
    ],
)
def test_a_fault_is_reported_with_file_and_line(
    render: Callable[..., RenderedModule], text: str, line: int, words: str
) -> None:
    with pytest.raises(ContentError) as caught:
        render(text)
    assert words in str(caught.value)
    assert f"bienvenue.md:{line}: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_fault_of_a_module_is_reported_at_once(render: Callable[..., RenderedModule]) -> None:
    with pytest.raises(ContentError) as caught:
        render("![a](media/x.svg)\n\n![b](media/y.svg)\n\n::: self-check z\n:::")
    assert sorted(finding.rule for finding in caught.value.findings) == [
        "missing-media",
        "missing-media",
        "missing-question",
    ]


def test_a_self_check_used_twice_on_a_page_is_refused(workshop: Any, render: Callable[..., RenderedModule]) -> None:
    rendered = render("::: self-check capitale\n:::\n\n::: self-check capitale\n:::")
    with pytest.raises(ContentError, match="'capitale' is there twice"):
        page_document(rendered, rendered.pages[0], workshop.shell)


def test_a_self_check_that_a_plugin_wrote_wrongly_is_refused(workshop: Any, make_plugins: Callable[..., Any]) -> None:
    class Careless:
        @hookimpl
        def lms_render_lesson(self, course: Any, lesson: Any, language: str) -> str:
            return '<div data-self-check="capitale">Ici</div>'

    course = workshop.course()
    rendered = render_module(course, course.modules[0], "fr", make_plugins(Careless()))
    with pytest.raises(ContentError, match="write an empty <div"):
        page_document(rendered, rendered.pages[0], workshop.shell)


def test_only_media_that_are_used_go_into_the_package(workshop: Any, render: Callable[..., RenderedModule]) -> None:
    (workshop.course().modules[0].content["fr"].folder / "media" / "unused.svg").write_text("<svg/>")
    rendered = render("![a](media/cycle.svg)\n\n[fiche](media/cycle.svg#haut)")
    assert [file.name for file in rendered.media] == ["media/cycle.svg"]


def _data(workshop: Any, rendered: RenderedModule, number: int) -> dict[str, Any]:
    html = page_document(rendered, rendered.pages[number], workshop.shell).decode()
    match = re.search(r'<script type="application/json" id="lms-data">(.*?)</script>', html, re.DOTALL)
    assert match
    data: dict[str, Any] = json.loads(match[1])
    return data


def test_keys_that_look_like_tags_stay_inside_their_script(
    workshop: Any, render: Callable[..., RenderedModule]
) -> None:
    hostile = "</script><script>alert(1)</script> ]]> \" ' 🧭 \u2028 العودة"
    question = Question("q", "fill-in", hostile, answers=(hostile,), feedback=hostile)
    rendered = render(quiz=(question,))
    data = _data(workshop, rendered, 1)
    assert data["questions"][0]["key"] == [hostile]
    assert "<script" not in data["questions"][0]["feedback"]
    page = page_document(rendered, rendered.pages[1], workshop.shell).decode()
    assert page.count("<script") == 2  # the runtime and the data


def test_titles_with_markup_are_shown_as_written(workshop: Any) -> None:
    course = workshop.course(texts={"bienvenue": ("Un <b>titre</b> & \"deux\" 'trois'", "Texte.")})
    rendered = render_module(course, course.modules[0], "fr", workshop.plugins)
    page = page_document(rendered, rendered.pages[0], workshop.shell).decode()
    assert "<h1>Un &lt;b&gt;titre&lt;/b&gt; &amp; &#34;deux&#34; &#39;trois&#39;</h1>" in page


def test_a_quiz_does_not_carry_its_answers_in_words(workshop: Any, render: Callable[..., RenderedModule]) -> None:
    rendered = render("::: self-check capitale\n:::")
    assert "answerHtml" in _data(workshop, rendered, 0)["questions"][0]
    assert not any("answerHtml" in question for question in _data(workshop, rendered, 1)["questions"])


def test_the_order_of_options_is_stable_and_does_not_follow_the_key() -> None:
    def made(number: int) -> Question:
        options = (Option(f"juste {number}", correct=True), *(Option(f"faux {number}.{n}") for n in range(3)))
        return Question(f"q{number}", "single", "?", options=options)

    firsts = [question_view(made(number), "fr").choices[0].index for number in range(200)]
    assert 20 < firsts.count(0) < 80  # about a quarter: the right one is neither always nor never first
    assert firsts == [question_view(made(number), "fr").choices[0].index for number in range(200)]


def test_an_ordering_question_never_shows_its_answer() -> None:
    for number in range(100):
        items = tuple(f"{number}-{n}" for n in range(3))
        shown = [
            choice.index for choice in question_view(Question(f"q{number}", "ordering", "?", items=items), "fr").choices
        ]
        assert shown != [0, 1, 2]
        assert sorted(shown) == [0, 1, 2]


def test_a_question_of_several_paragraphs_keeps_them_outside_its_legend() -> None:
    view = question_view(Question("q", "fill-in", "Un.\n\nDeux.", answers=("x",)), "fr")
    assert (view.legend, view.body) == ("", "<p>Un.</p>\n<p>Deux.</p>\n")


def test_every_language_has_the_same_strings_and_placeholders() -> None:
    files = sorted((templates_path() / "strings").glob("*.toml"))
    tables = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    assert set(tables) == {"en", "es", "fr"}
    shapes = {language: _shape(table) for language, table in tables.items()}
    assert shapes["en"] == shapes["fr"] == shapes["es"]


def _shape(table: dict[str, dict[str, str]]) -> dict[tuple[str, str], list[str]]:
    return {
        (section, key): sorted(re.findall(r"\{\w+\}", text))
        for section, texts in table.items()
        for key, text in texts.items()
    }


def test_a_language_without_strings_is_refused_with_the_file_to_add() -> None:
    with pytest.raises(ContentError, match=r"'it' \(known: en, es, fr\); add templates/strings/it.toml"):
        wording("it")


def test_a_module_that_is_not_written_says_so(workshop: Any) -> None:
    course = workshop.course()
    unwritten = replace(course.modules[0], content={})
    with pytest.raises(ContentError, match="mini: module depart is not written in fr yet"):
        render_module(course, unwritten, "fr", workshop.plugins)


def test_templates_name_no_other_server() -> None:
    for file in [*templates_path().glob("page/*"), *templates_path().glob("runtime/*")]:
        text = Path(file).read_text(encoding="utf-8")
        assert not re.search(r"""(src|href|url\(|fetch\()\s*=?\s*["']?https?:""", text), file.name
