"""库房 › 鉴定销毁、保留事项、保管期限, and the tab 保管 of a loan file."""

from postloan_archive.retention.routes import appraisal, holding, listing
from postloan_archive.retention.routes.blueprint import bp

__all__ = ["appraisal", "bp", "holding", "listing"]
