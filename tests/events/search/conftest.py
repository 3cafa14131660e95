from tests.events.importing.conftest import import_file  # noqa: F401  # a fixture
