import argparse
import sys

from eventmate import launcher
from eventmate.embedded.errors import ServiceError
from eventmate.launcher.messages import say
from eventmate.launcher.site import run


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eventmate.launcher", description=launcher.__doc__
    )
    parser.add_argument("--dev", action="store_true", help="reload on changes, debug pages")
    try:
        return run(dev=parser.parse_args().dev)
    except ServiceError as error:
        say(str(error), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
