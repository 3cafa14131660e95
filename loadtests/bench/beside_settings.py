from eventmate.settings.local import *  # noqa: F403  # a settings module extends the one below it

ROOT_URLCONF = "loadtests.bench.beside_urls"
