"""Why a document is not genuine; `PdfCertifier.verify` turns a Fault into a Verdict."""

from __future__ import annotations

from typing import Literal


class Fault(Exception):
    """`kind` is `forged` when something contradicts the signature, `unknown` when there is nothing of ours to check."""

    def __init__(self, kind: Literal["forged", "unknown"], detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def forged(detail: str) -> Fault:
    return Fault("forged", detail)


def unknown(detail: str) -> Fault:
    return Fault("unknown", detail)
