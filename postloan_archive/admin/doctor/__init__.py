"""Is this installation sound? One answer a question, each with what to do about it."""

from postloan_archive.admin.doctor.answers import Answer, Grade, worst
from postloan_archive.admin.doctor.examining import examine

__all__ = ["Answer", "Grade", "examine", "worst"]
