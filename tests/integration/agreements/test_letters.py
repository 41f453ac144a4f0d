"""The letters of an approved cancellation: issued once, numbered without gaps, kept as issued."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied
from app.agreements import letter_view, notices, proving, service
from app.agreements.attaching import AddPaper, PaperKind, WithdrawPaper, add_paper, withdraw_paper
from app.agreements.confirming import Scan
from app.agreements.errors import NotCancellable
from app.agreements.letter_view import SlotState
from app.agreements.states import Answer, Method
from app.audit.proofs import check_proof, read_proof
from app.audit.verify import Seen, verify
from app.core.money import Money
from app.documents.preview import page_count, page_text
from app.letters.errors import BadLetter, SetupMissing
from app.letters.model import Letter
from app.letters.setup import Setup, save_setup
from app.letters.states import LetterKind, Party
from app.storage.model import NumberSeries
from tests.integration.agreements.conftest import row
from tests.support.paper_files import pdf, picture

SETUP = Setup("华精财函", "王会计", "021-58001234", "cw@huadong.example", 5)


@pytest.fixture
def set_up(founded, people):
    save_setup(founded, people.cfo, SETUP)


@pytest.fixture
def two(registered, ask, decide, set_up):
    """An approved request for two agreements with two payees at one branch."""
    first = registered(bank_no="SQ-1", pboc_no="10210202601000001", contract_no="HT-9")
    second = registered(
        bank_no="SQ-2", payee_name="上海临江水务有限公司", amount=Money.parse("3870.5")
    )
    asked = ask(first, second)
    decide(asked)
    return asked


def slots(db, people):
    return letter_view.letter_slots(db, people.clerk)


def text_of(db, people, number):
    _, data = letter_view.letter_file(db, people.clerk, number)
    return "\n".join(page_text(data, page) for page in range(page_count(data)))


def count(db, row_type):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(row_type))


def test_that_each_bank_branch_and_each_payee_gets_one_letter(founded, people, two):  # D5.2, D5.3
    done = notices.issue_letters(founded, people.clerk, two.form_no)
    assert done.numbers == (
        "华精财函〔2026〕1号",
        "华精财函〔2026〕2号",
        "华精财函〔2026〕3号",
    )
    assert (done.failed, done.left) == ((), 0)
    found = [(one.kind, one.addressee, len(one.covers)) for one in slots(founded, people)]
    assert [(kind, covers) for kind, _, covers in found] == [
        (LetterKind.BANK_END, 2),
        (LetterKind.SUPPLIER_END, 1),
        (LetterKind.SUPPLIER_END, 1),
    ]
    assert [name for _, name, _ in found][1:] == ["国网上海市电力公司", "上海临江水务有限公司"]


def test_that_the_bank_reads_every_agreement_and_what_is_asked_of_it(  # D5.2
    founded, people, two
):
    first, *_ = notices.issue_letters(founded, people.clerk, two.form_no).numbers
    said = text_of(founded, people, first).replace("\n", "")
    for wanted in (
        "关于终止自动扣款授权的函",
        "华精财函〔2026〕1号",
        "SQ-1",
        "10210202601000001",
        "SQ-2",
        "国网上海市电力公司",
        "自2026年3月31日起终止",
        "共2份",
        "每月20日",
        "王会计",
        "回　　执",
    ):
        assert wanted in said


def test_that_the_payee_reads_how_it_is_paid_from_then_on(founded, people, two):  # E2.5
    *_, last = notices.issue_letters(founded, people.clerk, two.form_no).numbers
    said = text_of(founded, people, last).replace("\n", "")
    # Twelve months at 3,870.50, from April 2026 to March 2027.
    assert "人民币肆万陆仟肆佰肆拾陆元整" in said
    assert "46,446.00" in said
    assert "2026年4月20日" in said
    assert "收款账户如有变更" in said


def test_that_an_amount_that_only_we_guess_is_not_promised(  # E2.5
    founded, people, registered, ask, decide, set_up
):
    number = registered(amount=None)
    for day in (20, 21):
        debit = service.RecordDebit(number, date(2026, 2, day), Money.parse("333.33"))
        service.record_debit(founded, people.clerk, debit)
    asked = ask(number)
    decide(asked)
    *_, last = notices.issue_letters(founded, people.clerk, asked.form_no).numbers
    said = text_of(founded, people, last).replace("\n", "")
    assert "333.33" not in said
    assert "按账单" in said
    assert "金额按各期账单结算" in said


def test_that_a_second_batch_issues_nothing_twice(founded, people, two):  # D3.4
    notices.issue_letters(founded, people.clerk, two.form_no)
    again = notices.issue_letters(founded, people.clerk, two.form_no)
    assert (again.numbers, again.left) == ((), 0)
    assert count(founded, Letter) == 3


def test_that_nothing_leaves_the_house_before_the_approval(  # D4.4
    founded, people, registered, ask, set_up
):
    asked = ask(registered())
    with pytest.raises(NotCancellable, match="尚未批准"):
        notices.issue_letters(founded, people.clerk, asked.form_no)
    assert count(founded, Letter) == 0


def test_that_a_letter_without_somebody_to_ask_is_refused(  # D5.2
    founded, people, registered, ask, decide
):
    asked = ask(registered())
    decide(asked)
    with pytest.raises(SetupMissing, match="联系人"):
        notices.issue_letters(founded, people.clerk, asked.form_no)
    with founded.read() as work:
        assert work.session.get(NumberSeries, "LETTER-2026") is None


def test_that_a_letter_that_cannot_be_drawn_leaves_no_gap(  # D5.2
    founded, people, registered, ask, decide, set_up
):
    bad = registered(payee_name="没有字形\U000f0000有限公司")
    good = registered(payee_name="上海临江水务有限公司", bank_no="SQ-2")
    asked = ask(bad, good)
    decide(asked)
    done = notices.issue_letters(founded, people.clerk, asked.form_no)
    assert [one.addressee for one in done.failed][1:] == ["没有字形\U000f0000有限公司"]
    assert "字" in done.failed[0].refusal.message
    assert done.numbers == ("华精财函〔2026〕1号",)


def test_that_a_stopped_batch_goes_on_where_it_stopped(  # D3.4
    founded, people, registered, ask, decide, set_up
):
    numbers = [
        registered(payee_name=f"第{place}供应公司", bank_no=f"SQ-{place}") for place in range(14)
    ]
    asked = ask(*numbers)
    decide(asked)
    heard = []
    stopped = notices.issue_letters(
        founded,
        people.clerk,
        asked.form_no,
        lambda done, total: heard.append((done, total)),
        lambda: bool(heard),
    )
    assert (len(stopped.numbers), stopped.left, heard) == (10, 5, [(10, 15)])
    rest = notices.issue_letters(founded, people.clerk, asked.form_no)
    assert [int(one.split("〕")[1][:-1]) for one in (*stopped.numbers, *rest.numbers)] == list(
        range(1, 16)
    )


def test_that_a_voided_letter_keeps_its_number_and_another_follows(  # D5.6
    founded, people, two
):
    first, *_ = notices.issue_letters(founded, people.clerk, two.form_no).numbers
    with pytest.raises(BadLetter, match="原因"):
        notices.void_letter(founded, people.clerk, first, " ")
    notices.void_letter(founded, people.clerk, first, "支行名称有误")
    with pytest.raises(BadLetter, match="已经作废"):
        notices.void_letter(founded, people.clerk, first, "再次")
    assert slots(founded, people)[0].state is SlotState.MISSING
    again = notices.issue_letters(founded, people.clerk, two.form_no)
    assert again.numbers == ("华精财函〔2026〕4号",)
    assert text_of(founded, people, first)


def test_that_an_issued_letter_stays_as_it_was_issued(founded, people, two):  # D5.4
    first, *_ = notices.issue_letters(founded, people.clerk, two.form_no).numbers
    before = letter_view.letter_file(founded, people.clerk, first)
    save_setup(founded, people.cfo, replace(SETUP, contact="李会计", version=1))
    assert letter_view.letter_file(founded, people.clerk, first) == before
    for statement in (
        "UPDATE letter SET addressee = '别处'",
        "DELETE FROM letter",
        "UPDATE stored_file SET size = 1",
        "DELETE FROM stored_file",
    ):
        with founded.write() as uow, pytest.raises(DatabaseError):
            uow.session.execute(text(statement))


def test_that_a_preview_takes_no_number(founded, people, registered, ask, set_up):  # D5.2
    asked = ask(registered())
    paper = notices.preview_letter(
        founded, people.clerk, asked.form_no, LetterKind.SUPPLIER_END, "国网上海市电力公司"
    )
    assert "（预览，尚未编号）" in page_text(paper.data, 0)
    assert count(founded, Letter) == 0
    with founded.read() as work:
        assert work.session.get(NumberSeries, "LETTER-2026") is None


def test_that_only_who_manages_agreements_issues(founded, people, two):  # D1.3
    with pytest.raises(Denied):
        notices.issue_letters(founded, people.auditor, two.form_no)
    with pytest.raises(Denied):
        notices.issue_letters(founded, people.supervisor, two.form_no)
    assert count(founded, Letter) == 0


def test_that_what_the_bank_refused_needs_no_letter(  # D5.5
    founded, people, registered, ask, decide, answer, set_up
):
    number = registered()
    asked = ask(number)
    decide(asked)
    answer(number, said=Answer.REFUSED, effective_on=None)
    assert slots(founded, people) == []
    assert notices.issue_letters(founded, people.clerk, asked.form_no).numbers == ()


def test_that_no_payment_plan_says_so(founded, people, registered, ask, decide, set_up):  # E2.5
    number = registered()
    asked = ask(rows=(row(founded, number, Method.NONE),), typed=number)
    decide(asked)
    *_, last = notices.issue_letters(founded, people.clerk, asked.form_no).numbers
    said = text_of(founded, people, last).replace("\n", "")
    assert "双方对账后另行商定" in said
    assert "金额按各期账单结算" in said


@pytest.fixture
def proven(founded, people, two):
    number = proving.issue_proof(founded, people.clerk, two.form_no)
    said = text_of(founded, people, number).replace("\n", "")
    return number, said, next(w for w in said.split("TINGFU:")[1:])


def test_that_a_proof_can_be_checked_against_the_trail(founded, people, two, proven):  # D5.4
    number, said, rest = proven
    assert number == "ZM-2026-0001"
    seen = read_proof(f"TINGFU:{rest[: rest.index(':') + 65]}")
    assert check_proof(founded, seen) is None
    assert verify(founded).ok
    for wanted in ("尚未答复", "取消处理中", "申请取消自动扣款", "批准取消自动扣款"):
        assert wanted in said


def test_that_a_proof_of_another_trail_does_not_pass(founded, two, proven):  # D5.4
    *_, rest = proven
    seq = int(rest[: rest.index(":")])
    broken = check_proof(founded, Seen(seq, "0" * 64))
    assert broken is not None
    assert broken.entry == seq
    assert check_proof(founded, Seen(999_999, "0" * 64)) is not None


def test_that_a_later_proof_tells_what_the_bank_said_since(  # D5.4
    founded, people, two, proven, answer
):
    answer(two.taken[0])
    answer(two.taken[1], Party.SUPPLIER, effective_on=None)
    number = proving.issue_proof(founded, people.clerk, two.form_no)
    said = text_of(founded, people, number).replace("\n", "")
    assert number == "ZM-2026-0002"
    assert "已取消" in said
    assert "生效日2026年3月16日" in said.replace(" ", "")


def test_that_a_proof_lists_the_papers_that_count_with_their_hashes(  # D5.4
    founded, people, two, proven
):
    assert "三、验证方法" in proven[1]
    keys = [
        add_paper(founded, people.clerk, AddPaper(two.taken[1], PaperKind.END, Scan(name, data)))
        for name, data in (("终止证明.pdf", pdf()), ("传错.png", picture("PNG")))
    ]
    withdraw_paper(founded, people.clerk, WithdrawPaper(keys[1], "传错协议"))
    number = proving.issue_proof(founded, people.clerk, two.form_no)
    said = text_of(founded, people, number).replace("\n", "").replace(" ", "")
    assert "三、协议附件" in said
    assert "四、验证方法" in said
    assert "终止证明.pdf" in said
    assert sha256(pdf()).hexdigest() in said
    assert "传错.png" not in said


def test_that_letters_are_numbered_anew_each_year(  # D5.2
    founded, people, two, clock, registered, ask, decide
):
    later = ask(registered(payee_name="上海临江燃气有限公司", bank_no="SQ-3"))
    decide(later)
    notices.issue_letters(founded, people.clerk, two.form_no)
    clock.move_to(clock.now() + timedelta(days=310))
    done = notices.issue_letters(founded, people.clerk, later.form_no)
    assert done.numbers == ("华精财函〔2027〕1号", "华精财函〔2027〕2号")
