"""Each rule of `check` finds its fault where it is, and nothing in a sound course."""

from __future__ import annotations

import pytest

from lms_toolkit.courses import check, check_course
from lms_toolkit.model import Finding
from lms_toolkit.rendering.blocks import ASIDES, SECTIONS

LESSON = "fr/intro/bonjour.md"
QUESTIONS = "fr/intro/questions.yaml"
END = "Un été à Malmö.\n"


def spoil(tiny, text):
    """Puts a text into the lesson; it begins in line 7."""
    tiny.replace(LESSON, END, f"{END}\n{text}\n")


def places(tiny, rule):
    return [tiny.where(finding).removeprefix(f"{LESSON}:") for finding in tiny.found(rule)]


def test_a_sound_course_has_nothing_but_its_unwritten_module(tiny):
    assert [(finding.rule, finding.severity) for finding in check(tiny.path)] == [("not-written", "warning")]


def test_a_module_that_is_not_written_is_told_at_its_place(tiny):
    (finding,) = tiny.found("not-written")
    assert finding.message == "module suite is not written in fr yet"
    assert tiny.where(finding) == "course.toml:15"


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("missing-alt", "![](media/carre.svg)", "media/carre.svg has no alternative text"),
        ("missing-alt", "Voir ![ ](media/carre.svg).", "say what it shows"),
        ("broken-link", "![Un rond](media/rond.svg)", "put the file at fr/intro/media/rond.svg"),
        ("broken-link", "[Fiche](media/fiche%20a.pdf)", "media/fiche a.pdf does not exist"),
        ("broken-link", "[Fiche][f]\n\n[f]: fiche.pdf", "fiche.pdf does not exist"),
        ("broken-link", "[Dossier](media)", "media does not exist"),
        ("broken-link", "[Autre](../suite/media/a.svg)", "is outside the module"),
        ("broken-link", "[Machine](/etc/hostname)", "is not a relative link"),
        ("broken-link", "[Rien]()", "leads nowhere"),
        ("broken-link", "[Nul](a%00b)", "does not exist"),
        ("broken-link", f"[Long]({'a' * 300})", "does not exist"),
        ("broken-link", "[Crochet](//[x)", "is not a relative link"),
        ("unsafe-link", "[Clic](javascript:alert(1))", "links with javascript:"),
        ("unsafe-link", "[Clic](JavaScript:alert(1))", "links with javascript:"),
        ("unsafe-link", "![Un point](data:image/png;base64,AAAA)", "links with data:"),
        ("unsafe-link", "<file:///etc/hostname>", "links with file:"),
        ("remote-media", "![Un rond](https://example.org/rond.svg)", "is on another site"),
        ("remote-media", "![Un rond](//example.org/rond.svg)", "is on another site"),
        ("lesson-link", "[Ici](bonjour.md)", "cannot link to one another"),
        ("file-name", "[Été](media/%C3%A9t%C3%A9.pdf)", "rename the file"),
        ("heading-order", "# Titre", "# Titre is a second title"),
        ("heading-order", "### Détail", "### Détail skips a level (use ##)"),
        ("raw-html", "<div>Bloc</div>", "HTML is not understood"),
        ("raw-html", "Un <b>mot</b>", "HTML is not understood"),
        ("unknown-block", "::: tip Conseil\nTexte\n:::", "there is no block 'tip'"),
        (
            "unknown-self-check",
            "::: self-check autre\n:::",
            "there is no self-check 'autre' (questions.yaml has: essai)",
        ),
        ("unknown-self-check", "::: self-check couleur\n:::", "it is under quiz: move it"),
        ("unknown-self-check", "::: self-check\n:::", "names no question"),
    ],
)
def test_a_fault_of_a_text_is_told_in_its_line(tiny, rule, text, words):
    spoil(tiny, text)
    findings = tiny.found(rule)
    assert [tiny.where(finding) for finding in findings] == [f"{LESSON}:8"]
    assert words in str(findings[0])
    assert findings[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "[Site](https://example.org/a?b#c) et <mailto:amina@example.org>",
        "[Plus bas](#une-partie)",
        "[Image](media/carre.svg#partie)",
        "`![](rien.svg)` et `<b>`",
        "```\n# titre\n::: tip\n[a](b)\n```",
        "<!-- une note pour nous -->",
        "## A\n\n### B\n\n#### C\n\n## D",
        "\n\n".join(f"::: {kind} Titre\n- a\n:::" for kind in (*ASIDES, *SECTIONS)),
        ":::: case Un cas\n::: note\nTexte\n:::\n::::",
        "- liste\n\n  ::: note\n  Texte\n  :::",
        "Une note[^1].\n\n[^1]: media n’est pas un lien",
    ],
)
def test_sound_texts_are_left_alone(tiny, text):
    spoil(tiny, text)
    assert [str(finding) for finding in check(tiny.path) if finding.rule != "not-written"] == []


@pytest.mark.parametrize("text", ["::: note\nTexte", "> ::: note\n> Texte", "- ::: note\n  Texte"])
def test_a_block_that_is_never_closed_is_told_where_it_begins(tiny, text):
    tiny.write(LESSON, (tiny.path / LESSON).read_text(encoding="utf-8") + f"\n{text}")
    assert places(tiny, "unknown-block") == ["15"]
    assert "never closed" in tiny.found("unknown-block")[0].message


def test_a_block_in_a_block_of_the_same_length_is_told_with_its_stray_end(tiny):
    spoil(tiny, "::: case\n::: note\nTexte\n:::\n:::")
    nested, stray = tiny.found("unknown-block")
    assert (nested.line, nested.message) == (9, "the block note is never closed")
    assert (stray.line, stray.message) == (12, "this ::: closes nothing")
    assert "::::" in stray.hint


def test_after_a_stray_end_unknown_names_are_still_told(tiny):
    spoil(tiny, ":::\n\n::: note\nTexte\n:::\n\n::: tip\nTexte\n:::")
    assert [finding.line for finding in tiny.found("unknown-block")] == [8, 14]


def test_a_link_in_the_second_line_of_a_paragraph_is_told_in_that_line(tiny):
    spoil(tiny, "Une ligne\npuis ![](media/carre.svg)\net [rien](rien.pdf)")
    assert places(tiny, "missing-alt") == ["9"]
    assert places(tiny, "broken-link") == ["10"]


def test_a_link_in_a_table_is_told_in_its_row(tiny):
    spoil(tiny, "| a | b |\n| --- | --- |\n| x | [rien](rien.pdf) |")
    assert places(tiny, "broken-link") == ["10"]


def test_a_media_file_that_leads_outside_the_module_is_refused(tiny):
    secret = tiny.path.parent / "secret.svg"
    secret.write_text("<svg/>")
    (tiny.module / "media" / "carre.svg").unlink()
    (tiny.module / "media" / "carre.svg").symlink_to(secret)
    (finding,) = tiny.found("broken-link")
    assert "outside the module" in finding.message


def test_a_media_file_that_nothing_uses_is_told(tiny):
    tiny.write("fr/intro/media/sous/rond.svg", "<svg/>")
    tiny.write("fr/intro/media/.DS_Store", "")
    assert [tiny.where(finding) for finding in tiny.found("unused-media")] == ["fr/intro/media/sous/rond.svg"]


def test_a_picture_of_a_question_counts_as_used_and_is_checked(tiny):
    tiny.write("fr/intro/media/rond.svg", "<svg/>")
    tiny.replace(QUESTIONS, 'text: "Quelle couleur ?"', 'text: "![](media/rond.svg) ?"')
    assert tiny.found("unused-media") == []
    assert [tiny.where(finding) for finding in tiny.found("missing-alt")] == [f"{QUESTIONS}:2"]


def test_a_self_check_that_no_lesson_shows_is_told_at_its_place(tiny):
    tiny.replace(LESSON, "::: self-check essai\n:::\n", "")
    assert [tiny.where(finding) for finding in tiny.found("unused-self-check")] == [f"{QUESTIONS}:11"]


def test_a_self_check_within_a_question_is_refused(tiny):
    tiny.replace(QUESTIONS, 'feedback: "Bleu."', 'feedback: "::: self-check essai\\n:::"')
    (finding,) = tiny.found("unknown-block")
    assert finding.message == "a question cannot show a self-check"


def test_a_question_without_feedback_is_told(tiny):
    tiny.replace(QUESTIONS, '    feedback: "Bleu."\n', "")
    (finding,) = tiny.found("no-feedback")
    assert (tiny.where(finding), finding.severity) == (f"{QUESTIONS}:2", "warning")


def test_feedback_on_every_option_is_feedback_enough(quiz):
    lines = "kind: single\ntext: T\noptions:\n- {text: A, correct: true, feedback: oui}\n- {text: B"
    assert quiz(f"{lines}, feedback: non}}").found("no-feedback") == []
    assert len(quiz(f"{lines}}}").found("no-feedback")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        "kind: single\noptions:\n- {text: Bleu, correct: true}\n- {text: ' bleu '}",
        "kind: multiple\noptions:\n- {text: A, correct: true}\n- {text: B}\n- {text: A}",
        "kind: ordering\nitems: [un, deux, Un]",
        "kind: matching\npairs: [{left: a, right: b}, {left: a, right: c}]",
        "kind: matching\npairs: [{left: a, right: b}, {left: c, right: b}]",
        "kind: matching\npairs: [{left: a, right: b}, {left: c, right: d}]\ndistractors: [d]",
    ],
)
def test_choices_that_read_the_same_are_told(quiz, lines):
    tiny = quiz(f"text: T\nfeedback: F\n{lines}")
    assert [(finding.severity, tiny.where(finding)) for finding in tiny.found("equal-options")] == [
        ("error", f"{QUESTIONS}:2")
    ]


def test_a_question_copied_and_forgotten_is_told(tiny):
    text = (tiny.path / QUESTIONS).read_text(encoding="utf-8")
    copy = text[text.index("  - id: couleur") : text.index("self_checks:")]
    tiny.write(QUESTIONS, text + copy.replace("id: couleur", "id: copie"))
    (finding,) = tiny.found("equal-questions")
    assert finding.message == "copie asks the same as couleur"


def test_a_module_without_a_graded_question_is_told(tiny):
    text = (tiny.path / QUESTIONS).read_text(encoding="utf-8")
    tiny.write(QUESTIONS, text[text.index("self_checks:") :])
    assert [finding.severity for finding in tiny.found("no-quiz")] == ["warning"]


def test_files_that_nothing_names_are_told(tiny):
    tiny.write("fr/intro/bonjours.md", "rien")
    tiny.write("fr/introo/bonjour.md", "rien")
    tiny.write("fr/.cache/x", "rien")
    assert [tiny.where(finding) for finding in tiny.found("unlisted-file")] == ["fr/intro/bonjours.md", "fr/introo"]


@pytest.fixture
def bilingual(tiny):
    """The small course, in French and English."""
    text = (tiny.path / "course.toml").read_text(encoding="utf-8")
    lines = (f"{line}\n{line.replace('.fr =', '.en =')}" if ".fr =" in line else line for line in text.split("\n"))
    tiny.write("course.toml", "\n".join(lines).replace('["fr"]\ntitle', '["fr", "en"]\ntitle'))
    for name in (LESSON, QUESTIONS, "fr/intro/media/carre.svg"):
        tiny.write(f"en{name[2:]}", (tiny.path / name).read_text(encoding="utf-8"))
    return tiny


def test_a_course_that_is_translated_has_no_translation_missing(bilingual):
    assert bilingual.found("missing-translation") == []
    assert [finding.message for finding in bilingual.found("not-written")] == [
        "module suite is not written in fr yet",
        "module suite is not written in en yet",
    ]


def test_a_module_that_one_language_lacks_is_a_missing_translation(bilingual):
    (bilingual.path / "en").rename(bilingual.path.parent / "en")
    (finding,) = bilingual.found("missing-translation")
    assert finding.message == "module intro is not written in en yet, but in fr"
    assert bilingual.where(finding) == "course.toml:10"


def test_a_question_that_one_language_lacks_is_a_missing_translation(bilingual):
    bilingual.replace("en/intro/questions.yaml", "id: couleur", "id: colour")
    assert [(f.message, bilingual.where(f)) for f in bilingual.found("missing-translation")] == [
        ("couleur is a question in fr, and not in en", "en/intro/questions.yaml"),
        ("colour is a question in en, and not in fr", QUESTIONS),
    ]


def test_only_the_languages_asked_for_are_looked_at(bilingual):
    spoil(bilingual, "![](media/carre.svg)")
    assert {finding.rule for finding in check(bilingual.path, languages=["en"])} == {"not-written"}
    assert "missing-alt" in {finding.rule for finding in check(bilingual.path, languages=["fr"])}


def test_what_plugins_find_is_added_in_the_order_of_files(tiny):
    asked = []

    def extra(course, languages):
        asked.append((course.id, tuple(languages)))
        return [Finding("info", "of-a-plugin", "bonjour", where=str(tiny.path / "a"))]

    assert [finding.rule for finding in check(tiny.path, extra)] == ["of-a-plugin", "not-written"]
    assert [finding.rule for finding in check_course(tiny.load(), extra)] == ["of-a-plugin", "not-written"]
    assert asked == [("tiny", ("fr",))] * 2


def test_plugins_are_not_asked_about_a_course_that_does_not_load(tiny):
    def extra(course, languages):
        raise AssertionError("asked")

    tiny.write(LESSON, "rien")
    assert [finding.rule for finding in check(tiny.path, extra)] == ["not-written", "front-matter"]


def test_rules_look_at_sound_modules_although_another_has_faults(tiny):
    spoil(tiny, "![](media/carre.svg)")
    tiny.write("fr/suite/a.md", "rien")
    assert {finding.rule for finding in check(tiny.path)} == {"missing-alt", "no-lessons", "unlisted-file"}
