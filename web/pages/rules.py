"""Rules: when may I call whom? One page in plain words that everybody can read and print."""

from __future__ import annotations

from litestar import Response, get

from core.engine.outcome import Refusal
from core.escalation.plain.views import Rules, RulesView
from core.escalation.queries.questions import RuleReview
from core.words import date_words
from web.pages.frame import GivenReader

MONTHS = 6
"""Of the figures that whoever may change a rule sees beside it."""


@get("/rules")
async def rules(reader: GivenReader) -> Response[str]:
    """Every rule and every policy, as if I called now."""
    view: RulesView = await reader.ask(Rules(language="ja" if reader.language == "ja" else "en"))
    figures, speech = await reader.look(RuleReview(MONTHS)), await reader.speech()
    known = () if isinstance(figures, Refusal) else figures.items
    return await reader.show(
        "plain.html",
        bar=None,
        title=reader.t("web.rules.title"),
        view=view,
        figures={one.rule: one for one in known if one.matched},
        months=MONTHS,
        team_names=lambda ids: [speech.team(id_) for id_ in ids],
        person_of=speech.called,
        written=lambda day: date_words(day, reader.language),
    )
