from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bookings import receivers  # noqa: F401  # connects to allauth, whose hook is a signal
        from bookings.metrics import BookingsCollector
        from bookings.services.figures import write_views
        from eventmate.later import write_now_and_then
        from eventmate.metrics.registry import REGISTRY

        REGISTRY.register(BookingsCollector())
        write_now_and_then(write_views)
