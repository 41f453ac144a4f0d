"""The company's own 银行存款日记账: read, taken in, undone."""
