"""Each module enters its scenarios by itself; how: loadtests/chaos/__init__.py."""
