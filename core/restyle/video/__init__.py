"""Videos: read, worked on frame by frame, and written with all else that was in them. It needs the extra `video`."""
