"""Readers at one work, and what is counted of them."""

from datetime import timedelta

from sqlalchemy import select

from repository.clock import now
from repository.models.usage import UsageEvent
from repository.usage import daily, figures

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


class Desk:
    """What readers do at one work, and what is counted of it."""

    def __init__(self, app, archive, number):
        self.app, self.archive, self.number = app, archive, number
        self.stranger = app.test_client()
        # A session ends with the hour of the clock: here it is always half past, whenever we run.
        self._back = timedelta(minutes=(now().minute - 30) % 60)
        self._seen = 0

    def ask(self, path="", *, client=None, agent=FIREFOX, address="212.112.96.1", **more):
        headers = {"User-Agent": agent, **more.pop("headers", {})}
        return (client or self.stranger).open(
            f"/works/{self.number}{path}",
            headers=headers,
            environ_base={"REMOTE_ADDR": address},
            **{"method": "GET", **more},
        )

    def wait(self, seconds):
        """Time goes by: what has happened is so many seconds older."""
        self.app.extensions["archive"].usage.flush()
        with self.archive.writing() as session:
            for one in session.scalars(select(UsageEvent).order_by(UsageEvent.id)):
                if one.id > self._seen:
                    one.moment, self._seen = one.moment - self._back, one.id
                one.moment -= timedelta(seconds=seconds)

    @property
    def counted(self):
        """views, unique views, downloads, unique downloads"""
        self.wait(0)
        while daily.digest(self.archive, until=now() + timedelta(hours=1)):
            pass
        with self.archive.reading() as session:
            return tuple(figures.of_work(session, self.number))
