"""Bank statements: lines as the bank wrote them, each kept once."""
