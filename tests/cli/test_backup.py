"""Backup and restore from the command line; A4 is in tests/acceptance."""


def test_a_damaged_file_is_left_out_and_named(call, papers, system, tmp_path):
    sha256 = papers(2)[0]
    path = system.vault.path(sha256)
    path.chmod(0o640)
    path.write_bytes(b"other")

    made = call("backup", tmp_path / "backup", "--json")

    assert made.code == 1
    assert made.rows[0]["bad"] == [sha256]


def test_a_folder_with_something_in_it_is_no_place_to_restore_into(call, papers, tmp_path):
    papers(1)
    call("backup", tmp_path / "backup")
    answer = call("restore", tmp_path / "backup")

    assert answer.code == 1
    assert "不是空文件夹" in answer.error


def test_words_for_people_and_the_line_in_the_trail(call, papers, tmp_path):
    papers(1)
    assert "已备份" in call("backup", tmp_path / "backup").out
    new = {"POSTLOAN_DATA": str(tmp_path / "new")}
    assert "完好" in call("restore", tmp_path / "backup", "--check-only").out
    assert "已恢复到" in call("restore", tmp_path / "backup", "--verify", **new).out
    assert call("audit", "export", "--event", "backup", **new).rows[0]["event"] == (
        "backup.restored"
    )
    assert call("audit", "export", "--event", "backup").rows[0]["event"] == "backup.made"
