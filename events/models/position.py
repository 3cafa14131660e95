from django.db.models import CheckConstraint, Q


def position_constraint(name: str) -> CheckConstraint:
    """``latitude`` and ``longitude`` in degrees: both on the globe, or neither known."""
    return CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(
            latitude__isnull=False,
            longitude__isnull=False,
            latitude__range=(-90, 90),
            longitude__range=(-180, 180),
        ),
        name=name,
        violation_error_message="Give both latitude and longitude, or neither.",
    )
