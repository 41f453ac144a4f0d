"""函件: every letter on its way, its wording, and the mail that carries it."""
