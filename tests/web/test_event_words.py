"""Events of the trail and kinds of jobs have words that a person reads."""

from postloan_archive.cli.handlers import all_handlers
from postloan_archive.web.event_words import EVENTS, FAMILIES, event_label, job_label
from postloan_archive.web.job_words import JOBS


def test_an_event_without_words_is_named_after_its_family():
    assert event_label("archive.document_added") == "文件入档"
    assert event_label("archive.something_new") == "档案 something_new"
    assert event_label("unheard.of") == "unheard.of"


def test_every_event_with_words_has_a_family_with_words():
    assert {event.partition(".")[0] for event in EVENTS} <= set(FAMILIES)


def test_a_job_without_words_goes_by_its_name(system):
    assert job_label("read_documents") == "读取文件"
    assert job_label("unheard_of") == "unheard_of"
    assert set(JOBS) <= set(all_handlers(system))  # no words for what there is no more
