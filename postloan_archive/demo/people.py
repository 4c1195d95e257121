"""The invented people, companies and branches of the demonstration.

Region code 100101, registration codes, telephone prefix 1200000 and court code 9999 belong to
nobody; check digits are right, so that every validation is met.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

REGION: Final = "100101"
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def identity_number(born: date, serial: int) -> str:
    """Return an identity card number with the right check digit; odd serials are men."""
    body = f"{REGION}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + _ID_CHECK[total % 11]


def credit_code(serial: int) -> str:
    """Return a unified social credit code with the right check digit."""
    body = f"91{REGION}MA{serial:07d}"
    total = sum(
        _USCC_ALPHABET.index(char) * weight
        for char, weight in zip(body, _USCC_WEIGHTS, strict=True)
    )
    return body + _USCC_ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """A person; `serial` makes the identity number."""

    key: str
    name: str
    sex: str
    born: date
    serial: int
    phone: str
    domicile: str
    employer: str = ""
    post: str = ""
    married: bool = True
    kind: str = field(default="person", init=False)

    @property
    def id_no(self) -> str:
        """Return the identity card number."""
        return identity_number(self.born, self.serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCompany:
    """A company; `serial` makes the credit code."""

    key: str
    name: str
    serial: int
    phone: str
    domicile: str
    legal_rep: str
    legal_rep_post: str = "执行董事"
    entity_type: str = "有限责任公司"
    ownership: str = "民营"
    kind: str = field(default="company", init=False)

    @property
    def id_no(self) -> str:
        """Return the unified social credit code."""
        return credit_code(self.serial)


BRANCHES: Final = (
    ("0200", "示范农村商业银行总行", None),
    ("0201", "城关支行", "0200"),
    ("0202", "开发区支行", "0200"),
    ("0203", "临江支行", "0200"),
)

_PERSONS: Final = (
    (
        "chen",
        "陈嘉禾",
        "女",
        date(1988, 4, 12),
        24,
        "城关镇文昌路18号3幢502室",
        "示范县第二中学",
    ),
    (
        "zhou",
        "周启明",
        "男",
        date(1979, 9, 3),
        37,
        "开发区学府大道66号11幢1801室",
        "启明五金经营部",
    ),
    ("lin", "林晓峰", "男", date(1990, 1, 25), 51, "城关镇东门街7号", "晓峰果蔬批发部"),
    ("wu", "吴建国", "男", date(1968, 6, 18), 13, "城关镇西园路29号", "示范县供销社（退休）"),
    ("he", "何雨桐", "女", date(1993, 11, 8), 62, "临江镇滨江路101号6幢303室", "临江人民医院"),
    ("sun", "孙立业", "男", date(1975, 2, 14), 75, "临江镇码头路5号", "临江水产养殖场"),
    ("zhao", "赵敏仪", "女", date(1977, 7, 30), 86, "临江镇码头路5号", "临江水产养殖场"),
    ("qian", "钱志远", "男", date(1971, 12, 1), 15, "开发区创业路8号", "志远机械有限公司"),
    ("feng", "冯国栋", "男", date(1966, 3, 22), 19, "开发区创业路12号", "国栋建材有限公司"),
    ("ma", "马秀兰", "女", date(1981, 10, 10), 28, "城关镇北街43号", "秀兰服装店"),
    ("luo", "罗海涛", "男", date(1984, 5, 5), 33, "临江镇江湾路77号", "海涛运输户"),
)

PERSONS: Final = {
    key: DemoPerson(
        key=key,
        name=name,
        sex=sex,
        born=born,
        serial=serial,
        phone=f"1200000{1000 + serial:04d}",
        domicile=f"示范省示范县{address}",
        employer=employer,
    )
    for key, name, sex, born, serial, address, employer in _PERSONS
}

_COMPANIES: Final = (
    ("zhiyuan", "示范县志远机械有限公司", 1000117, "开发区创业路8号", "钱志远"),
    ("guodong", "示范县国栋建材有限公司", 1000228, "开发区创业路12号", "冯国栋"),
    ("lvye", "示范县绿野农业发展有限公司", 1000339, "临江镇稻香村工业小区1号", "唐广田"),
    ("hengtai", "示范县恒泰纺织有限公司", 1000441, "城关镇纺织路60号", "高恒"),
    ("anxin", "示范县安信融资担保有限公司", 1000552, "城关镇金融街2号", "邓安"),
    ("jinshui", "示范县金水餐饮管理有限公司", 1000663, "城关镇人民路200号", "水金生"),
)

COMPANIES: Final = {
    key: DemoCompany(
        key=key,
        name=name,
        serial=serial,
        phone=f"1200000{serial % 10000:04d}",
        domicile=f"示范省示范县{address}",
        legal_rep=legal_rep,
    )
    for key, name, serial, address, legal_rep in _COMPANIES
}

PARTIES: Final[dict[str, DemoPerson | DemoCompany]] = {**PERSONS, **COMPANIES}

USERS: Final = (  # user name, display name, role, branch code
    ("dangan", "韩静（档案员）", "archive_clerk", "0200"),
    ("fawu", "沈律（法务）", "legal", "0200"),
    ("jihe", "严查（审计）", "auditor", "0200"),
    ("kehu1", "苏客（客户经理）", "account_manager", "0201"),
    ("kehu2", "叶理（客户经理）", "account_manager", "0202"),
    ("kehu3", "江理（客户经理）", "account_manager", "0203"),
    ("hangzhang", "梁行（支行行长）", "branch_manager", "0203"),
    ("xitong", "系统管理员", "system_admin", "0200"),
    ("anquan", "安全管理员", "security_admin", "0200"),
    ("shenji", "审计管理员", "audit_admin", "0200"),
)
