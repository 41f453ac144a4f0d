"""五步处置: the page on which one incident is dealt with."""
