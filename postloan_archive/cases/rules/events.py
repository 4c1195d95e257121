"""What happens in a case and starts a period; the words a clerk reads."""

from enum import StrEnum
from typing import Final


class Event(StrEnum):
    """One event; the day it happened is the trigger and is not counted (R-A01)."""

    COMPLAINT_RECEIVED = "complaint_received"
    CORRECTION_NOTICE = "correction_notice"
    FEE_NOTICE = "fee_notice"
    FEE_TOP_UP_NOTICE = "fee_top_up_notice"
    DOCKETED = "docketed"
    COMPLAINT_SERVED = "complaint_served"
    DEFENCE_RECEIVED = "defence_received"
    COUNTERCLAIM_FILED = "counterclaim_filed"
    EVIDENCE_NOTICE = "evidence_notice"
    EVIDENCE_PERIOD_ENDS = "evidence_period_ends"
    JURISDICTION_OBJECTION = "jurisdiction_objection"
    PUBLIC_NOTICE = "public_notice"
    PUBLIC_NOTICE_OVER = "public_notice_over"
    HEARING = "hearing"
    HEARING_OVER = "hearing_over"
    DEBATE_ENDS = "debate_ends"
    PRONOUNCEMENT = "pronouncement"
    APPEAL_DOCKETED = "appeal_docketed"
    APPEAL_RULING_DOCKETED = "appeal_ruling_docketed"
    SPECIAL_DOCKETED = "special_docketed"
    JUDGMENT_SERVED = "judgment_served"
    RULING_SERVED = "ruling_served"
    APPEAL_FILED = "appeal_filed"
    APPEAL_FEE_NOTICE = "appeal_fee_notice"
    APPEAL_SERVED = "appeal_served"
    APPEAL_DEFENCE_RECEIVED = "appeal_defence_received"
    APPEAL_FILE_COMPLETE = "appeal_file_complete"
    APPEAL_PERIODS_OVER = "appeal_periods_over"
    EFFECTIVE = "effective"
    RETRIAL_REFUSED = "retrial_refused"
    RETRIAL_APPLICATION_SERVED = "retrial_application_served"
    RETRIAL_DEFECT_KNOWN = "retrial_defect_known"
    HARM_KNOWN = "harm_known"
    PAYMENT_ORDER_APPLIED = "payment_order_applied"
    PAYMENT_ORDER_ACCEPTED = "payment_order_accepted"
    PAYMENT_ORDER_ISSUED = "payment_order_issued"
    PAYMENT_ORDER_SERVED = "payment_order_served"
    PAYMENT_ORDER_ENDED = "payment_order_ended"
    SECURITY_ACCEPTED = "security_accepted"
    SECURITY_APPLICATION_SERVED = "security_application_served"
    SECURITY_RULING_SERVED = "security_ruling_served"
    SECURITY_RULING_KNOWN = "security_ruling_known"
    MEDIATION_AGREED = "mediation_agreed"
    MEDIATION_ASSIGNED = "mediation_assigned"
    MEDIATION_ENTRUSTED = "mediation_entrusted"
    PRELITIGATION_MEASURE = "prelitigation_measure"
    PRESERVATION_RULING_SERVED = "preservation_ruling_served"
    PERFORMANCE_PERIOD_OVER = "performance_period_over"
    ENFORCEMENT_APPLIED = "enforcement_applied"
    ENFORCEMENT_DOCKETED = "enforcement_docketed"
    ENFORCEMENT_NOTICE_SERVED = "enforcement_notice_served"
    ENFORCEMENT_REFUSED = "enforcement_refused"
    CONDUCT_RULING_SERVED = "conduct_ruling_served"
    OUTSIDER_RULING_SERVED = "outsider_ruling_served"
    PROPERTY_ENFORCEMENT_ENDS = "property_enforcement_ends"
    PLAN_SERVED = "plan_served"
    PLAN_OBJECTION_NOTICE = "plan_objection_notice"
    PLAN_OPPOSITION_NOTICE = "plan_opposition_notice"
    PARTY_RULING_SERVED = "party_ruling_served"
    PARTY_RULING_SERVED_SUIT = "party_ruling_served_suit"
    NON_ENFORCEMENT_GROUND_KNOWN = "non_enforcement_ground_known"
    ENFORCEMENT_ENDED = "enforcement_ended"
    SETTLEMENT_PERIOD_OVER = "settlement_period_over"
    AWARD_RECEIVED = "award_received"
    TERMINATED_THIS_TIME = "terminated_this_time"
    VALUATION_RECEIVED = "valuation_received"
    AUCTION_MOVABLE = "auction_movable"
    AUCTION_REAL_ESTATE = "auction_real_estate"
    AUCTION_FAILED = "auction_failed"
    SECOND_AUCTION_MOVABLE = "second_auction_movable"
    SECOND_AUCTION_REAL_ESTATE = "second_auction_real_estate"
    FIRST_SEIZURE = "first_seizure"
    TRANSFER_REQUEST_RECEIVED = "transfer_request_received"
    DEBT_ASSET_TAKEN = "debt_asset_taken"
    BANKRUPTCY_NOTICE = "bankruptcy_notice"
    CLAIM_LIST_REVIEWED = "claim_list_reviewed"
    CREDITORS_RESOLUTION = "creditors_resolution"
    DISHONESTY_APPLIED = "dishonesty_applied"
    EXIT_BAN = "exit_ban"
    THIRD_PARTY_NOTICE_SERVED = "third_party_notice_served"
    SUSPENSION_OVER = "suspension_over"


LABELS: Final[dict[Event, str]] = {
    Event.COMPLAINT_RECEIVED: "法院收到起诉状",
    Event.CORRECTION_NOTICE: "收到补正通知",
    Event.FEE_NOTICE: "收到交纳诉讼费通知",
    Event.FEE_TOP_UP_NOTICE: "收到简易转普通补费通知",
    Event.DOCKETED: "立案",
    Event.COMPLAINT_SERVED: "起诉状副本送达被告",
    Event.DEFENCE_RECEIVED: "法院收到答辩状",
    Event.COUNTERCLAIM_FILED: "提起反诉",
    Event.EVIDENCE_NOTICE: "收到举证通知书",
    Event.EVIDENCE_PERIOD_ENDS: "举证期限届满日",
    Event.JURISDICTION_OBJECTION: "提出管辖权异议",
    Event.PUBLIC_NOTICE: "公告刊登或张贴（以最后日期为准）",
    Event.PUBLIC_NOTICE_OVER: "公告期届满",
    Event.HEARING: "开庭日",
    Event.HEARING_OVER: "庭审结束",
    Event.DEBATE_ENDS: "法庭辩论终结",
    Event.PRONOUNCEMENT: "宣判",
    Event.APPEAL_DOCKETED: "二审立案（判决）",
    Event.APPEAL_RULING_DOCKETED: "二审立案（裁定）",
    Event.SPECIAL_DOCKETED: "特别程序立案",
    Event.JUDGMENT_SERVED: "判决书送达",
    Event.RULING_SERVED: "可上诉裁定书送达",
    Event.APPEAL_FILED: "提交上诉状",
    Event.APPEAL_FEE_NOTICE: "收到交纳上诉费通知",
    Event.APPEAL_SERVED: "上诉状副本送达被上诉人",
    Event.APPEAL_DEFENCE_RECEIVED: "原审法院收到上诉答辩状",
    Event.APPEAL_FILE_COMPLETE: "原审法院收齐上诉材料",
    Event.APPEAL_PERIODS_OVER: "全体当事人上诉期届满",
    Event.EFFECTIVE: "法律文书生效",
    Event.RETRIAL_REFUSED: "驳回再审申请裁定或再审裁判生效",
    Event.RETRIAL_APPLICATION_SERVED: "收到对方再审申请书副本",
    Event.RETRIAL_DEFECT_KNOWN: "知道新证据、伪证、据以裁判的文书被撤销或枉法裁判",
    Event.HARM_KNOWN: "第三人知道权益受损",
    Event.PAYMENT_ORDER_APPLIED: "提交支付令申请",
    Event.PAYMENT_ORDER_ACCEPTED: "支付令申请受理",
    Event.PAYMENT_ORDER_ISSUED: "支付令发出",
    Event.PAYMENT_ORDER_SERVED: "支付令送达债务人",
    Event.PAYMENT_ORDER_ENDED: "收到终结督促程序裁定",
    Event.SECURITY_ACCEPTED: "实现担保物权申请受理",
    Event.SECURITY_APPLICATION_SERVED: "担保物权申请书副本送达被申请人",
    Event.SECURITY_RULING_SERVED: "准许拍卖、变卖裁定送达",
    Event.SECURITY_RULING_KNOWN: "利害关系人知道准许裁定",
    Event.MEDIATION_AGREED: "调解协议生效",
    Event.MEDIATION_ASSIGNED: "委派调解（立案前）开始",
    Event.MEDIATION_ENTRUSTED: "委托调解（立案后）开始",
    Event.PRELITIGATION_MEASURE: "诉前保全措施采取",
    Event.PRESERVATION_RULING_SERVED: "保全或先予执行裁定收到",
    Event.PERFORMANCE_PERIOD_OVER: "履行期间最后一日",
    Event.ENFORCEMENT_APPLIED: "法院收到申请执行书",
    Event.ENFORCEMENT_DOCKETED: "执行立案",
    Event.ENFORCEMENT_NOTICE_SERVED: "执行通知送达被执行人",
    Event.ENFORCEMENT_REFUSED: "不予受理或驳回执行申请裁定送达",
    Event.CONDUCT_RULING_SERVED: "执行行为异议裁定送达",
    Event.OUTSIDER_RULING_SERVED: "案外人异议裁定送达",
    Event.PROPERTY_ENFORCEMENT_ENDS: "财产执行终结日（预计）",
    Event.PLAN_SERVED: "收到分配方案",
    Event.PLAN_OBJECTION_NOTICE: "收到分配方案异议通知",
    Event.PLAN_OPPOSITION_NOTICE: "收到反对意见通知",
    Event.PARTY_RULING_SERVED: "变更、追加当事人裁定送达（复议）",
    Event.PARTY_RULING_SERVED_SUIT: "变更、追加当事人裁定送达（异议之诉）",
    Event.NON_ENFORCEMENT_GROUND_KNOWN: "知道不予执行事由",
    Event.ENFORCEMENT_ENDED: "收到终结执行法律文书",
    Event.SETTLEMENT_PERIOD_OVER: "执行和解履行期最后一日",
    Event.AWARD_RECEIVED: "收到仲裁裁决",
    Event.TERMINATED_THIS_TIME: "终结本次执行程序",
    Event.VALUATION_RECEIVED: "收到询价结果或评估报告",
    Event.AUCTION_MOVABLE: "动产第一次网络拍卖日",
    Event.AUCTION_REAL_ESTATE: "不动产或其他财产权第一次网络拍卖日",
    Event.AUCTION_FAILED: "第一次拍卖流拍",
    Event.SECOND_AUCTION_MOVABLE: "动产再次拍卖日",
    Event.SECOND_AUCTION_REAL_ESTATE: "不动产或其他财产权再次拍卖日",
    Event.FIRST_SEIZURE: "首先查封",
    Event.TRANSFER_REQUEST_RECEIVED: "首先查封法院收到商请移送函",
    Event.DEBT_ASSET_TAKEN: "取得抵债不动产或股权",
    Event.BANKRUPTCY_NOTICE: "法院公告受理破产申请",
    Event.CLAIM_LIST_REVIEWED: "债权人会议核查债权表结束",
    Event.CREDITORS_RESOLUTION: "债权人会议作出决议",
    Event.DISHONESTY_APPLIED: "申请纳入失信名单",
    Event.EXIT_BAN: "收到限制出境决定",
    Event.THIRD_PARTY_NOTICE_SERVED: "履行到期债务通知送达第三人",
    Event.SUSPENSION_OVER: "暂缓执行期限届满",
}


class Fact(StrEnum):
    """What is known of the case or the party and picks the row of a table."""

    ABROAD = "abroad"  # the party has no domicile in China
    HONG_KONG_MACAO_TAIWAN = "hong_kong_macao_taiwan"
    FOREIGN_RELATED = "foreign_related"  # the case as such
    SIMPLIFIED = "simplified"
    SMALL_CLAIMS = "small_claims"
    SECOND_INSTANCE = "second_instance"


NOT_IN_CHINA: Final = frozenset({Fact.ABROAD, Fact.HONG_KONG_MACAO_TAIWAN})


class Bound(StrEnum):
    """Who must act, or for whom the right is."""

    OWN = "我方"
    OTHER = "对方"
    BOTH = "双方"
    COURT = "法院"
    THIRD = "第三人"
