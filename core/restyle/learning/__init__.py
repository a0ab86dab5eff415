"""What learns while a person waits."""
