"""Evidence in the window: added, pasted, dropped, captured, looked at."""
