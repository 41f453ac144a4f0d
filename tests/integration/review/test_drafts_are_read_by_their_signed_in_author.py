"""Reading one's drafts takes a sign-in that has not ended."""

import pytest

from app.access.drafts import drafts_of, save_draft
from app.access.errors import SignedOut
from app.access.sign_in import sign_out


def test_that_a_draft_can_not_be_read_after_signing_out(founded, people):  # C5.1
    save_draft(founded, people.clerk, "resume", "FK-1", "verify", {"reason": "商业秘密"})
    sign_out(founded, people.clerk)
    with pytest.raises(SignedOut):
        drafts_of(founded, people.clerk)
