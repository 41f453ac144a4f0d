"""Payment lists of any layout, read into drafts: pure, without a database."""

from app.payments.intake.aliases import LABELS, Field
from app.payments.intake.drafts import Defaults, Intake, PaymentDraft, Skipped, SourceFigures
from app.payments.intake.mapping import HeaderMap, Recognition, recognise
from app.payments.intake.parse import apply

__all__ = [
    "LABELS",
    "Defaults",
    "Field",
    "HeaderMap",
    "Intake",
    "PaymentDraft",
    "Recognition",
    "Skipped",
    "SourceFigures",
    "apply",
    "recognise",
]
