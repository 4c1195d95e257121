"""The OpenAPI description, made from the routes themselves: nothing to forget."""

import inspect
from typing import Final

from flask import Flask
from werkzeug.routing import Rule

from postloan_archive import __version__
from postloan_archive.api import collecting, deadlines, disposing, inspecting, reporting
from postloan_archive.api.bodies import schema_of
from postloan_archive.api.court import LoanJoined, LoanTakenOut, PaperWanted
from postloan_archive.api.enforcement import AwardGiven
from postloan_archive.archive.service import DescribeDocument
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.disposal.service.execution import Execute
from postloan_archive.disposal.service.later import ConfirmClaim, SellAsset
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.enforcement.service import AddCost
from postloan_archive.notices.service import PlanRun
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.web.guard import declared_access
from postloan_archive.worklist.interrupting import NoteInterruption

LOAN: Final = frozenset({"loan_no"})
BODIES: Final[dict[str, tuple[type, frozenset[str]]]] = {  # endpoint -> command, known fields
    "api_documents.describe": (DescribeDocument, frozenset({"document_id", "version"})),
    "api_notices.plan": (PlanRun, frozenset()),
    "api_court.open_case": (OpenCase, frozenset()),
    "api_court.add_event": (AddEvent, frozenset({"case_no"})),
    "api_court.join_loan": (LoanJoined, frozenset()),
    "api_court.take_loan_out": (LoanTakenOut, frozenset()),
    "api_court.make_paper": (PaperWanted, frozenset()),
    "api_enforcement.enter": (AddEvent, frozenset()),
    "api_enforcement.add_cost": (AddCost, frozenset({"case_no"})),
    "api_enforcement.keep_award": (AwardGiven, frozenset()),
    "api_deadlines.done": (deadlines.Done, frozenset()),
    "api_deadlines.note_interruption": (NoteInterruption, frozenset({"loan_no"})),
    "api_court.register": (RegisterMeasure, frozenset()),
    "api_collecting.check": (LogContact, LOAN),
    "api_collecting.log": (LogContact, LOAN),
    "api_collecting.stop": (collecting.StopWanted, frozenset()),
    "api_collecting.lift": (collecting.Why, frozenset()),
    "api_collecting.complain": (NoteComplaint, LOAN),
    "api_collecting.answer": (collecting.Answer, frozenset()),
    "api_collecting.survey": (NoteSurvey, LOAN),
    "api_collecting.plan": (collecting.PlanWanted, frozenset()),
    "api_collecting.place": (Place, LOAN),
    "api_collecting.recall": (collecting.Recall, frozenset()),
    "api_disposing.propose": (Propose, frozenset()),
    "api_disposing.decide": (disposing.Decision, frozenset()),
    "api_disposing.withdraw": (disposing.Withdrawal, frozenset()),
    "api_disposing.execute": (Execute, frozenset({"disposal_no"})),
    "api_disposing.confirm": (ConfirmClaim, frozenset({"disposal_no"})),
    "api_disposing.sell": (SellAsset, frozenset({"asset_id"})),
    "api_disposing.recover": (disposing.RecoverOrLook, frozenset()),
    "api_inspecting.make": (inspecting.InspectionGiven, frozenset()),
    "api_inspecting.raise_signal": (inspecting.SignalSeen, frozenset()),
    "api_inspecting.close_signal": (inspecting.SignalClosed, frozenset()),
    "api_inspecting.note_fact": (inspecting.FactSeen, frozenset()),
    "api_inspecting.decide": (inspecting.ClassWanted, frozenset()),
    "api_inspecting.approve": (inspecting.ClassApproved, frozenset()),
}
UPLOADS: Final[dict[str, dict[str, object]]] = {  # endpoint -> parts of the form
    "api_documents.add_items": {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "item_code": {"type": "string"},
    },
    "api_imports.send": {
        "file": {"type": "string", "format": "binary"},
        "source": {"type": "string"},
    },
}
QUERIES: Final[dict[str, tuple[str, ...]]] = {  # endpoint -> what its address may ask for
    "api_deadlines.deadline_list": (*deadlines.FILTERS, *deadlines.PAGING),
    "api_collecting.worklist": collecting.WORK,
    "api_collecting.promises": ("view", "limit", "cursor"),
    "api_disposing.disposals": disposing.LIST,
    "api_disposing.assets": ("all", "limit", "cursor"),
    "api_disposing.recoveries": disposing.MONEY,
    "api_inspecting.due": inspecting.DUE,
    "api_inspecting.open_signals": inspecting.SIGNALS,
    "api_inspecting.form": ("kind",),
    "api_inspecting.classification": inspecting.CLASSES,
    "api_reporting.report": reporting.FILTER,
    "api_reporting.freeze": reporting.FILTER,
    "api_reporting.frozen_reports": ("key", "branch", "limit", "cursor"),
}
_PROBLEM: Final = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": "string", "nullable": True},
        "next_step": {"type": "string", "nullable": True},
        "basis": {"type": "string", "nullable": True},
        "request_id": {"type": "string"},
    },
}


def describe(app: Flask) -> dict[str, object]:
    """Return the OpenAPI 3.1 document of every route under /api/v1."""
    paths: dict[str, dict[str, object]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not rule.rule.startswith("/api/v1/"):
            continue
        address = "".join(f"{{{part}}}" if dynamic else part for dynamic, part in _parts(rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(address, {})[method.lower()] = _operation(app, rule, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "贷后档案 API", "version": __version__},
        "security": [{"key": []}],
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
        "paths": paths,
    }


def _parts(rule: Rule) -> list[tuple[bool, str]]:
    text, parts = rule.rule, []
    while "<" in text:
        before, _sign, rest = text.partition("<")
        name, _sign, text = rest.partition(">")
        parts += [(False, before), (True, name.rpartition(":")[2])]
    return [*parts, (False, text)]


def _operation(app: Flask, rule: Rule, method: str) -> dict[str, object]:
    text = inspect.getdoc(app.view_functions[rule.endpoint]) or ""
    first, _blank, more = text.partition("\n\n")
    operation: dict[str, object] = {
        "operationId": f"{rule.endpoint}.{method.lower()}",
        "summary": first.rstrip("."),
        "description": more.strip(),
        "x-permission": declared_access(app, rule.endpoint),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for dynamic, name in _parts(rule)
            if dynamic
        ]
        + (
            [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}]
            if method == "POST"
            else []
        )
        + [
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
            for name in QUERIES.get(rule.endpoint, ())
        ],
        "responses": {
            "2XX": {"description": "done"},
            "4XX": {
                "description": "refused",
                "content": {
                    "application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/Problem"}
                    }
                },
            },
        },
    }
    if rule.endpoint in BODIES:
        command, known = BODIES[rule.endpoint]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema_of(command, known)}},
        }
    elif rule.endpoint in UPLOADS:
        parts = UPLOADS[rule.endpoint]
        operation["requestBody"] = {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": {"type": "object", "properties": parts}}
            },
        }
    return operation
