"""Where in an incident one wants to go, for pages that do not load its own."""

from typing import Final

# After an incident's number: go to what it waits for and to 通报.
FOLLOW: Final = "#follow"
