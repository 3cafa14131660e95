"""Prices as people read them."""

from decimal import Decimal

SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "KRW": "₩", "USD": "$"}
WITHOUT_CENTS = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})


def format_money(amount: Decimal | int, currency: str) -> str:
    """Such as "€12.00", "CHF 1,250.00" or "Free"."""
    if amount == 0:
        return "Free"
    digits = f"{amount:,.0f}" if currency in WITHOUT_CENTS else f"{amount:,.2f}"
    if currency in SYMBOLS:
        return f"{SYMBOLS[currency]}{digits}"
    return f"{currency}\N{NO-BREAK SPACE}{digits}"
