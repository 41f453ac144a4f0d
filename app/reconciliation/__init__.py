"""Reconciliation: which bank lines are which of our items, why, and how sure (E1.2, anchors 4, 12)."""
