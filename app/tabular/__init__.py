"""Reads the tables that clerks have: text, workbooks, and web pages in disguise."""

from app.tabular.model import Kind, Limits, Row, Source, Table
from app.tabular.reader import iter_rows, open_table, read_table

__all__ = ["Kind", "Limits", "Row", "Source", "Table", "iter_rows", "open_table", "read_table"]
