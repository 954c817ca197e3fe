"""What holds for whatever a peer or a person writes."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from hypothesis import given
from hypothesis import strategies as st

from core.engine.ports import HOUR, SECOND
from push.addresses import is_public
from push.answers import outcome_of, wait_of
from push.letter import Letterhead, letter, one_line
from tests.push.messages import START, message

WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Language",
    "MIME-Version",
}


@given(st.text(), st.integers(100, 599))
def test_any_answer_has_an_outcome(header: str, status: int) -> None:
    """No status and no Retry-After raises, and a wait is between one second and one hour."""
    wait = wait_of(header, START)
    assert wait is None or SECOND <= wait <= HOUR
    assert outcome_of(status, header, START)


@given(st.text(), st.ip_addresses())
def test_any_address_is_inside_or_outside(text: str, address: object) -> None:
    """Whatever stands for an address gets an answer."""
    assert not is_public(text) or "." in text or ":" in text
    assert is_public(str(address)) in (True, False)


@given(WRITTEN, WRITTEN)
def test_any_subject_and_text_make_one_mail(subject: str, text: str) -> None:
    """Nothing that is written adds a header, and what is read is what was written."""
    sent = letter(
        Letterhead("desk@tsubame.example"),
        message({"address": "a@b.example"}, subject=subject, text=text),
        "a@b.example",
        START,
    )
    mail = message_from_bytes(sent, policy=default)
    assert isinstance(mail, EmailMessage)
    assert sorted(mail.keys()) == sorted(HEADERS)
    assert mail["Subject"].split() == one_line(subject).split()
    assert "".join(mail.get_content().split()) == "".join(text.split())
