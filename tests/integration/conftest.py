"""Integration tests use the fixtures of tests/support: `database`, `founded`, `people` and others
run each test on SQLite and on a real PostgreSQL server.
"""
