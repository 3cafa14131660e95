"""Finding a promo code and counting its uses. The last use is claimed as the last seat is."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import F, Q

from bookings.exceptions import Refusal, refusal
from bookings.models import Booking, CodeState, PromoCode
from events.models import Event


def find_promo_code(*, event: Event, text: str) -> PromoCode | None:
    """The event's code that someone typed, in any case and with blanks; None for an empty text.

    Raises BookingError: UNKNOWN_PROMO_CODE, or PROMO_CODE_USED_UP. That it is not so now promises
    nothing: claim_use decides.
    """
    typed = "".join(text.split()).upper()
    if not typed:
        return None
    codes = PromoCode.objects.prefetch_related("ticket_types")
    code = codes.filter(event=event, code=typed, is_active=True).first()
    if code is None:
        raise refusal(Refusal.UNKNOWN_PROMO_CODE, "We do not know this promo code.")
    state = code.state
    if state is CodeState.NOT_STARTED:
        raise refusal(Refusal.UNKNOWN_PROMO_CODE, "This promo code is not valid yet.")
    if state is CodeState.ENDED:
        raise refusal(Refusal.UNKNOWN_PROMO_CODE, "This promo code is no longer valid.")
    if state is CodeState.USED_UP:
        raise _used_up()
    return code


def claim_use(promo_code: PromoCode) -> None:
    """Count a use inside the caller's transaction. Raises BookingError: PROMO_CODE_USED_UP."""
    codes = PromoCode.objects.filter(pk=promo_code.pk)
    if not codes.filter(Q(max_uses=None) | Q(max_uses__gt=F("uses"))).update(uses=F("uses") + 1):
        raise _used_up()


def give_back_uses(bookings: Iterable[Booking]) -> None:
    """Uncount the uses of bookings that ended, inside the caller's transaction."""
    uses = Counter(booking.promo_code_id for booking in bookings if booking.promo_code_id)
    for promo_code_id, count in sorted(uses.items()):
        PromoCode.objects.filter(pk=promo_code_id).update(uses=F("uses") - count)


def end_promo_code(*, promo_code: PromoCode) -> None:
    """Nobody can use it from now on. Bookings and holds that have it keep it."""
    PromoCode.objects.filter(pk=promo_code.pk).update(is_active=False)


def _used_up() -> Exception:
    return refusal(Refusal.PROMO_CODE_USED_UP, "This promo code has been used up.")
