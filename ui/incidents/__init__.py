"""What is inspected and what went wrong."""
