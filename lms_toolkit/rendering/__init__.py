"""Turns lessons and questions into accessible HTML, once for every package format."""

from lms_toolkit.rendering.modules import render_lesson, render_module
from lms_toolkit.rendering.pages import memory_limit_exceeded, page_assets, page_document
from lms_toolkit.rendering.wording import wording

__all__ = ["memory_limit_exceeded", "page_assets", "page_document", "render_lesson", "render_module", "wording"]
