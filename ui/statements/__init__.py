"""Bank statements: bringing them in, saying what their columns are, taking them back."""
