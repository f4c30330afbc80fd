"""Exercises that check themselves: `check("1a", answer)` says right, or gives a hint that fits the mistake.

Each notebook has a module here, which makes its `check = checker(Exercise(…), …)`. What is right is computed when
it is asked for, by the library itself, so that a notebook does not show it. In a notebook of the folder `ko` the
sentences are Korean.
"""

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any

from pathgrad import Value

Text = dict[str, str]  # a sentence by language: "en" and, where the notebook has a Korean edition, "ko"

NOT_YET = {
    "en": "not yet. Put your answer in place of None and run the cell again; a guess is a good start.",
    "ko": "아직 답이 없습니다. None 자리에 답을 쓰고 셀을 다시 실행해 보십시오. 짐작으로 시작해도 좋습니다.",
}
RIGHT = {"en": "right. {why}", "ko": "맞습니다. {why}"}
NOT_QUITE = {"en": "not quite. {why}", "ko": "아직 아닙니다. {why}"}
OTHER_KIND = {
    "en": "not quite. The answer is to be {wanted}, and this is {found}. {why}",
    "ko": "아직 아닙니다. 답의 형식은 {wanted}입니다. 지금 답의 형식은 {found}입니다. {why}",
}
KINDS = {  # what an answer can be, in words
    "bool": {"en": "True or False", "ko": "True 또는 False"},
    "number": {"en": "a number", "ko": "숫자"},
    "text": {"en": "a text in quotes", "ko": "따옴표로 묶은 글"},
    "set": {"en": "a set", "ko": "집합"},
    "sequence": {"en": "a list of {length}", "ko": "원소 {length}개의 목록"},
    "other": {"en": "of type {type}", "ko": "{type} 형"},
}


@dataclass(frozen=True)
class Exercise:
    """One question, and what to say to an answer.

    `expected()` is the right answer: a number, a text, True or False, a set, or a sequence of these, also nested. It is
    compared within `tolerance`, relative or absolute. Or it is a predicate, a function that tells whether an answer is
    right; then `example()` is one that is, for the tests. `right` says why it is right; `hints` are mistakes, each a
    predicate and what to say to it, of which the first that holds is said; `hint` is said to all others.

    A `Value` counts as its number and an array as a list; only a predicate in `expected` gets the answer as it is. A
    predicate that raises doesn't hold.
    """

    name: str
    expected: Callable[[], Any]
    right: Text
    hint: Text
    hints: Sequence[tuple[Callable[[Any], object], Text]] = ()
    tolerance: float = 1e-6
    example: Callable[[], Any] | None = None

    def reply(self, answer: object, language: str) -> str:
        """What to tell whoever gave this answer."""
        if _is_missing(answer):
            return _in(language, NOT_YET)
        expected = self.expected()
        is_right = expected
        if not callable(expected):
            expected, answer = _plain(expected), _plain(answer)
            is_right = partial(_same, expected, self.tolerance)
        if _holds(is_right, answer):
            return _in(language, RIGHT, why=_in(language, self.right))
        for mistaken, hint in self.hints:
            if _holds(mistaken, answer):
                return _in(language, NOT_QUITE, why=_in(language, hint))
        hint = _in(language, self.hint)
        wanted, found = _kind(expected, language), _kind(answer, language)
        if callable(expected) or wanted == found:
            return _in(language, NOT_QUITE, why=hint)
        return _in(language, OTHER_KIND, wanted=wanted, found=found, why=hint)


def checker(*exercises: Exercise) -> Callable[[str, object], None]:
    """Return the `check(name, answer)` of these exercises, which prints what there is to say."""
    by_name = {exercise.name: exercise for exercise in exercises}
    if len(by_name) < len(exercises):
        raise ValueError("Two exercises have the same name.")

    def check(name: str, answer: object) -> None:
        if name not in by_name:
            raise ValueError(f"There is no exercise {name!r} here; there are {', '.join(by_name)}.")
        print(f"{name}: {by_name[name].reply(answer, 'ko' if Path.cwd().name == 'ko' else 'en')}")

    check.exercises = by_name
    return check


def _in(language: str, text: Text, **words: object) -> str:
    said = text.get(language, text["en"])
    return said.format(**words) if words else said


def _is_missing(answer: object) -> bool:
    if isinstance(answer, list | tuple) and answer:
        return all(map(_is_missing, answer))
    return answer is None or answer is ...


def _plain(answer: Any) -> Any:
    """Values, NumPy's numbers and arrays, and other sequences, as Python's own numbers and lists."""
    if isinstance(answer, Value):
        return answer.data
    if hasattr(answer, "tolist"):
        return _plain(answer.tolist())
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return [_plain(part) for part in answer]
    return answer


def _kind(answer: object, language: str) -> str:
    kinds = [("bool", bool), ("number", Real), ("text", str), ("set", Set), ("sequence", list)]
    kind = next((kind for kind, types in kinds if isinstance(answer, types)), "other")
    length = len(answer) if isinstance(answer, list) else None
    return _in(language, KINDS[kind], length=length, type=type(answer).__name__)


def _same(expected: Any, tolerance: float, answer: Any) -> bool:
    if isinstance(expected, list):
        return (
            isinstance(answer, list)
            and len(answer) == len(expected)
            and all(_same(part, tolerance, given) for part, given in zip(expected, answer, strict=True))
        )
    if isinstance(expected, str) and isinstance(answer, str):
        return answer.strip().casefold() == expected.strip().casefold()
    if isinstance(expected, bool) or isinstance(answer, bool):
        return answer is expected
    if isinstance(expected, Real) and isinstance(answer, Real):
        return math.isclose(answer, expected, rel_tol=tolerance, abs_tol=tolerance)
    return answer == expected


def _holds(predicate: Callable[[Any], object], answer: object) -> bool:
    try:
        return bool(predicate(answer))
    except Exception:  # noqa: BLE001 — whatever a learner typed is an answer, and none of them is a traceback
        return False
