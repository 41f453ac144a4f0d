"""对账 in the window."""
