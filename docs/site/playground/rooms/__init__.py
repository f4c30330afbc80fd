"""What the playground asks of Python: each function takes and returns what JSON can hold."""

from __future__ import annotations

import json
from importlib import import_module

from autograd.language import language


def answer(question: str, arguments: str, lang: str = "en") -> str:
    """The answer to "module.function" with its arguments as JSON: {"result": …}, or {"error": a sentence}."""
    module, _, function = question.partition(".")
    try:
        with language(lang):
            answered = {"result": getattr(import_module(f"{__name__}.{module}"), function)(*json.loads(arguments))}
    except Exception as error:  # noqa: BLE001 — a page that waits must get an answer
        answered = {"error": str(error) or type(error).__name__}
    return json.dumps(answered)
