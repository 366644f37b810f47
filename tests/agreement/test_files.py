import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.alphas import Level
from annotations.agreement.files import FileError, read_table
from annotations.agreement.summary import summarise

LONG = "unit,coder,value\nu1,ana,a\nu1,bo,b\nu2,ana,a\nu2,bo,a\n"
KEYS = [
    "units",
    "coders",
    "values",
    "percent",
    "alpha",
    "interval",
    "scott",
    "cohen",
    "fleiss",
    "s",
    "ac1",
    "holsti",
]


def read(text: str | bytes, level: Level = Level.NOMINAL):
    return read_table(text if isinstance(text, bytes) else text.encode(), level=level)


def columns(text: str | bytes, level: Level = Level.NOMINAL) -> dict:
    """What was read, a list of values for each coder."""
    table = read(text, level).table
    return {
        coder: [None if code < 0 else table.values[code] for code in table.codes[:, place].tolist()]
        for place, coder in enumerate(table.coders)
    }


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "\ufeff" + LONG,
        LONG.replace(",", ";"),
        LONG.replace(",", "\t"),
        LONG.replace("\n", "\r\n"),
        LONG.replace("\n", "\r"),
        LONG.replace("\n", "\n\n"),
        LONG.encode("utf-16"),
        LONG.replace("unit,coder,value", " Unit ,CODER,Value"),
        'note,value,coder,unit\n;,a,ana,u1\n"x\ny",b,bo,u1\n,a,ana,u2\n,a,bo,u2\n',
    ],
)
def test_the_long_form_is_read_however_it_is_written(text):
    assert columns(text) == {"ana": ["a", "a"], "bo": ["b", "a"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,2\n2,2\n", {1: [1, 2], 2: [2, 2]}),
        ("ana,bo\n1,2\n2,2\n", {"ana": [1, 2], "bo": [2, 2]}),
        ("ana,bo\nx,y\ny,y\n", {"ana": ["x", "y"], "bo": ["y", "y"]}),
        ("x,y\ny,y\n", {1: ["x", "y"], 2: ["y", "y"]}),
        ("unit,ana,bo\nu1,1,2\nu2,2,2\n", {"ana": [1, 2], "bo": [2, 2]}),
        (",ana,bo\n0,1,2\n1,2,2\n", {"ana": [1, 2], "bo": [2, 2]}),
        ("ana,bo,\n1,2,\n2,2,\n", {"ana": [1, 2], "bo": [2, 2]}),
        ("ana,bo\n1.0,2\n,2\n", {"ana": [1, None], "bo": [2, 2]}),
        ("1,2\n#,NA\n.,*\n1,1\n", {1: [1, 1], 2: [2, 1]}),
        ("01,1\n1,1\n", {1: ["01", "1"], 2: ["1", "1"]}),
        ("1.0,1.5\n1,1\n", {1: ["1.0", "1"], 2: ["1.5", "1"]}),
        ("a;b,c\na,c\n", {1: ["a;b", "a"], 2: ["c", "c"]}),
    ],
)
def test_the_wide_form_is_read_with_and_without_a_header(text, found):
    assert columns(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,5;2,5\n-3;1e2\n", {1: [1.5, -3], 2: [2.5, 100]}),
        ("1.50,2\n.5,+2\n", {1: [1.5, 0.5], 2: [2, 2]}),
        ("unit;coder;value\n1;a;0,5\n1;b;0.5\n", {"a": [0.5], "b": [0.5]}),
    ],
)
def test_numbers_have_a_point_or_a_comma(text, found):
    assert columns(text, Level.INTERVAL) == found


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (b"", None, "the file is empty"),
        (b"\n  \n", None, "the file is empty"),
        (b"unit,coder,value\n", None, "no values"),
        (b",,\n,,\n", None, "no values"),
        (b"1,2\n1\n", 2, "1 columns, where the first line has 2"),
        (b"1,2\n\n1,2,3\n", 3, "3 columns, where the first line has 2"),
        (b'1,2\n"1,2\n', 2, "not CSV"),
        (b'1,2\n"1"x,2\n', 2, "not CSV"),
        (b"1,2\n1,\x00\n", 2, "a NUL character"),
        (b"1,2\n1,\xe4\n", 2, "not UTF-8"),
        (b"\xff\xfe1\x00,", None, "not UTF-8"),
        (b"1,2\n1," + b"9" * 2_000 + b"\n", 2, "a cell of more than 1,000 characters"),
        (b"1,2\n1," + b"9" * 200_000 + b"\n", 2, "not CSV"),
        (b"unit,coder,value\n1,a,x\n1,b,x\n1,a,y\n", 4, "gave unit 1 a value in line 2 already"),
        (b"unit,coder,value\n1,,x\n", 2, "no coder"),
        (b"unit,coder,value\n,a,x\n", 2, "no unit"),
        (b"unit,a,b\n1,x,x\n1,x,x\n", 3, "unit 1 stands in line 2 already"),
        (b"1," * 300 + b"1\n" + b"1," * 300 + b"1\n", None, "301 coders"),
        (b"0" * 20_000_001, None, "more than 20 MB"),
    ],
)
def test_what_is_no_table_is_said_with_its_line(text, line, why):
    with pytest.raises(FileError, match=why) as caught:
        read(text)

    assert caught.value.line == line


@pytest.mark.parametrize("value", ["low", "nan", "inf", "1_000", "１", "1e999", "1.2.3", "0x1"])
@pytest.mark.parametrize("level", [Level.ORDINAL, Level.INTERVAL, Level.RATIO])
def test_what_is_no_number_is_named_where_numbers_are_needed(value, level):
    with pytest.raises(FileError, match="number") as caught:
        read(f"1,2\n2,{value}\n", level)

    assert caught.value.line == 2


def test_a_header_that_only_a_person_can_tell_is_told():
    by_number, by_word = b"1,2\n2,2\n1,1\n", b"x,y\nz,z\n"

    assert len(read_table(by_number).table.units) == 3
    assert read_table(by_number, header=True).table.coders == ("1", "2")
    assert read_table(by_word).table.coders == ("x", "y")
    assert len(read_table(by_word, header=False).table.units) == 2


CELLS = st.lists(
    st.lists(
        st.sampled_from(
            ["", "1", "2", "-1", "1,5", "1e100", "1e-99", "#", "a", '"', "unit", "é", "\0"]
        )
        | st.text(max_size=3),
        max_size=4,
    ),
    max_size=6,
)


@given(CELLS, st.sampled_from([",", ";", "\t"]), st.sampled_from(list(Level)))
def test_whatever_is_in_a_file_it_is_figures_or_a_fault(cells, separator, level):
    text = "\n".join(separator.join(line) for line in cells)
    try:
        found = summarise(read(text.encode("utf-8", "surrogatepass"), level).table, level)
    except FileError:
        return

    values = found.as_dict()
    assert all(value is None or value == value for value in values.values())
    assert {key for key, value in values.items() if value is None} == values.get(
        "reason", {}
    ).keys()


def test_cells_without_a_value_are_counted():
    found = read("ana,bo\n1,\n2,NA\n1,1\n")

    assert found.missing == 2
    assert "with a header" in found.form


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    def write(text: str):
        path = tmp_path / "codes.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_json_has_the_keys_that_are_documented(file, capsys):
    call_command("agreement", file=file("1,1\n2,2\n1,2\n2,2\n"), level="nominal", json=True)

    found = json.loads(capsys.readouterr().out)
    assert list(found) == KEYS
    assert (found["units"], found["coders"], found["values"]) == (4, 2, 8)
    assert found["percent"] == 0.75
    assert found["interval"]["method"] == "jackknife"


def test_what_is_null_has_a_reason_by_its_key(file, capsys):
    call_command("agreement", file=file("1,1\n1,1\n"), level="ordinal", json=True)

    found = json.loads(capsys.readouterr().out)
    assert list(found) == [*KEYS, "reason"]
    assert found["percent"] == 1
    assert set(found["reason"]) == {key for key in KEYS if found[key] is None}
    assert found["reason"]["alpha"].startswith("100 % agreement; alpha not defined")


def test_in_words_every_figure_has_its_name(file, capsys):
    call_command("agreement", file=file("a,b,c\n1,1,2\n2,2,2\n1,1,1\n"), level="interval")

    said = capsys.readouterr().out
    assert "Coders: a, b, c" in said
    assert "Level: interval" in said
    assert said.count("(mean over pairs)") == 3
    assert "Krippendorff's alpha" in said
    assert "(jackknife)" in said


def test_a_fault_names_file_line_and_reason(file, tmp_path):
    with pytest.raises(CommandError, match=r"codes\.csv, line 2: “x” is not a number\."):
        call_command("agreement", file=file("1,2\n1,x\n"), level="ratio")
    with pytest.raises(CommandError, match="nowhere: no such file"):
        call_command("agreement", file=tmp_path / "nowhere", level="ratio")
    with pytest.raises(CommandError, match="no such file"):
        call_command("agreement", file=tmp_path, level="ratio")
