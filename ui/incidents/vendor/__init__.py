"""联系供应商: its panel, the log, the codes, the ticket, the package."""
