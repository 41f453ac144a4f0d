"""证据: files, screenshots and mails of an incident, kept under their hashes."""
