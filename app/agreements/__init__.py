"""Debit agreements (自动扣款协议): what may be debited from us, and how it is made to stop."""
