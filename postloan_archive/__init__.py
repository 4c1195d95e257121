"""贷后档案: the system of record for a loan file after disbursement."""

__version__ = "0.1.0"
