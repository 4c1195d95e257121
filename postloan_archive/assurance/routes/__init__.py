"""审计 › 抽样、证据链、访问异常、完整性; 四性检测; 导出、导入案卷; 修复文件."""

from postloan_archive.assurance.routes import auditing, leaving, moving, properties, sealed
from postloan_archive.assurance.routes.blueprint import bp

__all__ = ["auditing", "bp", "leaving", "moving", "properties", "sealed"]
