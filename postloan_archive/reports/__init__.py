"""Reports: the same filter, a page with its chart, a workbook, a Word paper, a frozen copy."""
