"""CSV files: what is read, and where in a file a slip is told."""

import csv
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn import data

FLOWERS = "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n4.9,3,setosa\n"


@pytest.fixture
def written(tmp_path):
    def write(content, **options):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return data.csv(path, **options)

    return write


def test_a_header_names_the_features_and_text_names_the_classes(written):
    flowers = written(FLOWERS, target="species")
    assert flowers.features == ["length", "width"]
    assert flowers.classes == ["setosa", "versicolor"]
    X, y = flowers
    assert X == [[5.1, 3.5], [7.0, 3.2], [4.9, 3.0]]
    assert y == [0, 1, 0]
    assert {type(x) for row in X for x in row} == {float}


def test_a_file_without_a_header_is_read_from_its_first_line(written):
    table = written("1,2,0.5\n3,4,1.5\n")
    assert (table.X, table.y, table.features) == ([[1, 2], [3, 4]], [0.5, 1.5], ["column 1", "column 2"])
    assert table.classes == []
    assert written("1,2,a\n", target=2).classes == ["a"]


def test_a_header_of_numbers_has_to_be_told(written):
    years = "2019,2020,y\n1,2,3\n"
    assert written(years, header=True).features == ["2019", "2020"]
    with pytest.raises(ValueError, match=r"line 2, column 3: targets must be all .* 'y' and '3'; header=True takes"):
        written(years)


@pytest.mark.parametrize("target", ["b", 1, -2])
def test_a_target_is_given_by_name_or_place_and_may_stand_anywhere(written, target):
    table = written("a,b,c\n1,2.5,3\n4,5.5,6\n", target=target)
    assert (table.X, table.y, table.features) == ([[1, 3], [4, 6]], [2.5, 5.5], ["a", "c"])


def test_features_may_be_chosen_so_that_other_columns_may_hold_anything(written):
    table = written("id,a,b,y\nx-1,1,2,0\nx-2,3,4,1\n", features=["b", 1], target="y")
    assert (table.X, table.features) == ([[2, 1], [4, 3]], ["b", "a"])


@pytest.mark.parametrize(
    "content",
    [
        FLOWERS.replace(",", ";"),
        FLOWERS.replace(",", "\t"),
        FLOWERS.replace("\n", "\r\n"),
        FLOWERS.rstrip("\n"),
        "\ufeff" + FLOWERS,
        "\n  \n" + FLOWERS.replace("\n", "\n\n"),
        FLOWERS.replace(",", " , "),
        '"length","width","species"\n"5.1","3.5","setosa"\n7.0, "3.2", "versicolor"\n4.9,3,setosa\n',
    ],
)
def test_delimiters_line_ends_blanks_quotes_and_marks_change_nothing(written, content):
    table = written(content, target="species")
    assert table.X == [[5.1, 3.5], [7.0, 3.2], [4.9, 3.0]]
    assert (table.y, table.features, table.classes) == ([0, 1, 0], ["length", "width"], ["setosa", "versicolor"])


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_ends(written):
    table = written('"a, b;",class\n1,"x, ""y"""\n2,"two\nlines"\n')
    assert table.features == ["a, b;"]
    assert table.classes == ["two\nlines", 'x, "y"']


@pytest.mark.parametrize(
    ("column", "y", "classes"),
    [
        ("0 1 1", [0, 1, 1], ["0", "1"]),
        ("2 1 0", [2, 1, 0], ["0", "1", "2"]),
        ("1 2 3", [1, 2, 3], []),
        ("0 0 0", [0, 0, 0], []),
        ("0 2 1.0", [0, 2, 1], []),
        ("-1 1 1", [-1, 1, 1], []),
        ("1e3 .5 -2.", [1000, 0.5, -2], []),
        ("True False True", [1, 0, 1], ["False", "True"]),
    ],
)
def test_targets_are_classes_if_they_are_text_or_count_from_zero(written, column, y, classes):
    table = written("".join(f"1,{target}\n" for target in column.split()))
    assert (table.y, table.classes) == (y, classes)


def test_numbers_may_be_the_names_of_classes(written):
    table = written("1,10\n1,9\n1,10\n", classes=True)
    assert (table.y, table.classes) == ([1, 0, 1], ["9", "10"])
    assert written("1,a\n1,2\n", classes=True).classes == ["2", "a"]
    assert written("1,0\n1,1\n", classes=False).classes == []


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", {}, "at least 1 sample, got an empty file"),
        ("\n\n", {}, "at least 1 sample, got an empty file"),
        ("a,b\n", {}, "at least 1 sample, got a header alone"),
        ("a\n1\n", {}, "at least 2 columns, with , ; or tabs between them, got 1"),
        ("a,b\n1,2\n1,2,3\n", {}, r"line 3: expected 2 fields as in line 1, got 3"),
        ("a,b,y\n1,2,0\n\n1,,0\n", {}, r"line 4, column 2 \(b\): the entry is missing, got ''"),
        ("a,b,y\n1,2,0\n,,\n", {}, r"line 3, column 1 \(a\): the entry is missing"),
        ("a,b,y\n1,2,0\n1,2,NaN\n", {}, r"line 3, column 3 \(y\): the entry is missing, got 'NaN'"),
        ("1,?,0\n", {}, r"line 1, column 2: the entry is missing, got '\?'"),
        ("a,y\nred,0\n", {}, r"line 2, column 1 \(a\): expected a finite number, got 'red'"),
        ("a,y\n1_0,0\n", {}, "expected a finite number, got '1_0'"),
        ("a,y\ninf,0\n", {}, "expected a finite number, got 'inf'"),
        ("a,y\n1e999,0\n", {}, "expected a finite number, got '1e999'"),
        ("a;y\n1,5;0\n", {}, "expected a finite number, got '1,5', with a decimal comma"),
        ('a,y\n"1\n2",0\n\nx,0\n', {"features": ["a"]}, r"line 2, column 1 \(a\): expected"),
        ('a,y\n1,"0\n0"\n\nx,0\n', {}, r"line 5, column 1 \(a\): expected a finite number, got 'x'"),
        (
            "a,y\n1,0.5\n1,0.5\n1,high\n",
            {},
            r"line 4, column 2 \(y\): targets must be all numbers .* '0\.5' and 'high'",
        ),
        ('a,y\n"1"2,0\n', {}, "line 2: this is not CSV: '"),
        (b"a,y\n1,\xff\n", {}, "expected text in utf-8"),
        (FLOWERS, {"target": "Species"}, "one column 'Species', got 0 among 'length', 'width', 'species'"),
        ("a,a,y\n1,2,3\n", {"target": "a"}, "one column 'a', got 2 among"),
        (FLOWERS, {"target": 3}, "csv's target must be from -3 to 2, got 3"),
        ("1,2\n", {"target": "y"}, "has no header: csv's target must be an index such as -1, got 'y'"),
        (",a,y\n0,1,2\n", {}, "column 1 has no name, and may be an index that pandas wrote"),
        (FLOWERS, {"features": []}, "at least 1 column, each once, and not the target"),
        (FLOWERS, {"features": [0, "length"]}, "at least 1 column, each once, and not the target"),
        (FLOWERS, {"features": ["species"]}, "at least 1 column, each once, and not the target"),
    ],
)
def test_a_slip_is_told_with_its_line_and_column(written, content, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        written(content, **options)


def test_what_is_no_file_or_column_is_refused(written, tmp_path):
    with pytest.raises(FileNotFoundError):
        data.csv(tmp_path / "none.csv")
    with pytest.raises(TypeError, match="csv's target must be the name of a column or its place, an int, got a float"):
        written(FLOWERS, target=1.0)
    with pytest.raises(TypeError, match="csv's features must be an ordered sequence, got a str"):
        written(FLOWERS, features="length")


def test_another_encoding_can_be_named(written):
    assert written("a,y\n1,café\n".encode("latin-1"), encoding="latin-1").classes == ["café"]


@given(
    rows=st.lists(
        st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.text(st.characters(codec="utf-8"), min_size=1)),
        min_size=1,
    )
)
def test_what_pythons_writer_writes_is_read_back(rows, tmp_path_factory):
    rows = [(x, f"class {name.strip()}") for x, name in rows if "\0" not in name]
    if not rows:
        return
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("x", "name"), *rows])
    table = data.csv(path)
    assert [[x] for x, _ in rows] == table.X
    assert [table.classes[k] for k in table.y] == [name.strip() for _, name in rows]


def test_a_file_trains_a_model_in_three_lines(tmp_path):
    path = tmp_path / "moons.csv"
    moons = data.moons(60, seed=1)
    path.write_text("".join(f"{a!r},{b!r},{moons.classes[k]}\n" for (a, b), k in zip(*moons, strict=True)))
    read = data.csv(path)
    assert read.X == moons.X
    model = nn.MLP(2, [8, 1], seed=0)
    nn.fit(
        model,
        nn.binary_cross_entropy_with_logits,
        *read,
        optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=40,
        seed=random.Random(0),
    )
    assert nn.accuracy(model, *read) > 0.85


def test_an_index_that_pandas_wrote_is_no_feature_unless_it_is_chosen(written):
    indexed = ",a,y\n0,1.5,0\n1,2.5,1\n"
    assert written(indexed, features=["a"]).X == [[1.5], [2.5]]
    table = written(indexed, features=[0, 1])
    assert (table.X, table.features) == ([[0, 1.5], [1, 2.5]], ["column 1", "a"])
