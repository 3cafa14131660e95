"""What things cost where: a price at the level of the euro, in the money of the place."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Money:
    currency: str
    factor: Decimal
    step: Decimal

    def price(self, euros: int) -> Decimal:
        return self.part(euros * self.factor, 1)

    def part(self, price: Decimal, factor: float) -> Decimal:
        """A part or a multiple of a price, rounded to the step that prices are made in, and never
        to nothing.
        """
        exact = price * Decimal(str(factor))
        if exact == 0:
            return exact
        steps = (exact / self.step).quantize(Decimal(1), ROUND_HALF_UP)
        return max(steps, Decimal(1)) * self.step


def _money(currency: str, factor: str, step: str) -> Money:
    return Money(currency, Decimal(factor), Decimal(step))


_EURO = _money("EUR", "1", "0.5")
_BY_COUNTRY = {
    "AR": _money("ARS", "900", "500"),
    "AU": _money("AUD", "1.7", "1"),
    "BR": _money("BRL", "3", "5"),
    "CA": _money("CAD", "1.5", "1"),
    "CH": _money("CHF", "1.4", "1"),
    "CZ": _money("CZK", "16", "10"),
    "DK": _money("DKK", "8.5", "5"),
    "GB": _money("GBP", "0.9", "0.5"),
    "IN": _money("INR", "30", "50"),
    "JP": _money("JPY", "110", "100"),
    "KE": _money("KES", "60", "50"),
    "MX": _money("MXN", "10", "10"),
    "PL": _money("PLN", "3", "1"),
    "SE": _money("SEK", "11", "5"),
    "SG": _money("SGD", "1.4", "1"),
    "TR": _money("TRY", "25", "10"),
    "US": _money("USD", "1.3", "1"),
    "ZA": _money("ZAR", "9", "5"),
}


def money_of(country_code: str) -> Money:
    return _BY_COUNTRY.get(country_code, _EURO)
