"""What a filter is, asks for and promises, and what travels between its users and it: values only, no PyTorch."""
