"""Any journal that is written out is read back exactly, however it was laid out."""

import string
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reconciliation.journal.reading import read_books
from app.statements.parsed import Proof
from app.tabular.model import Kind, Row, Table

AMOUNTS = st.integers(-(10**9), 10**9).filter(bool)
WORDS = st.text(string.ascii_lowercase + "货款电费工资利息转账", min_size=1, max_size=8)
FORMS = ("whole", "parts", "short")
START = date(2025, 11, 20)

LINE = st.fixed_dictionaries(
    {
        "minor": AMOUNTS,
        "red": st.booleans(),
        "later": st.integers(0, 20),
        "voucher": st.integers(1, 99),
        "summary": WORDS,
        "name": st.one_of(st.just(""), WORDS),
        "settlement": st.one_of(st.just(""), st.integers(1000, 99999).map(str)),
    }
)
SHAPE = st.fixed_dictionaries(
    {
        "form": st.sampled_from(FORMS),
        "order": st.permutations(["voucher", "summary", "name", "settlement", "amounts", "rest"]),
        "depth": st.sampled_from([1, 2, 3]),
        "repeat": st.booleans(),
        "direction": st.booleans(),
        "balances": st.booleans(),
        "page": st.integers(2, 9),
        "day_sums": st.booleans(),
        "month_sums": st.booleans(),
        "year_sums": st.booleans(),
        "brackets": st.booleans(),
        "commas": st.booleans(),
        "opening_row": st.booleans(),
    }
)


class Writer:
    """Lays a journal out as some program might."""

    def __init__(self, lines, opening, shape):
        self.lines, self.opening, self.shape = lines, opening, shape
        self.rows = []
        self.lines_at = []
        self.balance = opening
        self.last = None
        names = {"amounts": ["借方", "贷方"], "rest": []}
        if shape["direction"]:
            names["rest"].append("方向")
        if shape["balances"]:
            names["rest"].append("余额")
        single = {
            "voucher": "凭证字号",
            "summary": "摘要",
            "name": "往来单位",
            "settlement": "结算号",
        }
        self.columns = ["日期"] if shape["form"] != "parts" else ["月", "日"]
        for one in shape["order"]:
            self.columns += names.get(one) or ([single[one]] if one in single else [])

    def figure(self, minor, *, blank_zero=True):
        if not minor and blank_zero:
            return ""
        text = f"{abs(minor) / 100:,.2f}" if self.shape["commas"] else f"{abs(minor) / 100:.2f}"
        if minor >= 0:
            return text
        return f"({text})" if self.shape["brackets"] else f"-{text}"

    def put(self, **cells):
        self.rows.append(tuple(cells.get(column, "") for column in self.columns))

    def day(self, on, *, whole=True):
        """The cells of a date; those of a repeated one may stay blank."""
        if whole and self.shape["repeat"] and self.last == on:
            return {}
        if self.shape["form"] == "whole":
            return {"日期": on.isoformat()}
        if self.shape["form"] == "short":
            return {"日期": f"{on.month}月{on.day}日"}
        return {"月": f"{on.month:02}", "日": f"{on.day:02}"}

    def stated(self):
        if not self.shape["balances"]:
            return {}
        if not self.shape["direction"]:
            return {"余额": self.figure(self.balance, blank_zero=False)}
        way = "平" if not self.balance else "借" if self.balance > 0 else "贷"
        return {"方向": way, "余额": self.figure(abs(self.balance))}

    def heading(self):
        depth = self.shape["depth"]
        if depth == 1:
            self.rows.append(tuple(self.columns))
            return
        upper = ["2025年" if one == "月" else "" if one == "日" else one for one in self.columns]
        lower = [one if one in {"月", "日"} else "" for one in self.columns]
        for at, one in enumerate(self.columns):
            if one in {"借方", "贷方"}:
                lower[at] = "金额"
        self.rows.append(tuple(upper))
        if depth == 2:
            self.rows.append(tuple(lower))
            return
        self.rows.append(tuple("发生额" if one == "金额" else one for one in lower))
        self.rows.append(tuple("人民币" if one == "金额" else "" for one in lower))

    def sums(self, word, chosen, **date_cells):
        income = sum(one["minor"] for one in chosen if (one["minor"] > 0) is not one["red"])
        expense = -sum(one["minor"] for one in chosen if (one["minor"] > 0) is one["red"])
        self.put(
            摘要=word,
            借方=self.figure(income, blank_zero=False),
            贷方=self.figure(expense, blank_zero=False),
            **self.stated(),
            **date_cells,
        )

    def write(self):
        shape, on = self.shape, START
        self.rows += [("银行存款日记账",), ("编制单位：某公司", "期间：2025.11-2027.12")]
        self.rows.append(("科目：1002 银行存款-工行",))
        self.heading()
        if shape["opening_row"] and shape["balances"]:
            self.put(摘要="期初余额", **self.stated())
        done = []
        for at, one in enumerate(self.lines):
            before = on
            on += timedelta(days=one["later"])
            if done and on != before:
                self.ended(done, before, on)
            if at and at % shape["page"] == 0:
                self.put(摘要="过次页", **self.stated())
                self.rows.append(())
                self.rows.append(("科目：1002 银行存款-工行",))
                self.heading()
                self.put(摘要="承前页", **self.stated())
            self.balance += one["minor"]
            side = "借方" if (one["minor"] > 0) is not one["red"] else "贷方"
            amount = one["minor"] if side == "借方" else -one["minor"]
            self.put(
                凭证字号=f"记-{one['voucher']}",
                摘要=one["summary"],
                往来单位=one["name"],
                结算号=one["settlement"],
                **{side: self.figure(amount)},
                **self.day(on),
                **self.stated(),
            )
            self.lines_at.append((len(self.rows), on))
            self.last = on
            done.append({**one, "on": on})
        self.rows.append(("制单人：张三", "", "审核：李四"))
        return Table(Kind.XLSX, "", "", [Row(at, cells) for at, cells in enumerate(self.rows, 1)])

    def ended(self, done, day, after):
        """The sums that a program writes once a day, a month or a year is over."""
        if self.shape["day_sums"]:
            self.sums("本日合计", [x for x in done if x["on"] == day])
        if (after.year, after.month) == (day.year, day.month):
            return
        if self.shape["month_sums"]:
            month = [x for x in done if (x["on"].year, x["on"].month) == (day.year, day.month)]
            if day.month != START.month or day.year != START.year:
                self.sums("本月合计", month)
        if self.shape["year_sums"]:
            self.sums("本年累计", [x for x in done if x["on"].year == day.year])


@given(st.lists(LINE, min_size=1, max_size=25), st.integers(-(10**8), 10**9), SHAPE)
def test_any_journal_is_read_back_as_it_was_written(lines, opening, shape):  # E1.2
    writer = Writer(lines, opening, shape)
    table = writer.write()
    found = read_books(table)
    [book] = found.books
    # Where all of 贷方 is red and no balance tells, somebody is asked to look.
    assert [one for one in found.problems if one.field != "贷方"] == []
    expected = []
    for (row, on), one in zip(writer.lines_at, lines, strict=True):
        expected.append(
            (
                row,
                on,
                one["minor"],
                one["red"],
                f"记-{one['voucher']}",
                one["summary"],
                one["name"],
                one["settlement"],
            )
        )
    assert [
        (x.row, x.on, x.minor, x.red, x.voucher, x.summary, x.name, x.settlement)
        for x in book.lines
    ] == expected
    assert book.problems == ()
    if shape["balances"]:
        balance, stated = opening, []
        for one in lines:
            balance += one["minor"]
            stated.append(balance)
        assert [x.balance for x in book.lines] == stated
        assert (book.opening, book.closing) == (opening, balance)
        if len(lines) > 1 or shape["opening_row"]:
            assert book.proof is Proof.BALANCED
    told = {one.row for one in found.skipped} | {one.row for one in book.lines}
    blank = {row.number for row in table.rows if row.blank()}
    assert told | blank == {row.number for row in table.rows}
