import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.core.errors import BadInput
from app.core.money import Money
from ui.widgets.money_edit import AmountLine, MoneyEdit


@pytest.fixture
def line(qtbot: QtBot) -> AmountLine:
    made = AmountLine("amount", "金额", "USD")
    qtbot.addWidget(made)
    return made


def test_an_amount_is_shown_with_thousands_separators_at_the_right(line: AmountLine):
    line.set_money(Money(123_456_789, "USD"))
    assert line.text() == "1,234,567.89"
    assert line.alignment() & Qt.AlignmentFlag.AlignRight
    assert line.money() == Money(123_456_789, "USD")


def test_an_empty_field_is_no_amount_and_no_problem(line: AmountLine):
    line.setText("  ")
    assert line.money() is None
    assert line.problem() == ""


@pytest.mark.parametrize("text", ["12a", "1.234", "NaN"])
def test_what_is_no_amount_is_marked_and_refused(line: AmountLine, text: str):
    line.setText(text)
    assert line.property("invalid") is True
    assert text in line.toolTip()
    with pytest.raises(BadInput):
        line.money()
    line.setText("1")
    assert line.property("invalid") is False


def test_an_amount_is_told_when_it_can_be_read(qtbot: QtBot, line: AmountLine):
    with qtbot.waitSignal(line.amount_changed) as told:
        line.setText("2,000.5")
    assert told.args == [Money(200_050, "USD")]
    with qtbot.assertNotEmitted(line.amount_changed):
        line.setText("2,000.5x")


def test_the_capitals_stand_below_the_amount(qtbot: QtBot):
    edit = MoneyEdit("amount", "金额")
    qtbot.addWidget(edit)
    edit.set_money(Money(123_450))
    assert "壹仟贰佰叁拾肆元伍角" in edit.explanation()
    edit.set_money(None)
    assert edit.explanation() == ""


def test_the_problem_stands_below_the_amount_instead(qtbot: QtBot):
    edit = MoneyEdit("amount", "金额")
    qtbot.addWidget(edit)
    edit.line.setText("12a")
    assert "12a" in edit.explanation()
