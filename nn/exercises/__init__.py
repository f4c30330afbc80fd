"""Exercises that check themselves: `check("1a", answer)` says right, or gives a hint that fits the mistake; then another.

Each notebook has a module here, which makes its `check = checker(Exercise(…), …)`. What is right is computed when
it is asked for, by the library itself, so that a notebook does not show it. The sentences are in the language of
`autograd.language`. Nothing else imports this package, and it shows the answers: so read it last.
"""

import math
import re
import warnings
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from numbers import Real
from typing import Any

from autograd import Value, language

Text = dict[str, str]  # a sentence by language, "en" and "ko"

NOT_YET = {
    "en": "not yet. Put your answer in place of None and run the cell again; a guess is a good start.",
    "ko": "아직 답이 없습니다. None 자리에 답을 쓰고 셀을 다시 실행해 보십시오. 짐작으로 시작해도 좋습니다.",
}
RIGHT = {"en": "right. {why}", "ko": "맞습니다. {why}"}
NOT_QUITE = {"en": "not quite. {why}", "ko": "아직 아닙니다. {why}"}
ROUNDED = {
    "en": "right, but rounded: in full it is {number}. {why}",
    "ko": "맞습니다. 다만 반올림한 값이고, 전체 값은 {number}입니다. {why}",
}
IN_QUOTES = {
    "en": "not quite. It is right as a number, but in quotes it is a text: leave out the quotes.",
    "ko": "아직 아닙니다. 숫자로는 맞지만 따옴표로 묶으면 글이 됩니다. 따옴표를 빼십시오.",
}
IN_BRACES = {
    "en": "not quite. The number is right, but in braces it is a set: leave out the braces.",
    "ko": "아직 아닙니다. 숫자는 맞지만 중괄호로 묶으면 집합이 됩니다. 중괄호를 빼십시오.",
}
NO_ORDER = {
    "en": "not quite. Braces make a set, which has no order and holds equal numbers once: write a list, [ … ].",
    "ko": "아직 아닙니다. 중괄호는 집합을 만드는데, 집합에는 순서가 없고 같은 숫자는 하나만 남습니다. 목록 [ … ]으로 쓰십시오.",
}
NO_TIMES = {
    "en": "not quite. It can't be tried ({error}): a * seems to be missing. Python has no product without it: 2 * x, "
    "z * (1 - z).",
    "ko": "아직 아닙니다. 답을 시험해 볼 수 없습니다({error}). *가 빠진 것 같습니다. 파이썬에서는 곱셈에 *를 꼭 써야 합니다: "
    "2 * x, z * (1 - z).",
}
FAILED = {
    "en": "not quite. Trying it ended in an error, {error}. {why}",
    "ko": "아직 아닙니다. 답을 시험해 보니 오류가 났습니다: {error}. {why}",
}
OTHER_KIND = {
    "en": "not quite. The answer is to be {wanted}, and this is {found}. {why}",
    "ko": "아직 아닙니다. 답의 형식은 {wanted}입니다. 지금 답의 형식은 {found}입니다. {why}",
}
LARGER = {"en": "The number wanted is larger.", "ko": "답은 더 큰 수입니다."}
SMALLER = {"en": "The number wanted is smaller.", "ko": "답은 더 작은 수입니다."}
PLACES = {"en": "Right already: {right}; not yet: {wrong}.", "ko": "맞은 자리: {right}, 아직 아닌 자리: {wrong}."}
SOLUTIONS = {
    "en": "The solutions are folded at the end of the notebook.",
    "ko": "노트북 끝의 접힌 부분에 풀이가 있습니다.",
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
    predicate that raises doesn't hold; if the answer is a function or has texts, the error is shown. A number that is
    right in all its digits is right, but rounded. Quotes and braces around numbers, and a missing *, have hints of
    their own.
    """

    name: str
    expected: Callable[[], Any]
    right: Text
    hint: Text
    hints: Sequence[tuple[Callable[[Any], object], Text]] = ()
    tolerance: float = 1e-6
    example: Callable[[], Any] | None = None

    def reply(self, answer: object, language: str, tries: int = 1) -> str:
        """What to tell whoever gave this answer; from the second wrong try on there is a second hint, then a third."""
        said = self._first_reply(answer, language)
        if _is_missing(answer) or said.endswith(_in(language, self.right)) or tries < 2:
            return said
        more = [_in(language, self.hint), _nearer(_plain(self.expected()), _plain(answer), self.tolerance, language)]
        if tries > 2 or not any(text and text not in said for text in more):
            more.append(_in(language, SOLUTIONS))
        return " ".join([said, *(text for text in more if text and text not in said)])

    def _first_reply(self, answer: object, language: str) -> str:
        if _is_missing(answer):
            return _in(language, NOT_YET)
        expected = self.expected()
        is_right = expected
        if not callable(expected):
            expected, answer = _plain(expected), _plain(answer)
            is_right = partial(_same, expected, self.tolerance)
        if _holds(is_right, answer):
            return _in(language, RIGHT, why=_in(language, self.right))
        is_rounded = partial(_same, expected, self.tolerance, digits=2)
        if _holds(is_rounded, answer):
            return _in(language, ROUNDED, number=_shown(expected), why=_in(language, self.right))
        error = _error(is_right, answer)
        if isinstance(answer, Set) and isinstance(_plain(self._an_example(expected)), list):
            return _in(language, NO_ORDER)
        if error and (_lacks_times(answer) or re.match(r"'(int|float|Value)' object is not callable", str(error))):
            return _in(language, NO_TIMES, error=_told(error))
        for mistaken, hint in self.hints:
            if _holds(mistaken, answer):
                why = _in(language, hint)
                return _in(language, FAILED if error else NOT_QUITE, error=_told(error), why=why)
        if _holds(partial(is_rounded, digits=1), answer):
            return _in(language, ROUNDED, number=_shown(expected), why=_in(language, self.right))
        if not _texts(expected) and _holds(lambda texts: is_rounded(_unquoted(texts)), answer):
            return _in(language, IN_QUOTES)
        if isinstance(expected, Real) and isinstance(answer, Set) and len(answer) == 1 and _holds(is_rounded, *answer):
            return _in(language, IN_BRACES)
        why = _in(language, self.hint)
        wanted, found = _kind(expected, language), _kind(answer, language)
        if callable(expected) or wanted == found:
            return _in(language, FAILED if error else NOT_QUITE, error=_told(error), why=why)
        return _in(language, OTHER_KIND, wanted=wanted, found=found, why=why)

    def _an_example(self, expected: Any) -> Any:
        return self.example() if callable(expected) and self.example else expected


def checker(*exercises: Exercise) -> Any:
    """Return the `check(name, answer)` of these exercises, which prints what there is to say."""
    by_name = {exercise.name: exercise for exercise in exercises}
    if len(by_name) < len(exercises):
        raise ValueError("Two exercises have the same name.")

    tried: dict[str, set[str]] = {name: set() for name in by_name}  # wrong answers, each counted once

    def check(name: str, answer: object) -> None:
        if name not in by_name:
            raise ValueError(f"There is no exercise {name!r} here; there are {', '.join(by_name)}.")
        exercise, lang = by_name[name], language()
        said = exercise.reply(answer, lang, len(tried[name] | {repr(answer)}))
        if not _is_missing(answer) and not said.endswith(_in(lang, exercise.right)):
            tried[name].add(repr(answer))
        print(f"{name}: {said}")

    vars(check)["exercises"] = by_name
    return check


def _in(language: str, text: Text, **words: object) -> str:
    said = text.get(language, text["en"])
    return said.format(**words) if words else said


def _nearer(expected: Any, answer: Any, tolerance: float, language: str) -> str:
    """In which direction a number is, or which places of a list are right already; "" where neither can be said."""
    if isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        is_right = [_same(part, tolerance, given, digits=2) for part, given in zip(expected, answer, strict=True)]
        places = {
            right: [str(i) for i, each in enumerate(is_right, start=1) if each is right] for right in (True, False)
        }
        right, wrong = (", ".join(places[each]) or "–" for each in (True, False))
        return _in(language, PLACES, right=right, wrong=wrong)
    numbers = [isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x) for x in (expected, answer)]
    return _in(language, LARGER if expected > answer else SMALLER) if all(numbers) else ""


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


def _told(error: Exception | None) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(".")


def _shown(expected: Any) -> str:
    if isinstance(expected, list):
        return f"[{', '.join(map(_shown, expected))}]"
    return f"{expected:.10g}" if isinstance(expected, float) else str(expected)


def _same(expected: Any, tolerance: float, answer: Any, digits: int | None = None) -> bool:
    """Whether the answer is the expected one; with `digits`, also if it is rounded to so many digits, or to more."""
    if isinstance(expected, list):
        return (
            isinstance(answer, list)
            and len(answer) == len(expected)
            and all(_same(part, tolerance, given, digits) for part, given in zip(expected, answer, strict=True))
        )
    if isinstance(expected, str) and isinstance(answer, str):
        return bool(answer.strip().casefold() == expected.strip().casefold())
    if isinstance(expected, bool) or isinstance(answer, bool):
        return answer is expected
    if isinstance(expected, Real) and isinstance(answer, Real):
        close = math.isclose(answer, expected, rel_tol=tolerance, abs_tol=tolerance)
        return close or (digits is not None and _is_rounded(expected, answer, digits))
    return bool(answer == expected)


def _is_rounded(expected: Any, answer: Any, digits: int) -> bool:
    """Whether the answer is the expected number, rounded or cut off where the answer's digits end.

    One digit counts only for a number that has more than three, or 0.3 would be right for 0.25.
    """
    short, full = _decimal(answer), _decimal(expected)
    if len(short.as_tuple().digits) < digits or (digits < 2 and len(full.normalize().as_tuple().digits) <= 3):
        return False
    step = Decimal(1).scaleb(min(int(short.as_tuple().exponent), 0))
    ways = (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN)
    return bool(short) and short in {full.quantize(step, rounding=way) for way in ways}


def _decimal(number: Any) -> Decimal:
    """A number with the digits that one writes: 117.0 is 117."""
    return Decimal(int(number)) if number == int(number) else Decimal(repr(float(number)))


def _unquoted(answer: Any) -> Any:
    """The answer with numbers for texts that are numbers."""
    if isinstance(answer, list):
        return [_unquoted(part) for part in answer]
    return float(Fraction(answer.replace("−", "-").strip())) if isinstance(answer, str) else answer


def _lacks_times(answer: Any) -> bool:
    """Whether a text has a product without a sign, as `2x`, `z(1 - z)` and `(1 - z)z` are."""
    product = r"\b[a-z]\s*\(|\)\s*[\w(]|(?<![\w.])[\d.]+(?!e[-+]?\d)\s*[A-Za-z(]"
    return any(re.search(product, text) for text in _texts(answer))


def _texts(answer: Any) -> list[str]:
    if isinstance(answer, str):
        return [answer]
    return [text for part in answer for text in _texts(part)] if isinstance(answer, list | tuple) else []


def _error(predicate: Callable[[Any], object], answer: Any) -> Exception | None:
    """What a function or a formula that the learner wrote raises when it is tried."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of 2(x)
            predicate(answer)
    except Exception as error:  # noqa: BLE001 — whatever a learner typed is an answer, and none of them is a traceback
        formula = _lacks_times(answer) or (
            _texts(answer) and isinstance(error, SyntaxError | NameError | ArithmeticError)
        )
        return error if callable(answer) or formula else None
    return None


def _holds(predicate: Callable[..., object], answer: object) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(predicate(answer))
    except Exception:  # noqa: BLE001 — whatever a learner typed is an answer, and none of them is a traceback
        return False
