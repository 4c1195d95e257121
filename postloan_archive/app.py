"""create_app: the only module that knows every part of the product."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from postloan_archive.access.permissions import Permission
from postloan_archive.admin import (
    account,
    branches,
    grants,
    jobs_pages,
    sign_in,
    system_pages,
    trail_pages,
    users,
)
from postloan_archive.api.identity import install_identity
from postloan_archive.api.routes import BLUEPRINTS as API
from postloan_archive.archive import gaps, inbox_list
from postloan_archive.archive import routes as archive_routes
from postloan_archive.archive.pieces.suggesting import look_also_for
from postloan_archive.archive.record_links import (
    install_document_uses,
    install_record_finders,
)
from postloan_archive.archive.routes.inbox_address import install_slips
from postloan_archive.assurance import routes as assurance_routes
from postloan_archive.calculators import routes as calculator_routes
from postloan_archive.cases import clocks as case_clocks
from postloan_archive.cases import steps as case_steps
from postloan_archive.cases.numbers import numbers_of_cases
from postloan_archive.cases.record_links import case_links, case_uses
from postloan_archive.collection import list_routes as collecting_routes
from postloan_archive.collection import routes as collection_routes
from postloan_archive.config import Settings
from postloan_archive.court_papers import routes as court_paper_routes
from postloan_archive.custody import lending_routes as store_lending_routes
from postloan_archive.custody import list_routes as store_list_routes
from postloan_archive.custody import paper_routes as file_paper_routes
from postloan_archive.custody import routes as store_routes
from postloan_archive.custody.places import places_of
from postloan_archive.disposal import later_routes as recovery_routes
from postloan_archive.disposal import routes as disposal_routes
from postloan_archive.enforcement import routes as enforcement_routes
from postloan_archive.inspection import collateral_routes, signal_routes
from postloan_archive.inspection import routes as inspection_routes
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation import file_steps
from postloan_archive.litigation import loan_routes as litigation_routes
from postloan_archive.litigation.record_links import package_steps, package_uses
from postloan_archive.loans import clocks as loan_clocks
from postloan_archive.loans import entry_routes as loan_routes
from postloan_archive.loans.file_frame import install_loan_file
from postloan_archive.loans.file_parts import LoanFileParts, LoanListParts, Tab
from postloan_archive.loans.routes import install_loan_list
from postloan_archive.notices import routes as notice_routes
from postloan_archive.notices import slips
from postloan_archive.notices.record_links import letter_uses
from postloan_archive.policy import routes as policy_routes
from postloan_archive.preservation import clocks as preservation_clocks
from postloan_archive.preservation import loan_tab as preservation_routes
from postloan_archive.preservation.record_links import measure_uses
from postloan_archive.reports import customer_routes as customer_report_routes
from postloan_archive.reports import routes as report_routes
from postloan_archive.retention import routes as retention_routes
from postloan_archive.uow import System, open_system
from postloan_archive.vault import keep_working_copies
from postloan_archive.web import home, saved_views
from postloan_archive.web.bounds import install_bounds, install_form_bounds
from postloan_archive.web.errors import install_errors
from postloan_archive.web.filters import install_filters
from postloan_archive.web.frame import install_frame
from postloan_archive.web.guard import install_guard
from postloan_archive.web.headers import install_headers
from postloan_archive.web.logs import configure_logs, install_request_log
from postloan_archive.web.people import forget_people, install_people
from postloan_archive.web.request_uow import install_system, the_system
from postloan_archive.web.sessions import install_sessions, use_sessions
from postloan_archive.web.translations import install_translations
from postloan_archive.workdays import routes as workday_routes
from postloan_archive.workdays.moves import install_moves
from postloan_archive.worklist import routes as worklist_routes
from postloan_archive.worklist.jobs import follow
from postloan_archive.worklist.moves import moves_of
from postloan_archive.worklist.nearest import nearest_days
from postloan_archive.worklist.routes import numbers as worklist_numbers

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    home.bp,
    saved_views.bp,
    sign_in.bp,
    account.bp,
    users.bp,
    branches.bp,
    grants.bp,
    trail_pages.bp,
    jobs_pages.bp,
    system_pages.bp,
    archive_routes.bp,
    loan_routes.bp,
    *notice_routes.BLUEPRINTS,
    case_steps.bp,
    preservation_routes.bp,
    litigation_routes.bp,
    court_paper_routes.bp,
    enforcement_routes.bp,
    calculator_routes.bp,
    workday_routes.bp,
    policy_routes.bp,
    inspection_routes.bp,
    signal_routes.bp,
    collateral_routes.bp,
    collection_routes.bp,
    collecting_routes.bp,
    disposal_routes.bp,
    recovery_routes.bp,
    store_routes.bp,
    store_lending_routes.bp,
    store_list_routes.bp,
    file_paper_routes.bp,
    worklist_routes.bp,
    report_routes.bp,
    customer_report_routes.bp,
    retention_routes.bp,
    assurance_routes.bp,
)
LOAN_FILE: Final = LoanFileParts(
    tabs=(  # a tab whose route does not exist is left out
        Tab(
            key="overview",
            label=_l("概览"),
            endpoint="loans.loan",
            permission=Permission.LOAN_VIEW,
        ),
        Tab(
            key="items",
            label=_l("卷内文件"),
            endpoint="archive.items",
            permission=Permission.DOCUMENT_VIEW,
        ),
        Tab(
            key="repayment",
            label=_l("贷款与还款"),
            endpoint="loans.repayment",
            permission=Permission.LOAN_VIEW,
        ),
        Tab(
            key="security",
            label=_l("担保押品"),
            endpoint="loans.security",
            permission=Permission.LOAN_VIEW,
        ),
        Tab(
            key="notices",
            label=_l("催收函件"),
            endpoint="notices.of_loan",
            permission=Permission.NOTICE_VIEW,
        ),
        Tab(
            key="court",
            label=_l("诉讼保全"),
            endpoint="preservation.of_loan",
            permission=Permission.PRESERVATION_VIEW,
        ),
        Tab(
            key="inspections",
            label=_l("贷后检查"),
            endpoint="inspection.of_loan",
            permission=Permission.INSPECTION_VIEW,
        ),
        Tab(
            key="collection",
            label=_l("催收记录"),
            endpoint="collection.of_loan",
            permission=Permission.COLLECTION_VIEW,
        ),
        Tab(
            key="disposals",
            label=_l("处置"),
            endpoint="disposal.of_loan",
            permission=Permission.DISPOSAL_VIEW,
        ),
        Tab(
            key="paper",
            label=_l("借阅与实体"),
            endpoint="custody.of_loan",
            permission=Permission.CUSTODY_VIEW,
        ),
        Tab(
            key="retention",
            label=_l("保管"),
            endpoint="retention.of_loan",
            permission=Permission.RETENTION_VIEW,
        ),
        Tab(
            key="timeline",
            label=_l("时间线"),
            endpoint="worklist.timeline",
            permission=Permission.LOAN_VIEW,
        ),
        Tab(
            key="trail",
            label=_l("审计"),
            endpoint="worklist.trail",
            permission=Permission.AUDIT_VIEW,
        ),
    ),
    clocks=(
        loan_clocks.header_clocks,
        case_clocks.header_clocks,
        preservation_clocks.header_clocks,
    ),
    steps=(
        preservation_clocks.next_steps,
        loan_clocks.next_steps,
        gaps.next_steps,
        file_steps.next_steps,
    ),
    completeness=gaps.completeness_of,
)
NUMBERS: Final = (worklist_numbers.numbers, inbox_list.numbers)  # of top bar and rail
_PACKAGE: Final = Path(__file__).parent
_MEGABYTE: Final = 1024 * 1024


def create_app(settings: Settings, *, system: System | None = None) -> Flask:
    """Return the web application of one installation.

    Args:
        settings: how it runs.
        system: the opened parts; opened here unless a test has done so.

    Raises:
        UndeclaredRouteError: a route names no permission.
    """
    configure_logs(settings.log_level)
    app = Flask(
        "postloan_archive",
        static_folder=str(_PACKAGE / "web" / "static"),
        template_folder=str(_templates()),
    )
    app.config.update(
        INSTITUTION=settings.institution,
        MAX_CONTENT_LENGTH=settings.upload_max_mb * _MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * _MEGABYTE,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
        WTF_CSRF_FIELD_NAME="csrf_token",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's own provider has it
    if system is None:  # a WSGI server has called; `postloan serve` has seen to it itself
        keep_working_copies(settings.data)
    install_request_log(app)
    install_bounds(app)
    install_translations(app, default=settings.locale)
    install_sessions(app)
    install_filters(app)
    install_people(app)
    saved_views.install_saved_views(app)
    install_frame(app, counts=_numbers)
    install_loan_file(app, LOAN_FILE)
    install_loan_list(app, LoanListParts(nearest=nearest_days, places=places_of))
    install_moves(app, moves_of)
    install_headers(app, secure=settings.secure_cookies)
    install_record_finders(app, case_links)
    look_also_for(numbers_of_cases)
    install_document_uses(
        app, package_uses, letter_uses, case_uses, measure_uses, steps=(package_steps,)
    )
    install_slips(app, slips.SLIPS)
    install_identity(app)
    for blueprint in (*BLUEPRINTS, *API):
        app.register_blueprint(blueprint)
    install_guard(app)  # before the token check, so that a refusal says the right thing
    install_form_bounds(app)
    tokens = CSRFProtect(app)
    for blueprint in API:
        tokens.exempt(blueprint)  # a program's key is no cookie: no other site can use it
    install_errors(app)
    attach(app, system or open_system(settings, follow=follow), secure=settings.secure_cookies)
    return app


def attach(app: Flask, system: System, *, secure: bool) -> None:
    """Let the application serve this installation; the one before, if any, is forgotten."""
    install_system(app, system)
    use_sessions(app, system, secure=secure)
    forget_people(app)


def _numbers(actor: Actor) -> dict[str, int]:
    """Return the numbers of the top bar; a look that waits for no writer."""
    with the_system().look(actor) as uow:
        return {name: count for part in NUMBERS for name, count in part(uow).items()}


def _templates() -> Path:
    """Return the folder of templates: inside an installed package, beside a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"
