"""The watch: nothing is debited any more by what was cancelled (requirements E1.4, E2; R13)."""
