"""Which language codes there are, and the words that questions need in each language a course may use."""

from __future__ import annotations

import re

_FORM = re.compile(r"([a-z]{2})(-[a-z0-9]{2,8})?")
# ISO 639-1, without the codes that were withdrawn.
_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt
    my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
    za zh zu
"""
_LANGUAGES = frozenset(_ISO_639_1.split())
_TRUE_FALSE = {"en": ("True", "False"), "es": ("Verdadero", "Falso"), "fr": ("Vrai", "Faux")}


def is_language(code: str) -> bool:
    """Whether `code` is an ISO 639-1 language, in lower case, with a region or variant or without: `fr`, `pt-br`."""
    found = _FORM.fullmatch(code)
    return found is not None and found[1] in _LANGUAGES


def true_false_words(code: str) -> tuple[str, str] | None:
    """The words for true and false, or None where this toolkit has none yet; `es-mx` uses those of `es`."""
    return _TRUE_FALSE.get(code) or _TRUE_FALSE.get(code.partition("-")[0])


def languages_with_true_false() -> tuple[str, ...]:
    return tuple(sorted(_TRUE_FALSE))
