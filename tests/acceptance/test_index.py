"""Which tests keep which promise of acceptance.md; a promise without its test fails here."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISES = {
    "A1": (
        "acceptance/test_a1_killed.py",
        "acceptance/test_a1_killed_destruction.py",
        "acceptance/test_a1_killed_letters.py",
        "acceptance/test_a1_killed_migration.py",
        "acceptance/test_a1_killed_service.py",
        "acceptance/test_a1_watched_folder.py",
        "vault/test_crash.py::test_a_kill_at_any_point",
    ),
    "A2": (
        "vault/test_crash.py::test_a_power_cut_at_any_point",
        "vault/test_crash.py::test_the_power_cut_test_finds_a_vault_that_forgets_a_sync",
        "vault/test_crash.py::test_the_system_calls_sync_before_the_answer",
    ),
    "A3": (
        "acceptance/test_a3_disk_full.py",
        "acceptance/test_a3_small_volume.py",
        "vault/test_crash.py::test_an_error_at_any_step_is_said",
        "vault/test_store.py::test_uploads_stop_at_the_reserve",
    ),
    "A4": ("acceptance/test_a4_backup.py", "backup/test_backup.py"),
    "A6": ("acceptance/test_a6_index.py", "search/test_damage.py"),
    "A7": (
        "vault/test_crash.py::test_a_volume_that_is_gone_is_said",
        "vault/test_store.py::test_an_error_while_reading_is_unreadable",
    ),
    "A8": ("acceptance/test_a1_killed_migration.py",),
    "B1": (
        "acceptance/test_b1_changed_bytes.py",
        "admin/test_upkeep.py::test_each_file_is_read_once_before_any_is_read_again",
        "cli/test_vault.py::test_b1",
        "vault/test_check.py",
    ),
    "B2": ("audit/test_verification.py", "cli/test_audit.py::test_b2"),
    "B3": ("acceptance/test_b3_package.py", "bundle/test_package.py"),
    "B4": ("audit/test_merkle.py",),
    "C1": ("corpus/test_intake.py", "reading/test_corpus.py::test_every_file_reaches"),
    "C2": ("reading/test_corpus.py::test_mutants_reach_a_named_state",),
    "C3": (
        "reading/test_bombs.py::test_a_bomb_ends_in_a_state_soon_and_cheaply",
        "reading/test_bombs.py::test_a_bomb_of_full_size_ends_as_soon",
        "reading/test_bombs.py::test_a_jbig2_bomb_is_not_decoded",
    ),
    "C4": (
        "wordgen/test_injection.py::test_a_forbidden_tag_is_refused_and_named_everywhere",
        "wordgen/test_injection.py::test_what_compiles_reads_nothing_beyond_the_fields",
        "wordgen/test_injection.py::test_loops_in_loops_stop_at_the_budget",
    ),
    "C5": ("browser/test_c5_scripts.py", "web/test_pages.py::test_words_of_others_are_text"),
    "C6": (
        "acceptance/test_c6_hostile_names.py",
        "reading/test_unpacking.py::test_a_hostile_name_is_shown_and_stays_in_the_folder",
        "reading/test_unpacking.py::test_a_symlink_is_named_and_not_made",
    ),
    "C7": (
        "reading/test_canary.py",
        "reading/test_confinement.py",
        "reading/test_corpus.py::test_active_content_is",
    ),
    "C11": (
        "acceptance/test_c11_uploads.py",
        "archive/test_sending.py::test_two_hundred_broken_uploads",
        "archive/test_sending.py::test_the_same_file_twice_at_once",
    ),
    "C12": (
        "reading/test_corpus.py::test_chinese_pdfs_are_read_whole",
        "reading/test_corpus.py::test_statutes_in_another_encoding_give_equal_text",
    ),
    "D1": ("web/test_access_matrix.py::test_the_matrix_holds_for",),
    "D2": ("acceptance/test_d2_other_branch.py",),
    "D9": (
        "retention/test_destruction.py::test_each_step_needs_another_person",
        "retention/test_destruction.py::test_another_digest_or_a_changed_file_is_refused",
        "retention/test_destruction.py::test_several_holds_stop_until_the_last_is_lifted",
    ),
    "D10": (
        "retention/test_destruction.py::test_nothing_of_the_text_is_left",
        "retention/test_residue.py",
    ),
    "F1": ("acceptance/test_f_archive.py::test_F1",),
    "F2": ("acceptance/test_f_archive.py::test_F2",),
    "F3": ("acceptance/test_f_archive.py::test_F3",),
    "F4": ("assurance/test_importing.py::test_digests_facts_and_proof_are_equal",),
    "D4": (
        "web/test_access_matrix.py::test_no_change_without_the_token_of_the_own_session",
        "web/test_access_matrix.py::test_no_change_from_another_site",
        "web/test_access_matrix.py::test_reading_changes_nothing_but_audit_and_session",
    ),
    "D5": ("admin/test_sessions.py",),
}


@cache
def functions_of(path: Path) -> tuple[str, ...]:
    return tuple(
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_its_tests(promise):
    for where in PROMISES[promise]:
        file, _, name = where.partition("::")
        found = functions_of(ROOT / "tests" / file)
        assert any(one.startswith(name or "test_") for one in found), where
