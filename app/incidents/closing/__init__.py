"""归档: 复盘, the report, and the package that an auditor can verify."""
