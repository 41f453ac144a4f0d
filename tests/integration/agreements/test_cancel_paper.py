"""取消自动扣款申请单, from the records to the paper."""

import pytest
from sqlalchemy import select, update

from app.access.errors import Denied
from app.access.model import Company
from app.agreements.papers import cancel_paper, cancel_sheet
from app.agreements.states import Answer
from app.audit.model import AuditEntry
from app.core.errors import NotFound
from app.core.money import Money
from app.documents.preview import page_count, page_text
from app.letters.states import Party


def text_of(paper):
    pages = range(page_count(paper.data))
    return "".join("".join(page_text(paper.data, page).split()) for page in pages)


@pytest.fixture
def asked(registered, ask):
    number = registered(
        bank_no="ICBC-0001",
        amount=Money.parse("3000"),
        notice_days=45,
        late_rate="0.0005",
        breach="提前终止支付一个月费用",
    )
    return number, ask(number)


def test_that_the_form_says_all_that_was_asked(founded, people, asked):  # D4.4
    number, form = asked
    said = text_of(cancel_sheet(founded, people.clerk, form.form_no))
    for text in (
        "取消自动扣款申请单",
        "编号：QK-2026-0001",
        number,
        "ICBC-0001",
        "国网上海市电力公司",
        "改为人工付款",
        "期望终止日2026年3月31日",
        "约定3,000.00",
        "转人工付款12期，每期¥3,000.00",
        "逾期30天的费用：每期¥45.00",
        "提前终止支付一个月费用",
        "生成人工付款任务12项",
        "待审批",
    ):
        assert text in said


def test_that_it_shows_the_decision_and_the_answers(
    founded, people, asked, decide, answer
):  # D4.4 D5.5
    number, form = asked
    decide(form)
    answer(number)
    answer(number, Party.SUPPLIER, Answer.PENDING)
    paper = cancel_paper(founded, people.supervisor, form.form_no)
    assert [(one.level, one.decision) for one in paper.steps] == [
        ("申请", "提交"),
        ("财务主管", "批准"),
    ]
    assert (paper.parts[0].outcome, str(paper.parts[0].effective_on)) == (
        "银行已确认终止",
        "2026-03-16",
    )


def test_that_it_carries_the_hash_of_its_newest_entry(
    founded, people, asked, decide, registered
):  # D5.4
    _, form = asked
    registered(customer_no="later")
    with founded.read() as work:
        first = work.session.scalar(
            select(AuditEntry.hash).where(AuditEntry.act == "cancel.requested")
        )
    assert cancel_paper(founded, people.clerk, form.form_no).audit_hash == first
    decide(form)
    with founded.read() as work:
        second = work.session.scalar(
            select(AuditEntry.hash).where(AuditEntry.act == "cancel.approved")
        )
    assert cancel_paper(founded, people.clerk, form.form_no).audit_hash == second


def test_that_many_agreements_run_over_pages_with_each_on_it(
    founded, people, registered, ask
):  # D3.3
    numbers = [registered(customer_no=str(n), payee_name=f"第{n}号供水公司") for n in range(12)]
    form = ask(*numbers)
    paper = cancel_sheet(founded, people.clerk, form.form_no)
    assert page_count(paper.data) > 1
    said = text_of(paper)
    assert all(number in said for number in numbers)
    assert all(f"第{n}号供水公司" in said for n in range(12))


def test_that_a_drill_is_no_paper_to_stamp(founded, people, asked):  # D1.1
    with founded.write() as uow:
        uow.session.execute(update(Company).values(drill=True))
        uow.session.connection().commit()
    said = text_of(cancel_sheet(founded, people.clerk, asked[1].form_no))
    assert "不得作为付款依据" in said


def test_that_only_who_may_see_agreements_sees_the_form(founded, people, asked):  # D1.3
    with pytest.raises(Denied):
        cancel_sheet(founded, people.admin, asked[1].form_no)
    with pytest.raises(NotFound):
        cancel_sheet(founded, people.clerk, "QK-2026-9999")
