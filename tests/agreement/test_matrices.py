import csv
import io

import pytest
from hypothesis import given

from annotations.agreement import matrices
from annotations.agreement.files import read_table
from annotations.agreement.summary import summarise
from annotations.agreement.tables import Table
from annotations.agreement.unitizing import Marked
from tests.agreement.test_coefficients import GAPPED, SOME

TABLE = Table.of(
    [("d1", "ana", "for"), ("d1", "bo", "against"), ("d2", "ana", "for"), ("d3", "bo", "for")]
)


def lines(text):
    return list(csv.reader(io.StringIO(text)))


def test_recal_gets_numbers_without_a_header():
    assert matrices.recal(TABLE) == "2,1\r\n2,#\r\n#,2\r\n"
    assert matrices.key(TABLE) == {"against": "1", "for": "2"}


def test_kalpha_gets_coders_as_columns():
    assert lines(matrices.kalpha(TABLE)) == [["ana", "bo"], ["2", "1"], ["2", "."], [".", "2"]]


def test_tidycomm_gets_a_line_a_coding():
    assert lines(matrices.tidycomm(TABLE, "stance")) == [
        ["unit", "coder", "stance"],
        ["d1", "ana", "for"],
        ["d1", "bo", "against"],
        ["d2", "ana", "for"],
        ["d3", "bo", "for"],
    ]


def test_icr_gets_coders_as_rows():
    assert lines(matrices.icr(TABLE)) == [
        ["", "d1", "d2", "d3"],
        ["ana", "2", "2", "NA"],
        ["bo", "1", "NA", "2"],
    ]


def test_pygamma_gets_passages_without_a_header():
    passages = [Marked("ana", 3, 9, "for, or not"), Marked("bo", 4, 9, "against")]

    assert lines(matrices.pygamma(passages)) == [
        ["ana", "for, or not", "3", "9"],
        ["bo", "against", "4", "9"],
    ]


def test_numbers_stay_what_they_are():
    table = Table.wide([[5, 0], [0.5, 5]])

    assert matrices.recal(table) == "5,0.5\r\n0,5\r\n"


@pytest.mark.parametrize("write", [matrices.recal, matrices.kalpha])
@SOME
@given(units=GAPPED.filter(lambda units: any(v is not None for u in units for v in u)))
def test_what_goes_out_comes_back_with_the_same_figures(write, units):
    table = Table.wide([list(column) for column in zip(*units, strict=True)])
    used = [
        coder
        for place, coder in enumerate(table.coders)
        if any(unit[place] is not None for unit in units)
    ]

    back = read_table(write(table).encode(), header=write is matrices.kalpha).table

    before, after = (summarise(found) for found in (table.of_coders(used), back))
    for key, value in before.as_dict().items():
        if isinstance(value, int | float):
            assert after.as_dict()[key] == pytest.approx(value), key
