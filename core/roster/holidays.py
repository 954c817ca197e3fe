"""The public holidays of a country, as plain days: substitute holidays and citizens' holidays included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

YEARS = range(2000, 2101)
NAMED_IN = {"ja": ("ja",), "en": ("en_US", "en", "en_GB")}
"""By language of a reader: the library's languages that are theirs, best first."""


@lru_cache(maxsize=8)
def public_holidays(country: str | None) -> frozenset[date]:
    """Every public holiday from 2000 to 2100, by ISO country code; none without a country.

    Laws change: what the newest library knows holds, not what was known when the desk was set up.
    """
    if country is None:
        return frozenset()
    # The library takes longer to import than a terminal may take to appear; a desk without holidays never needs it.
    from holidays import country_holidays  # noqa: PLC0415

    return frozenset(country_holidays(country, years=YEARS))


@lru_cache(maxsize=64)
def holiday_names(country: str | None, year: int, language: str) -> Mapping[date, str]:
    """What the holidays of one year are called: in the reader's language where the library knows it, else as there."""
    if country is None or year not in YEARS:
        return {}
    from holidays import country_holidays  # noqa: PLC0415 - as above

    known = country_holidays(country).supported_languages
    spoken = next((one for one in NAMED_IN.get(language, ()) if one in known), None)
    return dict(country_holidays(country, years=year, language=spoken))


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The codes of all countries whose holidays are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 - as above

    return frozenset(list_supported_countries())
