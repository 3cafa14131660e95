import logging.config

from gunicorn.config import Config
from gunicorn.glogging import Logger as GunicornLogger

from eventmate.logs.configuration import logging_config


class Logger(GunicornLogger):
    """Gunicorn's own lines, as all others are. In its workers, Django then sets up the same."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        logging.config.dictConfig(logging_config())
