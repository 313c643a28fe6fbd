"""Terms of the glossary in a cartridge's pages: no explanation stands in the middle of a sentence."""

from __future__ import annotations

from typing import Any

from lms_toolkit.model import Term

GLOSSARY = {"fr": (Term("réinsertion", "Le fait de **reprendre** sa place."),)}


def test_a_sentence_reads_on_after_a_term_which_is_explained_once_at_the_end(workshop: Any) -> None:
    text = "La [réinsertion]{.term} est longue.\n\nUne [réinsertion]{.term} aussi.\n"

    course = workshop.course(text=text, glossary=GLOSSARY, self_checks=())
    page = workshop.cartridge(course).read("lesson-bienvenue.html").decode()

    assert "La réinsertion est longue." in page
    assert "Une réinsertion aussi." in page
    assert "<button" not in page
    assert page.count("<strong>réinsertion</strong> Le fait de <strong>reprendre</strong> sa place.") == 1
    assert page.index("Glossaire") > page.index("Une réinsertion aussi.")
