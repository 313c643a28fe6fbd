"""What GIFT, Moodle XML and Aiken of others become, and what is said of what cannot come in."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest

from lms_toolkit.cli._run import run
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.model import Option, Pair, Question, Reply
from lms_toolkit.questions.aiken_reading import read_aiken
from lms_toolkit.questions.drafts import Imported
from lms_toolkit.questions.from_html import markdown_of_html
from lms_toolkit.questions.gift_reading import read_gift
from lms_toolkit.questions.gift_writing import write_gift
from lms_toolkit.questions.importing import import_questions, recognise, save
from lms_toolkit.questions.losses import gift_losses, moodle_xml_losses
from lms_toolkit.questions.moodlexml import write_moodle_xml
from lms_toolkit.questions.moodlexml_reading import read_moodle_xml

BANK = Path("bank")


def gift(text: str) -> Imported:
    return read_gift(BANK, text.encode())


def said(imported: Imported) -> list[str]:
    return [f"{finding.line}:{finding.severity}: {finding.message}" for finding in imported.findings]


def one(imported: Imported) -> Question:
    assert said(imported) == []
    assert len(imported.questions) == 1
    return imported.questions[0]


def test_gift_choice_with_title_escapes_comment_and_feedback() -> None:
    text = "// a comment\n::T\\:1:: 2 \\= 1 + 1\\~?{=yes \\#1 # right ~no#wrong\n// in between\n####all}"
    made = one(gift(text))
    assert (made.id, made.text, made.feedback) == ("t-1", "2 = 1 + 1~?", "all")
    assert made.options == (Option("yes #1", True, "right"), Option("no", False, "wrong"))
    assert made.line == 2


def test_gift_missing_word_leaves_a_line_where_the_answers_stood() -> None:
    assert one(gift("Grant is {~alive =buried} here.")).text == "Grant is _____ here."


@pytest.mark.parametrize(
    ("answers", "value", "tolerance"), [("#3", 3, 0), ("#3:2", 3, 2), ("#0.1..0.3", 0.2, 0.1), ("#-1..1", 0, 1)]
)
def test_gift_numbers_have_a_tolerance_or_a_range(answers: str, value: float, tolerance: float) -> None:
    made = one(gift(f"How many? {{{answers}}}"))
    assert (made.kind, made.answer, made.tolerance) == ("numeric", value, tolerance)


def test_gift_true_false_takes_its_feedback_for_wrong_first() -> None:
    assert one(gift("x {F#no#yes}")).options == (Option("true", False, "no"), Option("false", True, "yes"))
    assert one(gift("x {TRUE}")).options == (Option("true", True), Option("false", False))


def test_gift_matching_and_short_answers_with_feedback() -> None:
    assert one(gift("m {=a -> b =c -> d = -> e}")).pairs == (Pair("a", "b"), Pair("c", "d"))
    made = one(gift("f {=Rome #yes =%0%Milan#no}"))
    assert (made.answers, made.replies) == (("Rome",), (Reply("Rome", "yes"), Reply("Milan", "no")))


def test_gift_formats_become_markdown_that_says_the_same() -> None:
    assert one(gift("[html]<p>a <b>b</b></p>{=1 ~2}")).text == "a **b**"
    assert one(gift("[markdown]a **b**{=1 ~2}")).text == "a **b**"
    assert one(gift("[plain]a *b* <i>{=1 ~2}")).text == r"a \*b\* \<i>"
    assert one(gift("a\nb{=1 ~2}")).text == "a\\\nb"


def test_a_free_text_with_a_model_answer_comes_in_and_one_without_is_named() -> None:
    made = gift("Why? {####Because.}\n\nWhy not? {}")
    assert [question.kind for question in made.questions] == ["short-text"]
    assert said(made) == [
        "1:warning: “Why?” came in without a part of it: marks given by a person; here a free text earns none",
        "3:error: “Why not? {}” is left out: a free text needs a model answer as its general feedback; or make it an "
        "assignment",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Just a text.", "it is a text to read"),
        ("x {=a", "a brace is missing"),
        ("x {#abc}", "'abc' is not a number"),
        ("x {#1:b}", "'1:b' is not a number"),
        ("x {=a =b -> c}", "has no -> between"),
        ("x {=a -> b}", "two pairs or more"),
        ("x {=a =b ~c}", "2 are"),
        ("x {~%50%a ~c ~}", "an option has no text"),
        ("x {=*}", "no answer without *"),
        ("{=a ~b}", "it has no text"),
    ],
)
def test_a_gift_question_that_cannot_come_in_is_named_with_its_line(text: str, why: str) -> None:
    made = gift(f"good {{T}}\n\n{text}")
    assert len(made.questions) == 1
    assert [finding.line for finding in made.findings] == [3]
    assert why in made.findings[0].message
    assert made.findings[0].severity == "error"


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("x {=a ~%50%b ~c}", "partial credit for “b”"),
        ("x {~%70%a ~%30%b ~%-50%c}", "right options of different worth"),
        ("x {~%50%a ~%50%b ~c}", "its own price of a wrong option"),
        ("x {=a* =b}", "the wildcard *"),
        ("x {#=1 =%50%1:2}", "partial credit for “1”"),
        ("x {#=1 ~#no}", "feedback on any other answer (“no”)"),
        ("[html]x<sub>2</sub>{T}", "subscript"),
        ("x {>3 RANDOM VERTICAL ABSOLUTE 1 none\na\nb\nc}", "showing only some"),
    ],
)
def test_a_part_that_cannot_come_in_is_named_and_the_rest_comes(text: str, lost: str) -> None:
    made = gift(text)
    assert len(made.questions) == 1
    assert [finding.severity for finding in made.findings] == ["warning"]
    assert lost in made.findings[0].message


def test_ids_become_slugs_that_stand_once() -> None:
    made = gift("::Été à Malmö::a{T}\n\n::Été à Malmö::b{T}\n\n::???::c{T}\n\n// [id:ete-a-malmo]\nd{T}\n\n::1er::e{T}")
    assert [question.id for question in made.questions] == [
        "ete-a-malmo-2",
        "ete-a-malmo-3",
        "question",
        "ete-a-malmo",
        "q-1er",
    ]


def xml(body: str, kind: str = "multichoice") -> Imported:
    text = f'<question type="{kind}"><name><text>N</text></name><questiontext><text>Q</text></questiontext>'
    return read_moodle_xml(BANK, f"<quiz>\n{text}{body}</question></quiz>".encode())


CHOICE = '<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>'


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("", "calculated", "questions of the type calculated"),
        ("", "cloze", "several questions in one text"),
        (CHOICE.replace('"100"', '"50"'), "multichoice", "must be worth 100 %"),
        ("<defaultgrade>0</defaultgrade>" + CHOICE, "multichoice", "it is worth 0 marks"),
        ('<answer fraction="x"><text>a</text></answer>', "multichoice", "'x' is not a number"),
        ('<answer fraction="100"><text>yes</text></answer>', "truefalse", "the answers true and false"),
    ],
)
def test_a_moodle_question_that_cannot_come_in_is_named_with_its_line(body: str, kind: str, message: str) -> None:
    made = xml(body, kind)
    assert made.questions == ()
    assert [(finding.line, finding.severity) for finding in made.findings] == [(2, "error")]
    assert message in made.findings[0].message


def test_moodle_settings_that_cannot_come_in_are_named() -> None:
    body = (
        "<correctfeedback><text>Bravo</text></correctfeedback><hint><text>un</text></hint><hint><text>deux</text></hint>"
        "<shuffleanswers>false</shuffleanswers>"
    )
    made = xml(body + CHOICE)
    assert made.questions[0].hint == "un"
    assert [finding.severity for finding in made.findings] == ["info", "warning", "warning"]


def test_cdata_entities_and_markup_are_read_as_what_they_show() -> None:
    made = xml(CHOICE.replace("<text>a</text>", "<text><![CDATA[<p>1 &lt; 2 &amp; <em>x</em></p>]]></text>"))
    assert made.questions[0].options[0].text == "1 < 2 & *x*"


def test_a_picture_comes_out_under_a_name_that_every_platform_serves() -> None:
    data = b64encode(b"PNG").decode()
    file = f'<file name="é à.png" path="/../../etc/" encoding="base64">{data}</file>'
    image = '<![CDATA[<img src="@@PLUGINFILE@@/../../etc/%C3%A9%20%C3%A0.png" alt="Un été">]]>'
    body = CHOICE.replace("<text>a</text>", f"<text>{image}</text>{file}", 1)
    made = xml(body)
    assert made.media == {"media/e-a.png": b"PNG"}
    assert made.questions[0].options[0].text == "![Un été](media/e-a.png)"


def test_two_pictures_of_one_name_stay_two() -> None:
    answers = "".join(
        f'<answer fraction="{share}"><text>&lt;img src="@@PLUGINFILE@@/a.png"&gt;</text>'
        f'<file name="a.png" path="/">{b64encode(data).decode()}</file></answer>'
        for share, data in ((100, b"1"), (0, b"2"))
    )
    made = xml(answers)
    assert made.media == {"media/a.png": b"1", "media/a-2.png": b"2"}
    assert [option.text for option in made.questions[0].options] == ["![](media/a.png)", "![](media/a-2.png)"]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>',
        '<?xml version="1.0"?><!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>',
        "<quiz><question></quiz>",
        "<html/>",
        "<quiz>" + "<question>" * 400 + "</question>" * 400 + "</quiz>",
    ],
)
def test_hostile_or_broken_xml_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_moodle_xml(BANK, text.encode())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("html", ["<div>" * 5000 + "x", "<p style='x'>" * 300 + "x", "<" * 5000, "&#0;&#xD800;x"])
def test_hostile_html_in_a_question_ends_in_text(html: str) -> None:
    markdown_of_html(html, {})


def test_scripts_and_their_links_do_not_come_along() -> None:
    made = markdown_of_html('<p onclick="x()">a<script>alert(1)</script> <a href="javascript:x()">b</a></p>', {})
    assert made.markdown == "a b"
    assert made.lost == ("<script>", "the link to javascript:x()")


AIKEN = "Which?\nA. one\nB) two & three\nANSWER: B\n"


def test_aiken_reads_questions_and_their_key() -> None:
    made = one(read_aiken(BANK, AIKEN.encode()))
    assert made.options == (Option("one", False), Option("two & three", True))


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("Q\nmore\nA. a\nB. b\nANSWER: A\n", 2, "second line"),
        ("Q\nA. a\nC. b\nANSWER: A\n", 3, "option C stands where B"),
        ("Q\nA. a\nB. b\nANSWER: D\n", 4, "ANSWER: D is none"),
        ("Q\nA. a\nANSWER: A\n", 3, "two options or more"),
        ("A. a\n", 1, "no question above"),
        ("Q\nA. a\nB. b\n", 1, "ANSWER: is missing"),
    ],
)
def test_an_aiken_line_that_does_not_fit_is_named_and_the_rest_comes_in(text: str, line: int, why: str) -> None:
    made = read_aiken(BANK, f"{text}\n".encode() + (b"" if text.endswith("b\n") else AIKEN.encode()))
    assert [finding.line for finding in made.findings] == [line]
    assert why in made.findings[0].message
    assert len(made.questions) == (0 if text.endswith("b\n") else 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_are_read_and_line_ends_do_not_matter(encoding: str) -> None:
    made = read_gift(BANK, "é {T}\r\n\r\nœ {F}".encode(encoding))
    assert [question.text for question in made.questions] == ["é", "œ"]
    assert [finding.severity for finding in made.findings] == (["info"] if encoding == "utf-16" else [])


def test_an_unmarked_encoding_is_not_guessed_but_may_be_named() -> None:
    data = "a {T}\n\né {T}".encode("cp1252")
    with pytest.raises(ContentError, match=r"bank:3: this is not utf-8 text \(byte 0xe9\).*--encoding cp1252"):
        read_gift(BANK, data)
    assert [question.text for question in read_gift(BANK, data, "cp1252").questions] == ["a", "é"]


def test_a_control_character_is_named_with_its_place() -> None:
    with pytest.raises(ContentError, match=r"bank:2:3: has the control character U\+0007"):
        gift("a\nb \x07{T}")


def test_a_file_says_itself_what_it_is() -> None:
    kinds = [
        recognise(data)
        for data in (b"\xef\xbb\xbf<?xml ?><quiz/>", AIKEN.encode(), b"a {T}", "\ufeff<quiz/>".encode("utf-16"))
    ]
    assert kinds == ["moodlexml", "aiken", "gift", "moodlexml"]


def test_what_goes_out_incompletely_is_named_with_its_line() -> None:
    made = [
        Question("a", "multiple", "x", options=tuple(Option(str(n), True) for n in range(11)), line=3),
        Question("b", "matching", "x", pairs=(Pair("a", "*b*"), Pair("c", "d", "why")), points=2, hint="h", line=9),
        Question("c", "fill-in", "x", answers=("été",), case_sensitive=True, line=12),
        Question("d", "ordering", "x", items=("a: b", "c"), line=20),
        Question("e", "hotspot", "x", line=30),
    ]
    lines = [(finding.line, finding.severity) for finding in moodle_xml_losses(made, BANK, "fr")]
    assert lines == [(3, "error"), (9, "warning"), (9, "warning"), (12, "warning"), (30, "error")]
    in_gift = [finding.message for finding in gift_losses(made, BANK, "fr")]
    assert [message.split(" ")[0] for message in in_gift] == ["a", "b", "b", "b", "b", "c", "c", "d", "e"]
    assert [
        len(read_moodle_xml(BANK, write_moodle_xml(made, "x")).questions),
        len(gift(write_gift(made, "x").decode()).questions),
    ] == [3, 2]


def test_a_picture_that_is_not_there_stops_the_export(tmp_path: Path) -> None:
    made = [Question("a", "true-false", "![x](media/x.png)", options=(Option("V", True), Option("F")))]
    with pytest.raises(ContentError, match="cannot be read"):
        write_moodle_xml(made, "x", folder=tmp_path)
    with pytest.raises(ContentError, match="in which folder"):
        write_moodle_xml(made, "x")


def test_an_import_overwrites_nothing(tmp_path: Path) -> None:
    out = tmp_path / "questions.yaml"
    out.write_text("quiz: []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="is there already"):
        save(gift("a {T}"), out)
    assert out.read_text(encoding="utf-8") == "quiz: []\n"


def test_an_empty_file_and_a_missing_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.gift").write_bytes(b" \n")
    for name in ("empty.gift", "missing.gift", "."):
        with pytest.raises(ContentError, match=str(tmp_path / name)):
            import_questions(tmp_path / name)


def test_the_command_imports_tells_what_is_left_out_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = tmp_path / "bank.gift"
    bank.write_text("a {T}\n\nb {=x", encoding="utf-8")
    out = tmp_path / "questions.yaml"
    assert run(["questions", "import", str(bank), "-o", str(out), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["questions"], told["findings"][0]["line"]) == (1, 3)
    assert out.read_text(encoding="utf-8").startswith("quiz:\n  - id: a\n")


@pytest.mark.parametrize("target", ["gift", "moodlexml"])
def test_the_command_exports_a_module_that_imports_again(tmp_path: Path, target: str) -> None:
    out = tmp_path / "bank"
    arguments = ["questions", "export", "sure", "--module", "cycles-migratoires", "--to", target, "-o", str(out)]
    assert run(arguments) == 0
    assert len(import_questions(out).questions) == 14
    assert run([*arguments[:4], "no-such-module", "-o", str(out)]) == 2
