"""The mutants that tests/tools/mutation.py makes, and what it leaves as it is."""

import ast

from mutation import mutants


def names(source):
    return [mutant.name for mutant in mutants(source)]


def test_the_mutants_of_a_function_of_three_lines():
    source = "def f(x, y):\n    if x < y:\n        return x + 1\n    return y\n"
    assert names(source) == [
        "f: x < y → x <= y",
        "f: x < y → x >= y",
        "f: return x + 1 → return None",
        "f: x + 1 → x - 1",
        "f: 1 → 2",
        "f: return y → return None",
    ]


def test_the_mutants_of_a_rules_texts():
    source = "div = operation('div', 'x, y', 'x / y', '-z / y', doc='no formula')\n"
    assert set(names(source)) >= {
        "div: 'x / y' → 'x * y'",
        "div: 'x / y' → 'x'",
        "div: 'x / y' → 'y'",
        "div: 'x / y' → 'y / y'",
        "div: '-z / y' → '-z * y'",
        "div: '-z / y' → '-z'",
        "div: '-z / y' → 'z / y'",
        "div: '-z / y' → '-y / y'",
        "div: '-z / y' → '-z / x'",
    }


def test_the_mutants_of_an_updates_text_with_a_part_that_is_filled_in():
    found = names('def formula(self):\n    yield f"v = 2 * g / ({root} + eps)"\n')
    assert "formula: f'v = 2 * g / ({root} + eps)' → f'v = 2 * g / ({root} - eps)'" in found
    assert "formula: f'v = 2 * g / ({root} + eps)' → f'v = 2 * g / {root}'" in found
    assert "formula: f'v = 2 * g / ({root} + eps)' → f'v = 3 * g / ({root} + eps)'" in found


def test_a_mutant_has_one_change_and_docstrings_types_and_wording_have_none():
    source = (
        'def f(x: int = 0) -> "int":\n    """1 + 1"""\n    if not x:\n        raise ValueError(f"{x + 1} is wrong")\n'
    )
    assert names(source) == [
        "f: 0 → 1",
        "f: not x → x",
        "f: raise ValueError(f'{x + 1} is wrong') → pass",
    ]
    before = ast.unparse(ast.parse(source)).splitlines()
    for mutant in mutants(source):
        assert sum(a != b for a, b in zip(before, mutant.source.splitlines(), strict=True)) == 1
