"""The fields of one row, and what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from app.core.errors import Problem
from app.core.money import Money
from app.payments.intake import values
from app.payments.intake.aliases import LABELS, Field
from app.payments.intake.capitals import check_capitals
from app.payments.intake.drafts import Defaults, PaymentDraft, SourceFigures
from app.payments.intake.mapping import HeaderMap
from app.payments.intake.values import Unfit
from app.tabular.model import Row

T = TypeVar("T")
_reference = partial(values.limited, characters=values.REF_LIMIT)
_number = partial(values.limited, characters=values.NUMBER_LIMIT)
_place = partial(values.limited, characters=values.BANK_LIMIT)
_TEXTS: Final[Mapping[Field, Callable[[str], str]]] = {
    Field.CLIENT_REF: _reference,
    Field.PAYEE_BANK: _place,
    Field.CNAPS: values.cnaps,
    Field.PAYEE_CITY: _number,
    Field.PAYEE_KIND: values.payee_kind,
    Field.PURPOSE: partial(values.within_bytes, limit=values.PURPOSE_BYTES),
    Field.SUMMARY: partial(values.within_bytes, limit=values.SUMMARY_BYTES),
    Field.CHANNEL: values.channel,
    Field.URGENCY: values.urgency,
    Field.CONTRACT_NO: _number,
    Field.INVOICE_NO: _number,
    Field.ORDER_NO: _number,
}
_BLANKS: Final = {field: reader("") for field, reader in _TEXTS.items()}
_DOCUMENT: Final = frozenset(
    {
        Field.DOCUMENT_NO,
        Field.DOCUMENT_AMOUNT,
        Field.DOCUMENT_PAYEE_NAME,
        Field.DOCUMENT_PAYEE_ACCOUNT,
    }
)
_NUMBERED: Final = frozenset(
    {Field.CLIENT_REF, Field.CONTRACT_NO, Field.INVOICE_NO, Field.ORDER_NO, Field.DOCUMENT_NO}
)


class Cells:
    """Reads one row by its mapping; every unfit cell becomes a Problem."""

    def __init__(self, row: Row, mapping: HeaderMap, defaults: Defaults) -> None:
        self._row = row
        self._columns = mapping.columns
        self._given = {
            field: cell
            for field, column in mapping.columns.items()
            if not values.says_nothing(cell := row.cell(column))
        }
        self._defaults = defaults
        self._problems: list[Problem] = []

    def draft(self, fingerprint: Callable[[str], str]) -> PaymentDraft | Sequence[Problem]:
        """The payment, or all that keeps the row from being one."""
        currency = self._optional(Field.CURRENCY, values.currency) or self._defaults.currency
        money = self._money(currency)
        name = self._needed(Field.PAYEE_NAME, values.payee_name)
        account = self._needed(Field.PAYEE_ACCOUNT, self._digits(Field.PAYEE_ACCOUNT))
        given_payer = self._optional(Field.PAYER_ACCOUNT, self._digits(Field.PAYER_ACCOUNT))
        payer = given_payer or self._default(Field.PAYER_ACCOUNT, self._defaults.payer_account)
        given_day = self._optional(Field.DUE_ON, values.day)
        due_on = given_day or self._default(Field.DUE_ON, self._defaults.due_on)
        texts = self._texts()
        source = self._source(currency)
        if self._problems:
            return self._problems
        # with no problem named, every needed value is there
        assert money is not None and due_on is not None  # noqa: PT018
        assert name and account and payer  # noqa: PT018
        # defaults stay out: the same file read on another day is still the same file
        content = _content(given_payer, name, account, money, given_day, *texts.values(), source)
        return PaymentDraft(
            row=self._row.number,
            payer_account=payer,
            payee_name=name,
            payee_account=account,
            amount=money,
            currency=currency,
            due_on=due_on,
            source=source,
            fingerprint=fingerprint(content),
            **{str(field): text for field, text in texts.items()},
        )

    def _texts(self) -> dict[Field, str]:
        texts = dict(_BLANKS)
        for field in self._given:
            if field in texts:
                texts[field] = self._read(field, _TEXTS[field], "")
        return texts

    def _read(self, field: Field, reader: Callable[[str], T], fallback: T) -> T:
        try:
            self._check_kept(field)
            return reader(self._given[field])
        except Unfit as finding:
            self._add(field, f"{str(finding).rstrip('。')}。")
            return fallback

    def _check_kept(self, field: Field) -> None:
        if field in _NUMBERED and self._is_lossy(field):
            raise Unfit(values.LOSSY.format(LABELS[field]))

    def _optional(self, field: Field, reader: Callable[[str], T]) -> T | None:
        return self._read(field, reader, None) if field in self._given else None

    def _needed(self, field: Field, reader: Callable[[str], T]) -> T | None:
        if field in self._given:
            return self._read(field, reader, None)
        self._add(field, f"{LABELS[field]}为空，请填写。")
        return None

    def _default(self, field: Field, value: T) -> T | None:
        """The caller's value; a Problem when there is none and the cell is blank."""
        if not value and field not in self._given:
            self._add(field, f"{LABELS[field]}为空，请填写，或在导入窗口指定默认值。")
        return value

    def _money(self, currency: str) -> Money | None:
        money = self._needed(Field.AMOUNT, partial(values.amount, currency=currency))
        if money is not None:
            self._optional(Field.AMOUNT_CAPITALS, partial(check_capitals, money=money))
        return money

    def _digits(self, field: Field) -> Callable[[str], str]:
        return partial(values.account, lossy=self._is_lossy(field))

    def _is_lossy(self, field: Field) -> bool:
        return bool(self._row.lossy) and self._columns.get(field) in self._row.lossy

    def _source(self, currency: str) -> SourceFigures | None:
        if self._given.keys().isdisjoint(_DOCUMENT):
            return None
        number = self._optional(Field.DOCUMENT_NO, _number)
        amount = self._optional(Field.DOCUMENT_AMOUNT, partial(values.amount, currency=currency))
        name = self._optional(Field.DOCUMENT_PAYEE_NAME, values.payee_name)
        account = self._optional(
            Field.DOCUMENT_PAYEE_ACCOUNT, self._digits(Field.DOCUMENT_PAYEE_ACCOUNT)
        )
        return SourceFigures(number or "", amount, name or "", account or "")

    def _add(self, field: Field, message: str) -> None:
        self._problems.append(Problem(self._row.number, LABELS[field], message))


def _content(*parts: Any) -> str:
    """All parts in one text; equal texts mean equal payments."""
    return "\x1f".join(_part(part) for part in parts)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Money):
        return f"{part.minor} {part.currency}"
    if isinstance(part, SourceFigures):
        return _content(part.document_no, part.amount, part.payee_name, part.payee_account)
    return "" if part is None else str(part)
