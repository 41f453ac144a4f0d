"""联系供应商: the program's log, what codes mean, the support ticket, the diagnostic package."""
