"""The public holidays of a country, as plain days: substitute holidays and citizens' holidays included."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

YEARS = range(2000, 2101)


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


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The codes of all countries whose holidays are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 - as above

    return frozenset(list_supported_countries())
