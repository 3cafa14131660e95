"""What must be done before the site starts: one process, as Django's own start takes a second."""

import argparse
import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eventmate.launcher.prepare")
    parser.add_argument("credentials", type=Path, help="the file with the demo's logins")
    parser.add_argument("--static", action="store_true", help="collect static files that changed")
    options = parser.parse_args()
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    call_command("migrate", interactive=False, verbosity=0)
    if not options.credentials.exists():
        call_command("seed_demo", "--if-empty", f"--credentials-file={options.credentials}")
    if options.static:
        collect_static()


def collect_static() -> None:
    """Run collectstatic, unless it has been run on exactly these files."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    current = static_fingerprint()
    if not stamp.exists() or stamp.read_text() != current:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(current)


def static_fingerprint() -> str:
    digest = hashlib.sha256(repr((settings.STORAGES, settings.STATIC_ROOT)).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            found = os.stat(storage.path(path))
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
