"""Statistics, backlog and similar incidents in the window."""
