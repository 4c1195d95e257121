"""`postloan init`: everything an installation needs, and nothing twice."""

from sqlalchemy import func, select

from postloan_archive.cli.setup import create_installation
from postloan_archive.workdays.models import WorkdayYear
from postloan_archive.workdays.seed import published_days


def test_an_installation_knows_the_published_years_once(settings):
    for _again in range(2):
        system = create_installation(settings)
        with system.unit_of_work(None) as uow:
            count = uow.session.scalar(select(func.count()).select_from(WorkdayYear))
        system.close()
        assert count == len(published_days())
