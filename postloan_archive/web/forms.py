"""The form that all forms are: text in, command out, refusals shown beside their field."""

from flask_wtf import FlaskForm

from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.translations import error_text, next_step_text


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Protected by the session's token; a subclass adds fields and `command()`."""

    def submitted(self) -> bool:
        """Return whether the form was sent and is well formed; rules are the service's."""
        return bool(self.validate_on_submit())

    def set_apart(self, word: str) -> None:
        """Give the fields ids of their own, for a page with several forms; names stay."""
        for field in self:
            field.id = f"{word}-{field.id}"
            field.label.field_id = field.id

    def show(self, error: PostloanError) -> None:
        """Put the refusal beside the field it names, else above the form."""
        text = " ".join(filter(None, (error_text(error), next_step_text(error))))
        if error.field and error.field in self:
            field = self[error.field]
            field.errors = [*field.errors, text]
        else:
            self.form_errors.append(text)
