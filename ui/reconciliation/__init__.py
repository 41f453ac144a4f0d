"""The pages about bank statements and our books."""
