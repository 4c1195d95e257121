"""0010 keeps every row and says what the cases and measures of before mean for their loans."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from postloan_archive.db.schema import alembic_config

LOAN = """
INSERT INTO loans (id, loan_no, archive_no, contract_id, customer_id, branch_id, manager,
  product, principal, annual_rate, penalty_uplift, day_basis, repayment_method, disbursed_on,
  due_on, pay_account, stage, risk_class, created_at, version)
VALUES (:id, :no, :no, 1, 1, 1, '', '', 10000000, '6', '50', 360, 'bullet', '2025-11-24',
  '2026-11-24', '', 'performing', '正常', '2026-11-24 04:00:00', 1)
"""
BEFORE = (
    "INSERT INTO branches (id, code, name, path) VALUES (1, '0201', '示范支行', '/1/')",
    """INSERT INTO customers (id, kind, name, branch_id, id_type, id_no, phone, email, domicile,
      residence, service_address, service_address_source, sex, ethnicity, employer, post,
      legal_rep, legal_rep_post, entity_type, ownership, created_at, version)
    VALUES (1, 'person', '张三', 1, '居民身份证', '100101199001010070', '', '', '',
      '', '', '', '', '', '', '', '', '', '', '', '2026-11-24 04:00:00', 1)""",
    """INSERT INTO contracts (id, contract_no, name, customer_id, signed_on, signed_at, amount,
      purpose, dispute, dispute_clause, court, clauses)
    VALUES (1, 'C1', '借款合同', 1, '2025-11-20', '', 10000000, '', 'court', '', '', '{}')""",
)
CASE = """
INSERT INTO cases (id, case_no, loan_id, branch_id, cause, court, stage, owner, opened_on,
  facts, version)
VALUES (:id, :no, :id, 1, '金融借款合同纠纷', '示范县法院', :stage, '', '2026-01-01', '{}', 1)
"""
MEASURE = """
INSERT INTO preservation_measures (loan_id, branch_id, phase, respondent, asset_kind, asset,
  court, judge, ruling_no, seizure_order, effective_on, security, created_at, version)
VALUES (2, 1, 'in_litigation', '张三', 'bank_deposit', '存款', '示范县人民法院', '', '1号', 1,
  '2026-01-01', '', '2026-11-24 04:00:00', 1)
"""
STEPS = {1: "prepared", 2: "docketed", 3: "appealed", 4: "settled", 5: "terminated"}


def test_rows_from_before_get_their_stage(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = alembic_config()
    before = ScriptDirectory.from_config(config).get_revision("0010").down_revision
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
        for statement in BEFORE:
            connection.execute(text(statement))
        for number, step in STEPS.items():
            connection.execute(text(LOAN), {"id": number, "no": f"JJ{number}"})
            connection.execute(text(CASE), {"id": number, "no": f"AJ{number}", "stage": step})
        connection.execute(text(LOAN), {"id": 6, "no": "JJ6"})
        connection.execute(text(MEASURE))
        command.upgrade(config, "head")

    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, stage, preserved FROM loans ORDER BY id"))
        assert [tuple(row) for row in rows] == [
            (1, "performing", 0),
            (2, "litigation", 1),
            (3, "judged", 0),
            (4, "effective", 0),
            (5, "enforcement", 0),
            (6, "performing", 0),
        ]
        assert connection.scalar(text("SELECT count(*) FROM loan_positions")) == 0
        assert connection.scalar(text("SELECT count(ended_on) FROM limitation_events")) == 0
    engine.dispose()
