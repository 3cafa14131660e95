import pytest


@pytest.fixture(autouse=True)
def own_rate_limits(settings, tmp_path) -> None:
    """allauth counts tries in the cache, which tests share."""
    memory = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": str(tmp_path),
    }
    settings.CACHES = settings.CACHES | {"default": memory}
