"""What a push service's answer means to us (RFC 8030, and what the services do)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from core.engine.ports import HOUR, SECOND, Failed, Gone, Millis, Outcome, Retry, Sent


def outcome_of(status: int, retry_after: str | None, now: Millis) -> Outcome:
    """The outcome of an HTTP status; its reason is `http_` and the status.

    Only 404 and 410 end a subscription. 401, 403 (our key) and 413 (our payload) are our fault: alarm.
    """
    reason = f"http_{status}"
    if 200 <= status < 300:
        return Sent(reason)
    if status in (404, 410):
        return Gone(reason)
    if status in (408, 425, 429) or status >= 500:
        return Retry(wait_of(retry_after, now), reason)
    return Failed(reason, alarm=status in (401, 403, 413))


def wait_of(retry_after: str | None, now: Millis) -> Millis | None:
    """Retry-After (seconds or an HTTP date) as a wait between one second and one hour; None when it says nothing."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return _clamped(int(text[:9]) * SECOND)
    try:
        due = parsedate_to_datetime(text)
        return _clamped(int(due.timestamp() * SECOND) - now)
    except (ValueError, OverflowError, OSError):
        return None


def _clamped(wait: Millis) -> Millis:
    return min(max(wait, SECOND), HOUR)
