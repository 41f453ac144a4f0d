"""What clerks and their superiors do at their desks, from the first click to the last."""

from datetime import timedelta

from PySide6.QtCore import Qt

from app.payments.detail import payment_detail
from app.payments.states import STATUS_LABELS, Status
from ui.widgets.date_field import DateField

HEADER = (
    "收款单位,收款账号,开户行,金额,付款日期,用途,付款账号,"
    "单据号,发票金额,发票销方,销方账号,发票号\n"
)
FIRST = "上海华峰机械有限公司,31050161393600000123,建设银行张江支行"
SECOND = "杭州明远材料有限公司,33050161393600000456,建设银行杭州支行"
THIRD = "苏州远达电子有限公司,32050161393600000789,建设银行苏州支行"
BROKEN = "无锡恒昌贸易有限公司,3205****0789,建设银行无锡支行"


def write_list(path, account, today):
    """Three sound rows, the third above its invoice, and one whose account is masked."""
    day = today + timedelta(days=1)
    rows = [
        f"{FIRST},12000.50,{day},货款,{account},FP-1,12000.50,上海华峰机械有限公司,,FP-1",
        f"{SECOND},800.00,{day},运费,{account},FP-2,800.00,杭州明远材料有限公司,,FP-2",
        f"{THIRD},3000.00,{day},货款,{account},FP-3,2000.00,苏州远达电子有限公司,,FP-3",
        f"{BROKEN},1.00,{day},货款,{account},FP-4,1.00,,,FP-4",
    ]
    path.write_bytes((HEADER + "\n".join(rows) + "\n").encode("gb18030"))
    return path


def bring_in(clerk, path):
    """Import the file through its wizard; leaves the wizard at its last step."""
    listed = clerk.go("payments")
    clerk.press("payments_acts_import", listed)
    wizard = clerk.dialog("payments_import")
    clerk.press("payments_import_choose", wizard)
    clerk.choose_file("payments_import_ask", path)
    clerk.press("payments_import_next", wizard)
    problems = [(one.row, one.field) for _, one in wizard.outcome.problems.all_rows()]
    clerk.press("payments_import_next", wizard)
    done = clerk.part("payments_import_done_text", wizard)
    clerk.wait(lambda: "已导入" in done.text())
    return wizard, problems


def import_payments(clerk, path):
    """Import the file; the numbers of its payments."""
    wizard, _ = bring_in(clerk, path)
    clerk.press("payments_import_next", wizard)
    listed = clerk.go("payments")
    clerk.wait(lambda: listed.table.totals.count > 0)
    clerk.settle()
    return sorted(row.number for row in listed.table.rows().rows_between(0, 10))


def shown(page, number):
    """What the list says of that payment: status and reason, as they are painted."""
    model = page.table.rows()
    for at in range(model.rowCount()):
        line = model.row_at(at)
        if line is not None and line.number == number:
            return model.index(at, 0).data()
    return ""


def status(seat, number):
    return payment_detail(seat.context.db, seat.context.actor, number).line.status


def wait_for(seat, number, wanted: Status):
    """Until the list at that desk says so by itself."""
    page = seat.desk.main.pages.page("payments")
    seat.wait(lambda: shown(page, number) == STATUS_LABELS[wanted])


def stop(seat, number, why):
    """Stop that payment alone."""
    listed = seat.mark(number)
    seat.press("payments_acts_hold", listed)
    dialog = seat.dialog("payments_hold")
    seat.write(seat.part("payments_hold_text", dialog), why)
    seat.press("payments_hold_yes", dialog)
    wait_for(seat, number, Status.STOPPED)


def pause(seat, scope, why, account=""):
    """Pause everything of the company or of an account."""
    listed = seat.go("payments")
    seat.press("payments_acts_hold_wide", listed)
    dialog = seat.dialog("payments_hold")
    seat.turn_to(seat.part("payments_hold_scope", dialog), scope)
    if account:
        seat.turn_to(seat.part("payments_hold_account", dialog), account[-4:])
    seat.write(seat.part("payments_hold_text", dialog), why)
    seat.press("payments_hold_yes", dialog)
    seat.wait(lambda: "已生效" in listed.banner.text())
    seat.settle()


def ask_lift(seat, scope_label):
    """Ask for the pause to be lifted; the hold's number."""
    ledger = seat.go("holds")
    seat.click_row(ledger.table, lambda hold: scope_label in hold.scope_label)
    hold = ledger.table.current_row()
    seat.press("holds_lift", ledger)
    dialog = seat.dialog("payments_reason")
    seat.write(seat.part("payments_reason_text", dialog), "核查完毕")
    seat.press("payments_reason_yes", dialog)
    seat.wait(lambda: "解除申请已提交" in seat.part("holds_banner", ledger).text())
    seat.settle()
    return hold.number


def open_resume(clerk, number):
    """The wizard, from the list's own button."""
    listed = clerk.mark(number)
    clerk.press("payments_acts_resume", listed)
    wizard = clerk.desk.main.pages.page("resume")
    clerk.wait(lambda: wizard.verify.table.all_rows() != [])
    clerk.settle()
    return wizard


def tick_all(clerk, wizard):
    table = wizard.verify.table
    clerk.qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    clerk.qtbot.keyClick(table, Qt.Key.Key_Space)


def to_request(clerk, wizard):
    """Verify everything, pass the causes, stand before the request's fields."""
    tick_all(clerk, wizard)
    for step in ("cure", "request"):
        clerk.press("resume.next", wizard)
        clerk.wait(lambda step=step: wizard.step() == step)
        clerk.settle()


def fill_request(clerk, wizard, day):
    clerk.write(clerk.part("resume.request.reason", wizard), "已与供应商核对")
    clerk.write(clerk.part("resume.request.measures", wizard), "补录合同")
    planned = clerk.part("resume.request.planned", wizard, DateField)
    clerk.qtbot.keyClicks(planned, day.isoformat())
    clerk.qtbot.keyClick(planned, Qt.Key.Key_Tab)


def ask_resume(clerk, number, day):
    """Through the wizard's steps to the form's number."""
    wizard = open_resume(clerk, number)
    to_request(clerk, wizard)
    fill_request(clerk, wizard, day)
    clerk.press("resume.request.test", wizard)
    clerk.wait(lambda: "未动用资金" in clerk.part("resume.request.tested", wizard).text())
    clerk.settle()
    clerk.press("resume.next", wizard)
    clerk.wait(lambda: wizard.step() == "done")
    clerk.settle()
    return wizard.done.facts.value("number")


def submit(clerk, number):
    """Hand the new payment to its approvers."""
    listed = clerk.mark(number)
    clerk.press("payments_acts_submit", listed)
    clerk.wait(lambda: "已提交审批 1 笔" in listed.banner.text())
    clerk.settle()
