"""预案: step lists bound to causes, 应急预案 documents, and 演练."""
