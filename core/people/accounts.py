"""Accounts: API tokens, one's language, and the first admin."""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY
from core.engine.work import Work
from core.people.access import may
from core.people.commands import InstallAdmin, IssueToken, RevokeToken, SetLanguage
from core.people.events import AdminInstalled, LanguageSet, TokenIssued, TokenRevoked
from core.people.model import CONSOLE, Person
from core.people.records import ACCOUNTS, SQL, add_persons, changed, number_of, people_of
from core.people.signing import STREAM, is_active, may_for

MOST_DAYS: Final = 3_660


def issue_token(work: Work, command: IssueToken) -> Done | Refusal:
    """A token for oneself, or for anybody by an admin or the console."""
    if not is_active(work, command.person):
        return Refusal("unknown", "person")
    if not may_for(work, command.person):
        return Refusal("not_allowed", "administer")
    if not 1 <= command.days <= MOST_DAYS:
        return Refusal("invalid", "days", "days", {"least": 1, "most": MOST_DAYS})
    ends, id_ = work.now + command.days * DAY, work.tx.new_ids("secret")
    work.tx.run(ACCOUNTS["tokens_spent"], {"person": command.person, "now": work.now})
    work.tx.run(
        ACCOUNTS["token_add"],
        {
            "id": id_, "hash": command.hash, "person": command.person, "label": command.label[:100],
            "now": work.now, "expires_at": ends,
        },
    )  # fmt: skip
    stream = work.lock(STREAM, number_of(work.tx, command.person))
    work.record(stream, TokenIssued(command.person, id_, ends))
    return Done(id_)


def revoke_token(work: Work, command: RevokeToken) -> Done | Refusal:
    """A token of mine; of anybody's for an admin and the console. To others it does not exist."""
    row = work.tx.one(ACCOUNTS["token_owner"], {"id": command.id})
    if row is None or not may_for(work, row[0]):
        return Refusal("unknown", "token")
    work.tx.run(ACCOUNTS["token_revoke"], {"id": command.id})
    work.record(work.lock(STREAM, number_of(work.tx, row[0])), TokenRevoked(row[0], command.id))
    return Done(command.id)


def set_language(work: Work, command: SetLanguage) -> Done | Refusal:
    """The language of my screens, mails and notifications."""
    person = work.by.person
    people = people_of(work.tx)
    if person is None or not may(people, work.by, "self"):
        return Refusal("not_allowed", "self")
    if people.persons[person].language == command.language:
        return Done(person, again=True)
    work.tx.run(SQL["person_language"], {"person": person, "language": command.language})
    changed(work.tx, "language", person, command.language)
    work.record(work.lock(STREAM, number_of(work.tx, person)), LanguageSet(person, command.language))
    return Done(person)


def install_admin(work: Work, command: InstallAdmin) -> Done | Refusal:
    """The first admin, once, by the console. A desk file neither names nor ends this person."""
    if work.by != CONSOLE:
        return Refusal("not_allowed", "administer")
    people = people_of(work.tx)
    installed = next((person.id for person in people.persons.values() if person.installed), None)
    if installed is not None:
        return Done(installed, again=True)
    if command.id in people.persons:
        return Refusal("conflict", "person_exists")
    admin = Person(
        command.id, command.name, roles=frozenset({"admin"}), language=people.settings.language, installed=True
    )
    add_persons(work.tx, [admin])
    changed(work.tx, "admin", admin)
    work.record(work.lock(STREAM, number_of(work.tx, admin.id)), AdminInstalled(admin.id))
    return Done(admin.id)
