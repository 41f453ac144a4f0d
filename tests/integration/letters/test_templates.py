"""The wording of letters, edited by a supervisor, every edition kept."""

from dataclasses import replace

import pytest

from app.access.errors import Denied
from app.core.errors import BadInput, Conflict
from app.documents.preview import page_text
from app.letters.errors import BadTemplate
from app.letters.setup import Security, Setup, letter_setup, save_setup
from app.letters.states import LetterKind
from app.letters.templates import SaveTemplate, current, editions, preview_template, save_template

KIND = LetterKind.BANK_END


def text_of(db):
    with db.read() as work:
        return current(work, KIND).text


@pytest.fixture
def command(founded):
    new = text_of(founded).replace("现函告如下", "现正式函告如下")
    return SaveTemplate(KIND, new, "法务意见", 0)


def test_that_a_new_wording_follows_the_shipped_one(founded, people, command):  # B5.5
    assert save_template(founded, people.supervisor, command) == 1
    assert "现正式函告如下" in text_of(founded)
    newest, shipped = editions(founded, people.clerk, KIND)
    assert (newest.number, newest.made_by, newest.reason) == (1, people.supervisor.name, "法务意见")
    assert (shipped.number, shipped.made_at) == (0, None)
    assert "现函告如下" in shipped.text


def test_that_who_was_slower_is_told_and_loses_nothing(founded, people, command):
    save_template(founded, people.supervisor, command)
    other = replace(command, text=command.text.replace("函告", "通知"))
    with pytest.raises(Conflict, match=people.supervisor.name):
        save_template(founded, people.cfo, other)
    assert save_template(founded, people.cfo, replace(other, expected=1)) == 2


def test_that_an_unknown_field_is_named_with_its_line(founded, people, command):
    bad = replace(command, text=command.text.replace("{终止日}", "{停止日}"))
    with pytest.raises(BadTemplate, match=r"第 5 行：没有“\{停止日\}”这一字段") as info:
        save_template(founded, people.supervisor, bad)
    assert [(one.row, one.field) for one in info.value.problems] == [(5, "停止日")]
    with pytest.raises(BadTemplate):
        preview_template(founded, people.clerk, KIND, bad.text)
    assert len(editions(founded, people.clerk, KIND)) == 1


@pytest.mark.parametrize("changes", [{"reason": " "}, {"text": ""}])
def test_that_a_wording_without_reason_or_text_is_refused(founded, people, command, changes):
    with pytest.raises(BadInput if "reason" in changes else BadTemplate):
        save_template(founded, people.supervisor, replace(command, **changes))


def test_that_no_change_is_no_edition(founded, people, command):
    same = replace(command, text=text_of(founded) + "\n\n")
    with pytest.raises(BadInput, match="没有变化"):
        save_template(founded, people.supervisor, same)


def test_that_a_clerk_does_not_word_letters(founded, people, command):
    with pytest.raises(Denied):
        save_template(founded, people.clerk, command)
    assert len(editions(founded, people.clerk, KIND)) == 1


@pytest.mark.parametrize("kind", [LetterKind.BANK_END, LetterKind.SUPPLIER_END])
def test_that_a_wording_can_be_looked_at_before_it_is_saved(founded, people, kind):
    with founded.read() as work:
        said = current(work, kind).text
    paper = preview_template(founded, people.clerk, kind, said.replace("联系人：", "联络人："))
    assert "联络人：王某某" in "".join(
        page_text(paper.data, page).replace("\n", "") for page in range(paper.pages)
    )


SOUND = Setup("华精财函", "王会计", "021-58001234")


def test_that_the_setting_is_kept_and_told(founded, people):
    save_setup(founded, people.admin, replace(SOUND, smtp_host="smtp.x.cn", sender="a@x.cn"))
    found = letter_setup(founded, people.cfo)
    assert (found.word, found.smtp_security, found.version) == ("华精财函", Security.TLS, 1)


def test_that_a_setting_that_another_changed_is_not_overwritten(founded, people):
    save_setup(founded, people.admin, SOUND)
    with pytest.raises(Conflict):
        save_setup(founded, people.cfo, SOUND)


@pytest.mark.parametrize(
    "changes",
    [
        {"word": ""},
        {"word": "财函〔2026〕"},
        {"contact": " "},
        {"phone": ""},
        {"reply_days": 0},
        {"smtp_port": 70000},
        {"smtp_security": "SSH"},
        {"smtp_host": "smtp.x.cn"},
        {"email": "无"},
    ],
)
def test_that_a_setting_that_cannot_serve_is_refused(founded, people, changes):
    with pytest.raises(BadInput):
        save_setup(founded, people.admin, replace(SOUND, **changes))
    assert letter_setup(founded, people.admin).version == 0


def test_that_a_clerk_does_not_set_up_mail(founded, people):
    with pytest.raises(Denied):
        save_setup(founded, people.clerk, SOUND)
