"""A payment's way through the real windows of two desks: in, stopped, cured, resumed, on paper."""

from datetime import date, timedelta

from app.audit.verify import verify
from app.core.codes import HoldCause, StopReason
from app.documents.preview import page_count, page_text
from app.payments import holds
from app.payments.detail import hold_ledger, payment_detail
from app.payments.holds import PlaceHold
from app.payments.invariants import examine
from app.payments.listing import PaymentFilter, PaymentList, Sort, SortKey
from app.payments.papers import resume_sheet
from app.payments.release_log import LogFilter, releases
from app.payments.states import HoldScope, HoldState, Status
from ui.payments.import_wizard import ImportWizard

HEADER = "收款单位,收款账号,开户行,金额,付款日期,用途,发票号,付款账号\n"


def written(tmp_path, account):
    day = date.today() + timedelta(days=1)
    rows = [
        f"上海华峰机械有限公司,31050161393600000123,建设银行张江支行,12000.50,{day},货款,FP-1,{account}",
        f"杭州明远材料有限公司,33050161393600000456,建设银行杭州支行,800.00,{day},运费,FP-2,{account}",
        f"苏州远达电子有限公司,坏账号,建设银行苏州支行,1.00,{day},货款,FP-3,{account}",
    ]
    path = tmp_path / "付款.csv"
    path.write_bytes((HEADER + "\n".join(rows) + "\n").encode("gb18030"))
    return path


def bring_in(clerk, path):
    wizard = ImportWizard(clerk.context, clerk.desk.main)
    wizard.show()
    wizard.choose(str(path))
    clerk.wait(lambda: wizard.reading.preview is not None)
    clerk.press("payments_import_next", wizard)
    clerk.press("payments_import_next", wizard)
    clerk.wait(lambda: "已导入 2 笔" in clerk.part("payments_import_done_text", wizard).text())
    wizard.close()
    clerk.settle()


def statuses(seat):
    found = PaymentList(
        seat.context.db, seat.context.actor, PaymentFilter(), Sort(SortKey.NUMBER, False)
    )
    return [(row.number, row.status) for row in found.page(0, 50)]


def pause_account(seat, number):
    """From the list's own button, through the dialog."""
    seat.go("payments")
    seat.press("payments_acts_hold_wide")
    dialog = seat.dialog("payments_hold")
    scope = seat.part("payments_hold_scope", dialog)
    scope.setCurrentIndex(scope.findText("账户"))
    account = seat.part("payments_hold_account", dialog)
    account.setCurrentIndex(
        next(n for n in range(account.count()) if number in str(account.itemData(n)))
    )
    seat.part("payments_hold_text", dialog).setPlainText("账户核查")
    seat.press("payments_hold_yes", dialog)
    seat.wait(lambda: hold_ledger(seat.context.db, seat.context.actor) != [])
    seat.settle()


def ask_lift(seat, hold_no):
    ledger = seat.go("holds")
    seat.wait(lambda: ledger.table.all_rows() != [])
    ledger.table.setCurrentIndex(ledger.table.rows().index(0, 0))
    seat.press("holds_lift", ledger)
    dialog = seat.dialog("payments_reason")
    seat.part("payments_reason_text", dialog).setPlainText("核查完毕")
    seat.press("payments_reason_yes", dialog)

    def asked():
        [line] = hold_ledger(seat.context.db, seat.context.actor)
        return (line.number, line.state) == (hold_no, HoldState.LIFTING)

    seat.wait(asked)
    seat.settle()


def chosen(seat, number):
    """The list with that payment alone in it, and marked."""
    listed = seat.go("payments", number)
    seat.wait(lambda: listed.table.totals.count == 1)
    seat.wait(lambda: listed.table.current_row() is not None)
    seat.settle()
    return listed


def stop(seat, number):
    chosen(seat, number)
    seat.press("payments_acts_hold")
    dialog = seat.dialog("payments_hold")
    seat.part("payments_hold_text", dialog).setPlainText("发票户名待核")
    seat.press("payments_hold_yes", dialog)
    seat.wait(lambda: dict(statuses(seat))[number] is Status.STOPPED)
    seat.settle()


def diagnose(seat, number):
    chosen(seat, number)
    seat.press("payments_acts_diagnose")
    db, actor = seat.context.db, seat.context.actor
    seat.wait(lambda: payment_detail(db, actor, number).diagnoses != ())
    seat.settle()


def resume(clerk, number):
    """Through the wizard's steps to the form's number."""
    wizard = clerk.go("resume", number)
    clerk.wait(lambda: wizard.verify.table.all_rows() != [])
    wizard.verify.table.rows().tick(wizard.verify.table.all_rows())
    for _ in range(2):
        clerk.press("resume.next", wizard)
        clerk.settle()
    wizard.request.reason.setPlainText("已与供应商核对")
    wizard.request.measures.setPlainText("补录合同")
    wizard.request.planned.set_date(date.today() + timedelta(days=1))
    clerk.press("resume.request.test", wizard)
    clerk.settle()
    clerk.press("resume.next", wizard)
    clerk.wait(lambda: wizard.step() == "done")
    return wizard.done.facts.value("number")


def test_a_payment_comes_in_stops_and_is_resumed_by_two_others(  # C1.3 A5.5 C3.2 C4.1 C5.3 C5.4
    seat, company, founded, tmp_path, qtbot
):
    clerk, other = seat("clerk"), seat("supervisor")
    listed = clerk.go("payments")
    bring_in(clerk, written(tmp_path, company.number))
    (first, _), (second, _) = statuses(clerk)
    clerk.wait(lambda: listed.table.totals.count == 2)

    # The supervisor pauses the whole account; the clerk asks for the lifting, the CFO grants it.
    pause_account(other, company.number)
    assert dict(statuses(clerk))[second] is Status.PAUSED
    [hold] = hold_ledger(founded, clerk.context.actor)
    ask_lift(clerk, hold.number)
    seat("cfo").approve(hold.number)
    assert dict(statuses(clerk))[second] is Status.DRAFT

    # A single stop, and its causes as the diagnosis button finds them.
    stop(clerk, first)
    diagnose(clerk, first)
    detail = payment_detail(founded, clerk.context.actor, first)
    assert detail.line.reasons == (StopReason.MANUAL_PAUSE,)
    assert "发票户名待核" in detail.diagnoses[0].causes[0].summary
    form = resume(clerk, first)

    checker = seat("checker")
    checker.approve(first)
    assert dict(statuses(clerk))[first] is Status.RESUME_PENDING
    inbox = other.approve(first)
    assert f"{first}：" in inbox.banner.text(), inbox.banner.text()
    outcome = other.dialog("outcome")
    assert dict(statuses(clerk))[first] is Status.READY

    # The clerk's list shows it without being asked, and keeps its place.
    listed = clerk.go("payments", first)
    clerk.wait(lambda: listed.table.totals.count == 1)
    detail = payment_detail(founded, clerk.context.actor, first)
    assert detail.line.next_execution_at is not None
    assert all(row["ok"] for row in detail.resumptions[0].review)
    assert detail.attempts == ()

    sheet = outcome.show_sheet()
    other.wait(sheet.view.isVisible)
    other.settle()
    paper = resume_sheet(founded, other.context.actor, form).data
    text = "".join(page_text(paper, page) for page in range(page_count(paper)))
    for word in (form, first, "上海华峰机械有限公司", "壹万贰仟元伍角整", "陈经办", "王主管"):
        assert word in text.replace("\n", "").replace("\r", "")
    saved = tmp_path / f"{form}.pdf"
    sheet.view.save_to(str(saved))
    other.wait(saved.exists)
    assert page_count(saved.read_bytes()) == page_count(paper)
    sheet.close()
    outcome.close()

    with founded.read() as work:
        broken = [promise.code for promise in examine(work) if not promise.ok]
    assert broken == []
    today = date.today()
    log = releases(founded, other.context.actor, LogFilter(today, today))
    assert first in [entry.payment_no for entry in log]
    assert verify(founded).ok


def test_of_two_desks_one_decides_and_the_other_is_told_by_whom(  # C4.4
    seat, company, founded, tmp_path
):
    clerk = seat("clerk")
    bring_in(clerk, written(tmp_path, company.number))
    [(first, _), _] = statuses(clerk)
    from app.payments import editing

    version = payment_detail(founded, clerk.context.actor, first).line.version
    editing.submit(founded, clerk.context.actor, first, version)
    one, two = seat("supervisor"), seat("cfo")
    inboxes = [desk.go("inbox") for desk in (one, two)]
    for inbox in inboxes:
        inbox.table.setCurrentIndex(inbox.table.model().index(0, 0))
    one.settle()
    two.settle()
    # Both have it before them; the second answers after the first.
    rows = inboxes[1].table.selected_rows()
    one.approve(first)
    from app.access.approvals import Decision
    from app.access.sign_in import confirm_identity
    from tests.support.people import PASSWORD

    confirm_identity(founded, two.context.actor, PASSWORD)
    inboxes[1]._decide(rows, Decision.REJECT, "不同意")
    two.wait(lambda: "王主管" in inboxes[1].banner.text())
    assert dict(statuses(clerk))[first] is Status.READY


def test_a_refusal_stays_in_the_inbox_with_its_cause(  # A5.4 C5.3
    seat, company, founded, tmp_path
):
    clerk, checker = seat("clerk"), seat("checker")
    bring_in(clerk, written(tmp_path, company.number))
    [(first, _), _] = statuses(clerk)
    holds.place(
        founded,
        checker.context.actor,
        PlaceHold(HoldScope.PAYMENT, first, HoldCause.SUSPECTED_ERROR, "待核"),
    )
    resume(clerk, first)
    checker.approve(first)
    boss = seat("supervisor")
    holds.place(
        founded,
        boss.context.actor,
        PlaceHold(HoldScope.COMPANY, "", HoldCause.RISK_CONTROL, "全公司盘点"),
    )
    inbox = boss.approve(first)
    boss.wait(lambda: "全公司盘点" in inbox.banner.text())
    assert first in [row.line.subject_no for row in inbox.table.all_rows() if row.line]
    assert dict(statuses(clerk))[first] is Status.RESUME_PENDING
