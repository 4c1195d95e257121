"""The page of a form, for every step of the store."""

from flask import render_template
from flask.typing import ResponseReturnValue

from postloan_archive.web.forms import BaseForm


def form_page(form: BaseForm, title: str, back: str) -> ResponseReturnValue:
    """Return the page of a form; 422 where it was refused."""
    page = render_template("custody/form.html", form=form, title=title, back=back)
    return page, 422 if form.errors or form.form_errors else 200
