"""Is this installation sound? One answer a question, each with what to do about it."""

from postloan_archive.admin.doctor.answers import Answer, Grade, worst
from postloan_archive.admin.doctor.examining import examine, examine_machine

__all__ = ["Answer", "Grade", "examine", "examine_machine", "worst"]
