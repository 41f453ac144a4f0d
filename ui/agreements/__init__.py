"""自动扣款: the windows of debit agreements."""
