"""What networks see in a picture, and what is measured with it."""
