"""The web application for a WSGI server, such as `gunicorn wsgi:app`; needs `postloan init`."""

from postloan_archive.app import create_app
from postloan_archive.config import Settings

app = create_app(Settings.from_environment())
