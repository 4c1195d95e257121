"""The names under which facts of a document can be searched, Chinese and English."""

from typing import Final

TEXT: Final = "text"
TITLE: Final = "title"
LOAN: Final = "loan_no"

# Fields searched by content; the position is stored in the index, so only append.
WORD_FIELDS: Final = (
    TITLE,
    LOAN,
    "customer",
    "contract_no",
    "case_no",
    "doc_no",
    "archive_no",
    "issuer",
    "serial_no",
    "id_no",
    "branch_name",
    "court",
    "guarantor",
    "item_name",
)
NUMBER_FIELDS: Final = (
    LOAN,
    "contract_no",
    "case_no",
    "doc_no",
    "archive_no",
    "serial_no",
    "id_no",
)
NAME_FIELDS: Final = ("customer", "guarantor")
SUGGESTED: Final = (TITLE, "customer", *NUMBER_FIELDS)
TAGS: Final = ("branch", "year", "category", "item", "media")  # facets, matched whole
DATE: Final = "date"
AMOUNT: Final = "amount"

_NAMES: Final = {
    TEXT: "内容 正文 text content body",
    TITLE: "题名 标题 文件名 title name",
    LOAN: "案卷 案卷号 贷款号 贷款编号 loan loan_no",
    "customer": "客户 客户名称 借款人 customer borrower",
    "contract_no": "合同号 合同编号 contract contract_no",
    "case_no": "案号 case case_no",
    "doc_no": "文号 文件号 doc_no docno",
    "archive_no": "档号 archive archive_no",
    "issuer": "责任者 issuer author",
    "serial_no": "函号 催字号 serial serial_no",
    "id_no": "证件号 身份证 身份证号 信用代码 id id_no uscc",
    "branch_name": "机构名称 支行 branch_name",
    "court": "法院 court",
    "guarantor": "担保人 保证人 guarantor",
    "item_name": "文种 文书类型 item_name",
    "branch": "机构 机构号 branch",
    "year": "年度 年份 year",
    "category": "类别 门类 category",
    "item": "件 要件号 件号 item",
    "media": "介质 media",
    DATE: "日期 文件日期 date",
    AMOUNT: "金额 amount",
}
FIELD_OF: Final = {name: field for field, names in _NAMES.items() for name in names.split()}

_CATEGORIES: Final = {"权证": "QZ", "要件": "YJ", "管理": "GL", "保全": "BQ", "综合": "ZH"}


def tag_value(field: str, value: str) -> str:
    """Return the stored value of a tag from what a person typed."""
    plain = value.strip().upper()
    if field == "category":
        return _CATEGORIES.get(plain.removesuffix("类"), plain)
    if field == "year":
        return plain.removesuffix("年")
    return value.strip() if field == "media" else plain
