"""P02 to P20, except those that have modules of their own (R-H02a, R-H07)."""

from pathlib import Path

from tools.word_templates.application import Application, application

CPL = "《中华人民共和国民事诉讼法》"
CPI = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》"
PRESERVATION = "《最高人民法院关于人民法院办理财产保全案件若干问题的规定》"
ASK = "特提出申请，请予准许。"

SPECS = (
    Application(
        stem="payment_order",
        title="支付令申请书",
        opening=("applicant", "respondent"),
        rows=(),
        sections=(
            (
                "请求事项",
                (
                    (
                        "请求贵院向被申请人发出支付令，督促被申请人给付申请人{{ currency }}{{ amount }}，"
                        "并负担本案申请费。"
                    ),
                ),
            ),
            ("事实与理由", ("*facts", "上述债务已于{{ due_date }}到期，数额确定。")),
            (
                "声明",
                (
                    "1. 申请人与被申请人之间{{ no_other_dispute }}其他债务纠纷；",
                    "2. 申请人{{ no_counter_obligation }}对待给付义务；",
                    "3. 被申请人{{ debtor_reachable }}。",
                ),
            ),
            ("证据", ("*evidence_list",)),
        ),
        basis=f"依照{CPL}第二百二十五条的规定，{ASK}",
    ),
    Application(
        stem="preservation_application",
        title="财产保全申请书",
        opening=("applicant", "respondent"),
        rows=(("保全阶段", "{{ phase }}"), ("保全数额或者争议标的", "{{ amount_or_object }}")),
        sections=(
            ("请求事项", ("*request",)),
            ("事实与理由", ("*facts",)),
            ("财产信息或者财产线索", ("*assets_or_leads",)),
            ("担保", ("*security_or_reason",)),
            ("生效法律文书", ("*effective_document",)),
            ("送达地址", ("*service_addresses",)),
        ),
        basis=f"依照{PRESERVATION}第一条的规定，{ASK}",
    ),
    Application(
        stem="security_realisation",
        title="实现担保物权申请书",
        opening=("applicant", "respondent"),
        rows=(
            ("主合同", "{{ main_contract }}"),
            ("担保合同", "{{ security_contract }}"),
            ("登记证明", "{{ registration_no }}"),
            ("担保债权数额", "{{ secured_amount }}"),
        ),
        sections=(
            ("请求事项", ("*request",)),
            ("事实与理由", ("*facts",)),
            ("债务履行期限届满情况", ("*due_status",)),
            ("担保财产现状", ("*asset_state",)),
        ),
        basis=f"依照{CPL}第二百零七条、{CPI}第三百六十五条的规定，{ASK}",
    ),
    Application(
        stem="appeal",
        title="民事上诉状",
        opening=("appellant", "appellees"),
        rows=(
            ("原审法院", "{{ original_court }}"),
            ("原审案号", "{{ case_no }}"),
            ("案由", "{{ cause }}"),
        ),
        sections=(
            (
                "上诉",
                (
                    (
                        "上诉人因{{ cause }}一案，不服{{ original_court }}{{ case_no }}裁判，"
                        "现提起上诉。"
                    ),
                ),
            ),
            ("上诉请求", ("*requests",)),
            ("上诉理由", ("*reasons",)),
        ),
        basis=f"依照{CPL}第一百七十二条、第一百七十三条的规定，通过原审人民法院提出上诉状。",
        signer="上诉人",
    ),
    Application(
        stem="withdrawal",
        title="撤诉申请书",
        opening=("plaintiff",),
        rows=(("案号", "{{ case_no }}"),),
        sections=(
            ("请求事项", ("请求准许撤回起诉，并依法退还应退的案件受理费。",)),
            ("事实与理由", ("*reason",)),
        ),
        basis=f"依照{CPL}第一百四十八条的规定，{ASK}",
    ),
    Application(
        stem="jurisdiction_opinion",
        title="关于管辖权异议的答辩意见",
        opening=("party",),
        rows=(("案号", "{{ case_no }}"), ("管辖条款", "{{ clause }}")),
        sections=(
            ("连结点的证据", ("*connection_evidence",)),
            ("意见", ("*opinion",)),
        ),
        basis=f"依照{CPL}第一百三十条的规定，请贵院依法裁定。",
        signer="答辩人",
    ),
    Application(
        stem="evidence_extension",
        title="延期举证申请书",
        opening=("applicant",),
        rows=(
            ("案号", "{{ case_no }}"),
            ("举证期限届满日", "{{ evidence_period_end }}"),
            ("申请延长至", "{{ new_date }}"),
        ),
        sections=(
            ("请求事项", ("请求将申请人的举证期限延长至{{ new_date }}。",)),
            ("需延期提供的证据", ("*evidence_items",)),
            ("事实与理由", ("*reason",)),
        ),
        basis=f"依照{CPI}第一百条的规定，在举证期限届满前{ASK}",
    ),
    Application(
        stem="investigation_order",
        title="调查取证申请书",
        opening=("applicant",),
        rows=(
            ("案号", "{{ case_no }}"),
            ("证据持有人", "{{ holder }}"),
            ("持有人住所", "{{ holder_address }}"),
        ),
        sections=(
            ("申请调查收集的证据", ("*evidence_items",)),
            ("申请人不能自行收集的原因", ("*reason",)),
            ("待证事实", ("*fact_to_prove",)),
            ("明确的线索", ("*clear_leads",)),
        ),
        basis=(
            "依照《最高人民法院关于民事诉讼证据的若干规定》第二十条的规定，在举证期限届满前"
            f"{ASK}"
        ),
    ),
    Application(
        stem="public_notice_service",
        title="公告送达申请书",
        opening=("applicant",),
        rows=(("案号", "{{ case_no }}"), ("受送达人", "{{ addressee }}")),
        sections=(
            ("请求事项", ("请求对受送达人{{ addressee }}公告送达本案诉讼文书。",)),
            ("已采取的送达方式及结果", ("*attempts",)),
            ("下落不明的证明", ("*missing_proof",)),
        ),
        basis=f"依照{CPL}第九十五条的规定，{ASK}",
    ),
    Application(
        stem="claim_change",
        title="{{ heading }}",
        opening=("plaintiff",),
        rows=(("案号", "{{ case_no }}"), ("变更后标的总额", "{{ new_total }}")),
        sections=(
            ("原诉讼请求", ("*old_claims",)),
            ("变更后的诉讼请求", ("*new_claims",)),
            ("事实与理由", ("*reason",)),
        ),
        basis=f"依照{CPI}第二百三十二条的规定，{ASK}",
    ),
    Application(
        stem="party_addition",
        title="追加当事人申请书",
        opening=("applicant",),
        rows=(("案号", "{{ case_no }}"), ("追加为", "{{ role }}")),
        sections=(
            ("被追加人", ("*added_party",)),
            ("请求事项", ("请求追加上列被追加人为本案{{ role }}。",)),
            ("事实与理由", ("*reason",)),
        ),
        basis=f"依照{CPL}第一百三十五条的规定，{ASK}",
    ),
    Application(
        stem="preservation_security",
        title="{{ heading }}",
        opening=("applicant", "respondent"),
        rows=(
            ("担保人", "{{ guarantor }}"),
            ("担保方式", "{{ form }}"),
            ("担保财产及价值", "{{ asset_and_value }}"),
            ("申请人许可证", "{{ applicant_licence }}"),
        ),
        sections=(
            ("担保范围", ("*scope",)),
            ("担保责任", ("*liability",)),
            ("免予担保的理由", ("*exemption_ground",)),
        ),
        basis=f"依照{PRESERVATION}第六条至第九条的规定，提交本文书，请予审查。",
        signer="出具人",
    ),
    Application(
        stem="reconsideration",
        title="复议申请书",
        opening=("applicant",),
        rows=(("裁定文号", "{{ ruling_no }}"), ("送达日", "{{ served_on }}")),
        sections=(("请求事项", ("*request",)), ("事实与理由", ("*reasons",))),
        basis=f"依照{PRESERVATION}第二十五条的规定，在收到裁定之日起五日内申请复议。",
    ),
    Application(
        stem="supervision",
        title="民事监督申请书",
        opening=("applicant", "other_parties"),
        rows=(("原审案号", "{{ case_nos }}"), ("法定事由", "{{ statutory_ground }}")),
        sections=(("监督请求", ("*request",)), ("事实与理由", ("*facts",))),
        basis="依照《人民检察院民事诉讼监督规则》第二十条至第二十四条的规定，申请监督。",
        addressee="{{ procuratorate }}",
    ),
    Application(
        stem="retrial",
        title="再审申请书",
        opening=("applicant", "respondents", "other_parties"),
        rows=(
            ("原审法院", "{{ original_court }}"),
            ("原审案号", "{{ case_no }}"),
            ("法定事由", "{{ statutory_ground }}"),
        ),
        sections=(("再审请求", ("*request",)), ("事实与理由", ("*facts",))),
        basis=f"依照{CPI}第三百七十五条、第三百七十六条的规定，申请再审。",
        signer="再审申请人",
    ),
    Application(
        stem="fee_refund",
        title="退费申请书",
        opening=("payer",),
        rows=(
            ("案号", "{{ case_no }}"),
            ("申请退还金额", "{{ amount }}"),
            ("缴费凭证号", "{{ receipt_no }}"),
            ("收款账户", "{{ account }}"),
        ),
        sections=(
            ("请求事项", ("请求退还申请人预交的诉讼费用{{ amount }}，汇入上列账户。",)),
            (
                "事实与理由",
                ("{{ case_no }}案件的法律文书已经生效，上列费用应由对方负担或者依法退还。",),
            ),
        ),
        basis=(f"依照《诉讼费用交纳办法》第五十三条第二款、{CPI}第二百零七条的规定，{ASK}"),
    ),
    Application(
        stem="mediation_confirmation",
        title="司法确认申请书",
        opening=("applicants",),
        rows=(
            ("调解组织", "{{ mediation_body }}"),
            ("调解协议生效日", "{{ effective_on }}"),
        ),
        sections=(
            ("调解协议内容", ("*agreement",)),
            ("请求事项", ("*request",)),
            (
                "承诺",
                (
                    (
                        "各申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；"
                        "协议内容给他人造成损害的，愿意承担相应的法律责任。"
                    ),
                ),
            ),
        ),
        basis=f"依照{CPL}第二百零五条的规定，自调解协议生效之日起三十日内共同提出申请。",
    ),
)


def make(folder: Path) -> None:
    """Write the papers."""
    for spec in SPECS:
        application(spec).save(folder / f"{spec.stem}.docx")
